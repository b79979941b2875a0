"""Quotes and citations."""

__all__ = ["answers", "candidates", "citations", "marks", "parties", "quotes"]
