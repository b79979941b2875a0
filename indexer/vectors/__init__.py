"""Vector search with FAISS."""
