"""Vector search with FAISS."""

__all__ = ["index", "ivf", "tuning"]
