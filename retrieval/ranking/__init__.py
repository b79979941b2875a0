"""Ranking of passages."""

__all__ = ["fusion", "hits", "ranker", "rerank"]
