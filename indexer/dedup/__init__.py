"""Detection of copies of one story."""

__all__ = ["copies", "differences", "facts"]
