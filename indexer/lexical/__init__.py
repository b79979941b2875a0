"""BM25 indexes."""

__all__ = ["index", "reference", "schema", "writer"]
