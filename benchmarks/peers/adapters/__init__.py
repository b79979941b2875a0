"""Adapters, each imported only in the environment of its peer."""
