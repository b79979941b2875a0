"""Questions and filters."""
