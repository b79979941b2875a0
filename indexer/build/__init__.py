"""Building an index: from a corpus to a committed generation."""

__all__ = ["articles", "commit", "generation", "passages", "pipeline", "reading", "reuse"]
