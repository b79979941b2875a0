"""Conversion between articles and the rows of a catalog, in both directions.

The readers of rows (`document_of`, `regions_of`, `passage_of`, `text_of`, `metadata_of`) raise
ValueError, TypeError, KeyError or AttributeError for a damaged row.
"""

import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Any

import numpy as np

from indexer.dedup.copies import NO_SIGNATURE, Signature
from indexer.documents import Document, Finding, Metadata, Passage, Region, SourceFile, Span
from indexer.store import StoredPassage
from indexer.text.analyzer import readings


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """Document with its regions and passages."""

    document: Document
    regions: tuple[Region, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class EntryRows:
    """Everything that cleaning and splitting put into a catalog for one article, without its text.

    Plain values, because another process may have computed them.

    Attributes:
        columns: those of `documents` from `title` on, without `text`.
        authors: keys of the authors.
        passages: start, end, kind and sentences of each passage.
        signature: what copies of the article are found by.
        folded: the texts of the passages, folded for BM25; None if they were not folded yet.
    """

    columns: tuple[object, ...]
    authors: tuple[str, ...]
    passages: tuple[tuple[int, int, str, bytes], ...]
    signature: Signature = NO_SIGNATURE
    folded: tuple[str, ...] | None = None


def rows_of(
    entry: CatalogEntry,
    signature: Signature = NO_SIGNATURE,
    folded: tuple[str, ...] | None = None,
) -> EntryRows:
    """Return the rows of an article."""
    document = entry.document
    columns = (
        document.title,
        document.source,
        name_key(document.source) if document.source else "",
        document.published,
        *days_of(document.published),
        document.language,
        metadata_json(document.metadata),
        json.dumps([(r.start, r.end, r.kept, r.reason, r.detail) for r in entry.regions]),
    )
    authors = tuple(name_key(author) for author in document.authors)
    return EntryRows(columns, authors, tuple(map(_passage_row, entry.passages)), signature, folded)


def days_of(published: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day that a date of any precision may mean.

    >>> days_of("2023-10-26T20:42"), days_of("2024-02"), days_of(None)
    (('2023-10-26', '2023-10-26'), ('2024-02-01', '2024-02-29'), (None, None))
    """
    if published is None:
        return None, None
    year, month, day = (*published[:10].split("-"), "", "")[:3]
    last_month = month or "12"
    last_day = day or f"{monthrange(int(year), int(last_month))[1]:02d}"
    return f"{year}-{month or '01'}-{day or '01'}", f"{year}-{last_month}-{last_day}"


def name_key(name: str) -> str:
    """Return the folded words of a name, in every spelling, between spaces."""
    return f" {' '.join(word for reading in readings(name) for word in reading)} "


def metadata_json(metadata: Metadata) -> str:
    """Serialize metadata as JSON, every field by its name."""
    # Each field by hand: `asdict` makes deep copies, which takes ten times as long.
    fields = {
        "title": _fields(metadata.title),
        "source": _fields(metadata.source),
        "published": _fields(metadata.published),
        "authors": [_fields(author) for author in metadata.authors],
        "url": _fields(metadata.url),
        "modified": _fields(metadata.modified),
        "language": _fields(metadata.language),
    }
    if metadata.encoding:
        fields["encoding"] = _fields(metadata.encoding)
    return json.dumps(fields, ensure_ascii=False)


def metadata_of(stored: str) -> Metadata:
    """Parse what `metadata_json` returned."""
    fields = json.loads(stored)
    authors = tuple(Finding(**author) for author in fields.pop("authors"))
    found = {name: Finding(**value) for name, value in fields.items() if value}
    return Metadata(**found, authors=authors)


def document_of(row: tuple[Any, ...]) -> Document:
    """Return a document from doc_id, path, encoding, text, metadata and the columns of its file."""
    doc_id, path, encoding, text, metadata, *file = row
    return Document(doc_id, path, SourceFile(*file), encoding, text_of(text), metadata_of(metadata))


def regions_of(stored: str) -> tuple[Region, ...]:
    """Return the regions of a document."""
    return tuple(Region(*region) for region in json.loads(stored))


def text_of(stored: object) -> str:
    """Return a text, checked: a column of text in SQLite may hold any type."""
    if not isinstance(stored, str):
        raise TypeError(f"expected text, found {type(stored).__name__}")
    return stored


def passage_of(row: Sequence[Any]) -> StoredPassage:
    """Return a passage from the columns of the catalog's query for passages."""
    _, doc_id, start, end, kind, text, sentences, title, source, published = row
    offsets = np.frombuffer(bytes.fromhex(sentences), dtype="<u4").reshape(-1, 2)
    spans = tuple(Span(first, last) for first, last in offsets.tolist())
    passage = Passage(doc_id, start, end, kind, spans)
    return StoredPassage(passage, text_of(text), title, source, published)


def _fields(found: Finding | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "value": found.value,
        "found_in": found.found_in,
        "start": found.start,
        "end": found.end,
        "confidence": found.confidence,
    }


def _passage_row(passage: Passage) -> tuple[int, int, str, bytes]:
    offsets = [offset for span in passage.sentences for offset in (span.start, span.end)]
    sentences = pack(f"<{len(offsets)}I", *offsets)
    return passage.start, passage.end, passage.kind, sentences
