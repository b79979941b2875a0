"""Quotations of a draft, looked up in the whole archive."""

__all__ = ["check", "formats", "quotations", "reading", "report", "words"]
