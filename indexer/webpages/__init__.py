"""Article text and dates of web pages."""

__all__ = ["extract", "page_dates"]
