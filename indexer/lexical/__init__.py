"""BM25 indexes."""
