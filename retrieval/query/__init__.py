"""Questions and filters."""

__all__ = ["filters", "parse"]
