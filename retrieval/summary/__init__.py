"""Sentences that a language model writes from the quotes of an answer, and their check."""

__all__ = ["client", "summarise", "values"]
