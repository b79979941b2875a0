"""Readers: whether a passage answers, and with which words."""

__all__ = ["open", "protocol"]
