"""Answers as JSON and on the terminal."""

__all__ = ["drafts", "json_output", "terminal"]
