"""Which documents and passages are there? Their text, their metadata, and filters over them.

One SQLite file a generation, written once. Rows of passages count from 0 in the order of
(doc_id, start); the row of a passage is also its row among the vectors and in the BM25 index.
"""

import json
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.analyzer import words
from indexer.documents import Document, Finding, Metadata, Passage, Region, Span
from indexer.errors import IndexFormatError, write_failure
from indexer.store import Restriction, StoredPassage

CATALOG_FILE = "catalog.sqlite"

_SCHEMA = """
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT,
    source TEXT,
    source_key TEXT NOT NULL,
    published TEXT,
    first_day TEXT,
    last_day TEXT,
    metadata TEXT NOT NULL,
    regions TEXT NOT NULL
) WITHOUT ROWID;
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
CREATE TABLE skipped (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX passages_of_document ON passages (doc_id, start);
"""

_COUNT_DOCUMENTS = "SELECT count(*) FROM documents"
_COUNT_PASSAGES = "SELECT count(*) FROM passages"
_DOC_IDS = "SELECT doc_id FROM documents"
_ROWS_OF_DOCUMENTS = "SELECT row FROM passages JOIN documents USING (doc_id)"

# Fewer than SQLite's smallest default limit of values in one statement.
_MAX_VALUES = 900

_STORED = """
SELECT p.passage_id, p.doc_id, p.start, p.end, p.kind, p.text, p.sentences,
       d.title, d.source, d.published
FROM passages p JOIN documents d USING (doc_id)
"""


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One document as the build hands it over: with its file's state, regions and passages."""

    document: Document
    size: int
    mtime_ns: int
    regions: tuple[Region, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is no document, and why: kept, so that it does not count as new each time."""

    path: str
    size: int
    mtime_ns: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class FileState:
    """The size and time of a file when it was read."""

    path: str
    size: int
    mtime_ns: int


def write_catalog(
    folder: Path, entries: Iterable[CatalogEntry], skipped: Sequence[SkippedFile] = ()
) -> tuple[int, int]:
    """Write a new catalog and return how many documents and passages it holds.

    Args:
        folder: where the file is made; it must not hold a catalog yet.
        entries: in the order of their doc_id; consumed one at a time.
        skipped: read after the last entry, so that it may be filled meanwhile.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    path = folder / CATALOG_FILE
    try:
        return _write(path, entries, skipped)
    except sqlite3.Error as error:
        raise write_failure(path, error) from error


def _write(
    path: Path, entries: Iterable[CatalogEntry], skipped: Sequence[SkippedFile]
) -> tuple[int, int]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        documents, row = 0, 0
        for entry in entries:
            connection.execute(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", _document_row(entry)
            )
            text = entry.document.text
            for passage in entry.passages:
                connection.execute(
                    "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)",
                    _passage_row(row, passage, text),
                )
                row += 1
            documents += 1
        connection.executemany("INSERT INTO skipped VALUES (?,?,?,?,?)", map(astuple, skipped))
        connection.execute("COMMIT")
    finally:
        connection.close()
    return documents, row


class Catalog:
    """Reads a committed catalog. Safe to share between threads.

    Raises:
        IndexFormatError: when the file is not a whole catalog.
    """

    def __init__(self, folder: Path) -> None:
        """Open the catalog of a generation folder, read-only."""
        self._path = folder / CATALOG_FILE
        uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            # SQLite's own mutex makes one connection safe for reading from several threads.
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self.documents = int(self._connection.execute(_COUNT_DOCUMENTS).fetchone()[0])
            self.count = int(self._connection.execute(_COUNT_PASSAGES).fetchone()[0])
        except sqlite3.Error as error:
            raise _damaged(self._path, error) from error

    def __enter__(self) -> Self:
        """Return the catalog itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; further calls fail."""
        self._connection.close()

    def document(self, doc_id: str) -> Document:
        """Return one document with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        rows = self._rows(
            "SELECT doc_id, path, sha256, encoding, text, metadata FROM documents WHERE doc_id = ?",
            (doc_id,),
        )
        for doc_id_, path, sha256, encoding, text, metadata in rows:
            return Document(doc_id_, path, sha256, encoding, text, _metadata(metadata))
        raise KeyError(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return what cleaning kept and removed of a document.

        Raises:
            KeyError: for an unknown doc_id.
        """
        for (regions,) in self._rows("SELECT regions FROM documents WHERE doc_id = ?", (doc_id,)):
            return tuple(Region(*region) for region in json.loads(regions))
        raise KeyError(doc_id)

    def files(self) -> list[FileState]:
        """Return the state of every file at build time, those that were skipped included."""
        rows = self._rows(
            "SELECT path, size, mtime_ns FROM documents "
            "UNION ALL SELECT path, size, mtime_ns FROM skipped"
        )
        return [FileState(*row) for row in rows]

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every document's file, by path."""
        return dict(self._rows("SELECT path, sha256 FROM documents"))

    def skipped(self) -> list[SkippedFile]:
        """Return the files that are no document, by path."""
        query = "SELECT path, size, mtime_ns, reason, detail FROM skipped ORDER BY path"
        return [SkippedFile(*row) for row in self._rows(query)]

    def doc_ids(self) -> list[str]:
        """Return every doc_id, sorted."""
        return [doc_id for (doc_id,) in self._rows(f"{_DOC_IDS} ORDER BY doc_id")]

    def doc_ids_of(self, name: str) -> list[str]:
        """Return the documents whose id starts with `name` or whose path equals it, sorted."""
        query = "SELECT doc_id FROM documents WHERE substr(doc_id, 1, ?) = ? OR path = ? ORDER BY 1"
        # A command line may hold bytes that are no text, which SQLite refuses; no name has them.
        name = name.encode(errors="replace").decode()
        return [doc_id for (doc_id,) in self._rows(query, (len(name), name, name))]

    def passage_ids(self, rows: Sequence[int]) -> list[str]:
        """Return the ids of passages by row, in the order asked for."""
        found = dict(self._in_batches("SELECT row, passage_id FROM passages WHERE row IN", rows))
        return [found[row] for row in rows]

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        """Return passages by id, in the order asked for.

        Raises:
            KeyError: for an unknown passage_id.
        """
        rows = self._in_batches(f"{_STORED} WHERE p.passage_id IN", passage_ids)
        found = {row[0]: _stored(row) for row in rows}
        return [found[passage_id] for passage_id in passage_ids]

    def all_passages(self) -> Iterator[StoredPassage]:
        """Yield every passage in row order."""
        for row in self._rows(f"{_STORED} ORDER BY p.row"):
            yield _stored(row)

    def rows_allowed(self, restriction: Restriction) -> NDArray[np.bool_] | None:
        """Return which rows the source and date limits allow, shape (count,); None means all."""
        conditions, values = _conditions(restriction)
        if restriction.after or restriction.before:
            dated, limits = _date_conditions(restriction)
            conditions.append(f"(({dated}) OR (last_day IS NULL AND {restriction.undated:d}))")
            values += limits
        if not conditions:
            return None
        query = f"{_ROWS_OF_DOCUMENTS} WHERE {' AND '.join(conditions)}"
        allowed = np.zeros(self.count, dtype=np.bool_)
        allowed[[row for (row,) in self._rows(query, values)]] = True
        return allowed

    def count_undated(self, restriction: Restriction) -> int:
        """Return how many documents a date limit leaves out because their date is unknown."""
        if restriction.undated or not (restriction.after or restriction.before):
            return 0
        conditions, values = _conditions(restriction)
        where = " AND ".join([*conditions, "last_day IS NULL"])
        return len(self._rows(f"{_DOC_IDS} WHERE {where}", values))

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _damaged(self._path, error) from error

    def _in_batches(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """Run a query that ends in IN over any number of values."""
        for first in range(0, len(values), _MAX_VALUES):
            batch = values[first : first + _MAX_VALUES]
            yield from self._rows(f"{query} ({','.join('?' * len(batch))})", batch)


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


def source_key(source: str) -> str:
    """Return the folded words of an outlet's name between spaces, for whole-word comparison."""
    return f" {' '.join(words(source))} "


def _conditions(restriction: Restriction) -> tuple[list[str], list[object]]:
    if not restriction.source:
        return [], []
    return ["instr(source_key, ?) > 0"], [source_key(restriction.source)]


def _date_conditions(restriction: Restriction) -> tuple[str, list[object]]:
    limits = [("last_day >= ?", restriction.after), ("first_day <= ?", restriction.before)]
    used = [(condition, day) for condition, day in limits if day]
    return " AND ".join(condition for condition, _ in used), [day for _, day in used]


def _document_row(entry: CatalogEntry) -> tuple[object, ...]:
    document = entry.document
    regions = [astuple(region) for region in entry.regions]
    return (
        document.doc_id,
        document.path,
        document.sha256,
        entry.size,
        entry.mtime_ns,
        document.encoding,
        document.text,
        document.title,
        document.source,
        source_key(document.source) if document.source else "",
        document.published,
        *days_of(document.published),
        json.dumps(asdict(document.metadata), ensure_ascii=False),
        json.dumps(regions),
    )


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


def _stored(row: tuple[Any, ...]) -> StoredPassage:
    _, doc_id, start, end, kind, text, sentences, title, source, published = row
    offsets = np.frombuffer(sentences, dtype="<u4").reshape(-1, 2)
    spans = tuple(Span(first, last) for first, last in offsets.tolist())
    return StoredPassage(Passage(doc_id, start, end, kind, spans), text, title, source, published)


def _metadata(stored: str) -> Metadata:
    fields = json.loads(stored)
    authors = tuple(Finding(**author) for author in fields.pop("authors"))
    found = {name: Finding(**value) for name, value in fields.items() if value}
    return Metadata(**found, authors=authors)


def _damaged(path: Path, error: Exception) -> IndexFormatError:
    return IndexFormatError(
        f"the catalog {path} cannot be read ({error}): the index is damaged. "
        "Rebuild it: python -m indexer build"
    )
