"""Corrections: what an article takes back of another one, and which one that is."""

__all__ = ["links", "notices", "values"]
