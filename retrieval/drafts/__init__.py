"""Quotations of a draft, looked up in the whole archive."""

__all__ = ["check", "html_report", "json_report", "reading", "report"]
