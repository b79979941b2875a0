"""Questions and filters."""

__all__ = [
    "days",
    "facets",
    "filters",
    "normalise",
    "parse",
    "spelling",
    "unknown_names",
    "wording",
]
