"""Questions and filters."""

__all__ = ["facets", "filters", "normalise", "parse", "spelling"]
