"""The command line `python -m retrieval`."""

__all__ = ["main", "options"]
