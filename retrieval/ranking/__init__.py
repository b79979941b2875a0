"""Ranking of passages."""
