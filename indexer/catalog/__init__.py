"""The catalog: articles and passages in one SQLite file."""
