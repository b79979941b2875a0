"""The command line `python -m indexer`."""

__all__ = ["main", "options"]
