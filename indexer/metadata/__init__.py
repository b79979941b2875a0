"""Title, outlet, authors, dates and language of an article."""

__all__ = ["describe", "extract", "language_detection", "sources_list", "told", "values"]
