"""The catalog: articles and passages in one SQLite file."""

__all__ = [
    "keys",
    "previous",
    "reader",
    "row_map",
    "rows",
    "schema",
    "staging",
    "statistics",
    "vector_checkpoint",
    "writer",
]
