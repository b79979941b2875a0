"""How is a catalog written? Documents and passages into one SQLite file, once.

Rows of passages count from 0 in the order of (doc_id, start); the row of a passage is also its row
among the vectors and in the BM25 index. `catalog` reads what this writes.
"""

import json
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np

from indexer.analyzer import words
from indexer.documents import Document, Passage, Region, SourceFile
from indexer.errors import write_failure
from indexer.loaders import Skip
from indexer.metadata_json import to_json
from indexer.recurring_lines import RecurringLine

CATALOG_FILE = "catalog.sqlite"

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL REFERENCES files (path),
    encoding TEXT NOT NULL,
    title TEXT,
    source TEXT,
    source_key TEXT NOT NULL,
    published TEXT,
    first_day TEXT,
    last_day TEXT,
    language TEXT,
    text TEXT NOT NULL, -- behind what is shown of a hit: to get past it takes reading it
    metadata TEXT NOT NULL,
    regions TEXT NOT NULL
);
CREATE INDEX documents_by_filters ON documents (source_key, language, first_day, last_day, doc_id);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL UNIQUE,
    doc_id TEXT NOT NULL REFERENCES documents (doc_id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    sentences BLOB NOT NULL
);
CREATE TABLE authors (
    doc_id TEXT NOT NULL REFERENCES documents (doc_id),
    key TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE skipped (
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE copies (
    doc_id TEXT PRIMARY KEY REFERENCES documents (doc_id),
    report TEXT NOT NULL REFERENCES documents (doc_id)
) WITHOUT ROWID;
CREATE INDEX copies_of_report ON copies (report);
CREATE TABLE recurring_lines (
    outlet TEXT NOT NULL,
    line TEXT NOT NULL,
    documents INTEGER NOT NULL,
    at_edge INTEGER NOT NULL,
    PRIMARY KEY (outlet, line)
) WITHOUT ROWID;
CREATE INDEX passages_of_document ON passages (doc_id, start);
CREATE INDEX authors_of_document ON authors (doc_id);
"""
_INSERT_AUTHOR = "INSERT INTO authors VALUES (?,?)"
_INSERT_FILE = "INSERT OR IGNORE INTO files VALUES (?,?,?,?)"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One document as the build hands it over: with its regions and passages."""

    document: Document
    regions: tuple[Region, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


def write_catalog(
    folder: Path,
    entries: Iterable[CatalogEntry],
    skipped: Sequence[Skip] = (),
    files: Iterable[SourceFile] = (),
    recurring: Iterable[tuple[str, RecurringLine]] = (),
) -> tuple[int, int]:
    """Write a new catalog and return how many documents and passages it holds.

    Args:
        folder: where the file is made; it must not hold a catalog yet.
        entries: in the order of their doc_id; consumed one at a time.
        skipped: what is no document, and why; read after the last entry.
        files: those without a document, so that they do not count as new each time; the files of
            the documents may be among them. Read after the last entry.
        recurring: the lines that outlets print under everything, each with its outlet.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    path = folder / CATALOG_FILE
    try:
        return _write(path, entries, skipped, files, recurring)
    except sqlite3.Error as error:
        raise write_failure(path, error) from error


def _write(
    path: Path,
    entries: Iterable[CatalogEntry],
    skipped: Sequence[Skip],
    files: Iterable[SourceFile],
    recurring: Iterable[tuple[str, RecurringLine]],
) -> tuple[int, int]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        documents, row = 0, 0
        for entry in entries:
            connection.execute(_INSERT_FILE, astuple(entry.document.file))
            connection.execute(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (documents, *_document_row(entry)),
            )
            connection.executemany(_INSERT_AUTHOR, _author_rows(entry.document))
            text = entry.document.text
            for passage in entry.passages:
                connection.execute(
                    "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)",
                    _passage_row(row, passage, text),
                )
                row += 1
            documents += 1
        connection.executemany(_INSERT_FILE, map(astuple, files))
        connection.executemany("INSERT INTO skipped VALUES (?,?,?)", map(astuple, skipped))
        connection.executemany(
            "INSERT INTO recurring_lines VALUES (?,?,?,?)",
            ((outlet, *astuple(line)) for outlet, line in recurring),
        )
        connection.execute("COMMIT")
    finally:
        connection.close()
    return documents, row


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
    """Return the folded words of a name between spaces, for whole-word comparison."""
    return f" {' '.join(words(name))} "


def _document_row(entry: CatalogEntry) -> tuple[object, ...]:
    document = entry.document
    regions = [astuple(region) for region in entry.regions]
    return (
        document.doc_id,
        document.path,
        document.file.path,
        document.encoding,
        document.title,
        document.source,
        name_key(document.source) if document.source else "",
        document.published,
        *days_of(document.published),
        document.language,
        document.text,
        to_json(document.metadata),
        json.dumps(regions),
    )


def _author_rows(document: Document) -> list[tuple[str, str]]:
    return [(document.doc_id, name_key(author)) for author in document.authors]


def _passage_row(row: int, passage: Passage, text: str) -> tuple[object, ...]:
    offsets = [offset for span in passage.sentences for offset in (span.start, span.end)]
    return (
        row,
        passage.passage_id,
        passage.doc_id,
        passage.start,
        passage.end,
        passage.kind,
        text[passage.start : passage.end],
        np.array(offsets, dtype="<u4").tobytes(),
    )
