"""Removal of boilerplate from the text of an article."""
