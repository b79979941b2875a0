"""Keeping an index current with its articles."""

__all__ = ["changes", "compact", "update", "watch"]
