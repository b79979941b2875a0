"""Analysis of a string by itself, without its article."""

__all__ = [
    "analyzer",
    "blocks",
    "bylines",
    "dates",
    "encodings",
    "fences",
    "languages",
    "legacy_encodings",
    "markup",
    "notices",
    "periods",
    "printable",
    "urls",
]
