"""The command line `dateline`."""

__all__ = ["main"]
