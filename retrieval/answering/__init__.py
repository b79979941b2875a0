"""Quotes and citations."""
