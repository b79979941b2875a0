"""What do the rows of a catalog mean? Values, or an error where a row is damaged.

Every function raises ValueError, TypeError, KeyError or AttributeError for what it cannot read.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.catalog.metadata_json import from_json
from indexer.documents import Document, Passage, Region, SourceFile, Span
from indexer.store import StoredPassage


def document_of(row: tuple[Any, ...]) -> Document:
    """Return a document; the columns are those of the catalog's query for one."""
    doc_id, path, encoding, text, metadata, *file = row
    return Document(doc_id, path, SourceFile(*file), encoding, text_of(text), from_json(metadata))


def regions_of(stored: str) -> tuple[Region, ...]:
    """Return the regions of a document."""
    return tuple(Region(*region) for region in json.loads(stored))


def text_of(stored: object) -> str:
    """Check what SQLite does not: a column of text may hold any type."""
    if not isinstance(stored, str):
        raise TypeError(f"expected text, found {type(stored).__name__}")
    return stored


def stored_of(row: Sequence[Any]) -> StoredPassage:
    """Return a passage with what is shown of its document."""
    _, doc_id, start, end, kind, text, sentences, title, source, published = row
    offsets = np.frombuffer(bytes.fromhex(sentences), dtype="<u4").reshape(-1, 2)
    spans = tuple(Span(first, last) for first, last in offsets.tolist())
    passage = Passage(doc_id, start, end, kind, spans)
    return StoredPassage(passage, text_of(text), title, source, published)
