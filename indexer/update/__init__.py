"""Keeping an index current with its articles."""
