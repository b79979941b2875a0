"""Readers: whether a passage answers, and with which words."""
