"""Questions and filters."""

__all__ = ["filters", "normalise", "parse", "spelling"]
