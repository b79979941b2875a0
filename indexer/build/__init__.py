"""Building an index: from a corpus to a committed generation."""
