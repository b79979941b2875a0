"""Loaders: articles from files of every supported format."""

__all__ = ["decoding", "field_names", "formats", "limits", "named_file", "optional", "protocol"]
