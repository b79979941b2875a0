"""Loaders, one module per family of formats."""
