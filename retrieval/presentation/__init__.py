"""Answers as JSON and on the terminal."""

__all__ = ["json_output", "terminal"]
