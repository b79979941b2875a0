"""Removal of boilerplate from the text of an article."""

__all__ = ["cleaner", "single_line", "vocabulary"]
