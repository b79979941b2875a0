"""Questions and filters."""

__all__ = ["filters", "normalise", "parse", "unknown_names"]
