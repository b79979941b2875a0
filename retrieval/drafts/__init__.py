"""Quotations of a draft, looked up in the whole archive."""
