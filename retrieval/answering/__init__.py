"""Quotes and citations."""

__all__ = ["answers", "citations", "marks", "quotes"]
