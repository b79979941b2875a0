"""Article text and dates of web pages."""

__all__ = ["extract", "page_authors", "page_dates", "page_title", "tree"]
