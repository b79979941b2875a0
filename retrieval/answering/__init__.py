"""Quotes and citations."""

__all__ = ["answers", "candidates", "citations", "features", "marks", "parties", "quotes"]
