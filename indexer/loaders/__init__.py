"""Loaders: articles from files of every supported format."""
