"""Turn a folder of articles into a searchable index on disk."""

__version__ = "0.1.0"

__all__ = ["__version__"]
