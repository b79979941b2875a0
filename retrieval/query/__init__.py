"""Questions and filters."""

__all__ = ["days", "filters", "normalise", "parse", "wording"]
