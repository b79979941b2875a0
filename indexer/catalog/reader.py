"""Read access to the documents and passages of a committed catalog."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.connection import ConnectionPool
from indexer.catalog.filters import Unknown, conditions, counts_of_unknown
from indexer.catalog.rows import document_of, passage_of, regions_of, text_of
from indexer.catalog.schema import CATALOG_FILE
from indexer.corpus.scan import Skip
from indexer.dedup.copies import Signature, copy_rank
from indexer.documents import Document, Region, SourceFile
from indexer.errors import IndexFormatError, damaged_index
from indexer.recurring.lines import RecurringLine, RecurringLines
from indexer.store import Copy, Restriction, StoredPassage

_Parsed = TypeVar("_Parsed")

# Numbers and rows count from 0 without a gap; counting a million of them would take 40 ms.
_LAST_DOCUMENT = "SELECT coalesce(max(number), -1) FROM documents"
_LAST_PASSAGE = "SELECT coalesce(max(row), -1) FROM passages"

# Below SQLite's smallest default limit of values in one statement.
_MAX_VALUES = 900

_ROWS_AT_ONCE = 1000
_ARTICLES_AT_ONCE = 100

_DOCUMENT = """
SELECT d.doc_id, d.path, d.encoding, d.text, d.metadata, f.path, f.size, f.mtime_ns, f.sha256
FROM documents d JOIN files f ON f.path = d.file
"""
_PASSAGE = """
p.passage_id, p.doc_id, p.start, p.end, p.kind, p.text, hex(p.sentences),
d.title, d.source, d.published
"""
_OF_PASSAGES = "FROM passages p JOIN documents d USING (doc_id)"
_COPY = "asked.doc_id, d.doc_id, d.source, d.published, d.path"
_OF_COPIES = """
FROM copies asked
JOIN copies other ON other.report = asked.report AND other.doc_id <> asked.doc_id
JOIN documents d ON d.doc_id = other.doc_id
WHERE asked.doc_id IN
"""


class Catalog(AbstractContextManager["Catalog"]):
    """Committed catalog of a generation, opened read-only. Threads may share it.

    Attributes:
        documents: how many documents it holds.
        count: how many passages it holds.

    Raises:
        IndexFormatError: by every method, when the file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        """Open the catalog of a generation folder."""
        self._path = folder / CATALOG_FILE
        try:
            self._pool = ConnectionPool(self._path)
        except sqlite3.Error as error:
            raise _damaged(self._path, error) from error
        self.documents = int(self.rows(_LAST_DOCUMENT)[0][0]) + 1
        self.count = int(self.rows(_LAST_PASSAGE)[0][0]) + 1

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._pool.close()

    def document(self, doc_id: str) -> Document:
        """Return one document with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        for row in self.rows(f"{_DOCUMENT} WHERE d.doc_id = ?", (doc_id,)):
            return self._parsed(document_of, row)
        raise KeyError(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return what cleaning kept and removed of a document.

        Raises:
            KeyError: for an unknown doc_id.
        """
        for (regions,) in self.rows("SELECT regions FROM documents WHERE doc_id = ?", (doc_id,)):
            return self._parsed(regions_of, regions)
        raise KeyError(doc_id)

    def files(self) -> list[SourceFile]:
        """Return every file of the corpus as it was at build time, by path."""
        rows = self.rows("SELECT path, size, mtime_ns, sha256 FROM files ORDER BY path")
        return [SourceFile(*row) for row in rows]

    def skipped(self) -> list[Skip]:
        """Return what was skipped, and why, by path."""
        query = "SELECT path, reason, detail FROM skipped ORDER BY path, reason, detail"
        return [Skip(*row) for row in self.rows(query)]

    def recurring_lines(self) -> RecurringLines:
        """Return the lines that were learned of each outlet."""
        query = "SELECT outlet, line, documents, at_edge FROM recurring_lines"
        return RecurringLines(
            (outlet, RecurringLine(line, documents, bool(at_edge)))
            for outlet, line, documents, at_edge in self.rows(query)
        )

    def doc_ids(self) -> list[str]:
        """Return every doc_id, sorted."""
        return [doc_id for (doc_id,) in self.rows("SELECT doc_id FROM documents ORDER BY doc_id")]

    def doc_ids_of(self, name: str) -> list[str]:
        """Return the documents whose id starts with `name` or whose path equals it, sorted.

        In an archive, `/` may stand for the `#` before a member.
        """
        query = (
            "SELECT doc_id FROM documents WHERE substr(doc_id, 1, ?) = ? OR path = ?"
            " OR replace(path, '#', '/') = ? ORDER BY 1"
        )
        # A command line may hold bytes that are not text, which SQLite refuses; no name has them.
        name = name.encode(errors="replace").decode()
        return [doc_id for (doc_id,) in self.rows(query, (len(name), name, name, name))]

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        """Return passages by id, in the order asked for.

        Raises:
            KeyError: for an unknown passage_id.
        """
        rows = self._as_json(_PASSAGE, f"{_OF_PASSAGES} WHERE p.passage_id IN", passage_ids)
        found = {row[0]: self._parsed(passage_of, row) for row in rows}
        return [found[passage_id] for passage_id in passage_ids]

    def all_passages(self) -> Iterator[StoredPassage]:
        """Yield every passage in row order, a few at a time."""
        query = f"SELECT {_PASSAGE} {_OF_PASSAGES} WHERE p.row >= ? AND p.row < ? ORDER BY p.row"
        for row in self.ranges(query, self.count):
            yield self._parsed(passage_of, row)

    def passage_texts(self) -> Iterator[str]:
        """Yield the text of every passage in row order, a few at a time."""
        query = "SELECT text FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        for (text,) in self.ranges(query, self.count):
            yield self._parsed(text_of, text)

    def headline_rows(self) -> NDArray[np.int64]:
        """Return the rows of headlines, ascending."""
        rows = self.rows("SELECT row FROM passages WHERE kind = 'headline' ORDER BY row")
        return np.array([row for (row,) in rows], dtype=np.int64)

    def article_texts(self) -> Iterator[str]:
        """Yield the text of each document that BM25 searches, by number, a few at a time."""
        query = (
            "SELECT d.number, p.text FROM documents d LEFT JOIN passages p USING (doc_id) "
            "WHERE d.number >= ? AND d.number < ? ORDER BY d.number, p.start"
        )
        found = self.ranges(query, self.documents, _ARTICLES_AT_ONCE)
        for _, rows in groupby(found, key=lambda row: row[0]):
            yield "\n".join(self._parsed(text_of, text) for _, text in rows if text is not None)

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        """Return the passages of a document by start; none for an unknown one."""
        query = f"SELECT {_PASSAGE} {_OF_PASSAGES} WHERE p.doc_id = ? ORDER BY p.start"
        return [self._parsed(passage_of, row) for row in self.rows(query, (doc_id,))]

    def sentences(self, doc_id: str) -> list[str]:
        """Return the sentences of a document that cleaning kept; none for an unknown one."""
        stored = self.passages_of(doc_id)
        return [each.slice(span) for each in stored for span in each.passage.sentences]

    def signatures(self) -> Iterator[tuple[str, str | None, Signature]]:
        """Yield doc_id, date and signature of each document by number, a few at a time."""
        query = (
            "SELECT doc_id, d.published, m.text_key, m.signature "
            "FROM documents d JOIN made_from m USING (doc_id) "
            "WHERE d.number >= ? AND d.number < ? ORDER BY d.number"
        )
        for doc_id, published, *signature in self.ranges(query, self.documents):
            yield doc_id, published, Signature(*signature)

    def file_texts(self, doc_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the file and the text of documents, in any order."""
        yield from self._in_batches("SELECT file, text FROM documents WHERE doc_id IN", doc_ids)

    def copies_of(self, doc_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
        """Return the copies of each document that has any, earliest first, undated ones last."""
        found: dict[str, list[Copy]] = {}
        for doc_id, *copy in self._as_json(_COPY, _OF_COPIES, doc_ids):
            found.setdefault(doc_id, []).append(Copy(*copy))
        return {
            doc_id: tuple(sorted(copies, key=lambda copy: copy_rank(copy.doc_id, copy.published)))
            for doc_id, copies in found.items()
        }

    def documents_allowed(self, restriction: Restriction) -> NDArray[np.bool_] | None:
        """Return a mask of the documents that the metadata filters allow, by number; None: all."""
        where, values = conditions(restriction)
        if not where:
            return None
        found = self.rows(f"SELECT number FROM documents WHERE {where}", values)
        allowed = np.zeros(self.documents, dtype=np.bool_)
        allowed[[number for (number,) in found]] = True
        return allowed

    def count_unknown(self, restriction: Restriction) -> Unknown:
        """Count the documents that a filter hides because the value it asks for is unknown."""
        counts = counts_of_unknown(restriction)
        return Unknown(
            **{
                name: int(self.rows(f"SELECT count(*) FROM documents WHERE {where}", values)[0][0])
                for name, (where, values) in counts.items()
            }
        )

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query, for the modules of this package.

        Raises:
            IndexFormatError: when the file is damaged, or was closed.
        """
        try:
            with self._pool.connection() as connection:
                return connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _damaged(self._path, error) from error

    def ranges(
        self, query: str, count: int, step: int = _ROWS_AT_ONCE
    ) -> Iterator[tuple[Any, ...]]:
        """Run a query with a lower and an upper limit over numbers below `count`, step by step."""
        for first in range(0, count, step):
            yield from self.rows(query, (first, first + step))

    def _in_batches(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """Run a query that ends in IN over any number of values."""
        for first in range(0, len(values), _MAX_VALUES):
            batch = values[first : first + _MAX_VALUES]
            yield from self.rows(f"{query} ({','.join('?' * len(batch))})", batch)

    def _as_json(self, columns: str, rest: str, values: Sequence[object]) -> Iterator[list[Any]]:
        """Run a query that ends in IN, a batch of rows as one JSON value; no blobs.

        SQLite hands over the interpreter's lock after each row: four threads that each fetched ten
        passages row by row took 20 times as long as one, and 3 times in this way.
        """
        query = f"SELECT json_group_array(json_array({columns})) {rest}"
        for (rows,) in self._in_batches(query, values):
            yield from json.loads(rows)

    def _parsed(self, parse: Callable[..., _Parsed], *stored: object) -> _Parsed:
        """Parse stored values; SQLite does not notice that bytes of one have changed."""
        try:
            return parse(*stored)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _damaged(self._path, error) from error


def _damaged(path: Path, error: Exception) -> IndexFormatError:
    return damaged_index(path.parent.parent, f"the catalog {path} cannot be read ({error})")
