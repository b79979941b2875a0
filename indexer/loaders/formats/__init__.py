"""Loaders, one module per family of formats."""

__all__ = ["registry"]
