"""Which documents and passages are there? Their text, their metadata, and filters over them.

Reads the SQLite file that `catalog_writer` wrote; nothing is ever changed in it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.connection import CatalogConnections
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

_COUNT_DOCUMENTS = "SELECT count(*) FROM documents"
# Numbers and rows count from 0 without a gap; to count a million of them takes 40 ms.
_LAST_DOCUMENT = "SELECT coalesce(max(number), -1) FROM documents"
_LAST_PASSAGE = "SELECT coalesce(max(row), -1) FROM passages"
_DOC_IDS = "SELECT doc_id FROM documents"
_NUMBERS = "SELECT number FROM documents"

# Fewer than SQLite's smallest default limit of values in one statement.
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
    """Reads a committed catalog. Safe to share between threads.

    Raises:
        IndexFormatError: when the file is not a whole catalog.
    """

    def __init__(self, folder: Path) -> None:
        """Open the catalog of a generation folder, read-only."""
        self._path = folder / CATALOG_FILE
        try:
            self._connections = CatalogConnections(self._path)
        except sqlite3.Error as error:
            raise _damaged(self._path, error) from error
        self.documents = int(self._rows(_LAST_DOCUMENT)[0][0]) + 1
        self.count = int(self._rows(_LAST_PASSAGE)[0][0]) + 1

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; further calls fail."""
        self._connections.close()

    def document(self, doc_id: str) -> Document:
        """Return one document with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        rows = self._rows(f"{_DOCUMENT} WHERE d.doc_id = ?", (doc_id,))
        for row in rows:
            return self._parsed(document_of, row)
        raise KeyError(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return what cleaning kept and removed of a document.

        Raises:
            KeyError: for an unknown doc_id.
        """
        for (regions,) in self._rows("SELECT regions FROM documents WHERE doc_id = ?", (doc_id,)):
            return self._parsed(regions_of, regions)
        raise KeyError(doc_id)

    def files(self) -> list[SourceFile]:
        """Return every file as it was at build time, those without a document included, by path."""
        rows = self._rows("SELECT path, size, mtime_ns, sha256 FROM files ORDER BY path")
        return [SourceFile(*row) for row in rows]

    def skipped(self) -> list[Skip]:
        """Return what is no document, and why, by path."""
        query = "SELECT path, reason, detail FROM skipped ORDER BY path, reason, detail"
        return [Skip(*row) for row in self._rows(query)]

    def recurring_lines(self) -> RecurringLines:
        """Return the lines that were learned of each outlet."""
        query = "SELECT outlet, line, documents, at_edge FROM recurring_lines"
        return RecurringLines(
            (outlet, RecurringLine(line, documents, bool(at_edge)))
            for outlet, line, documents, at_edge in self._rows(query)
        )

    def doc_ids(self) -> list[str]:
        """Return every doc_id, sorted."""
        return [doc_id for (doc_id,) in self._rows(f"{_DOC_IDS} ORDER BY doc_id")]

    def doc_ids_of(self, name: str) -> list[str]:
        """Return the documents whose id starts with `name` or whose path equals it, sorted."""
        query = "SELECT doc_id FROM documents WHERE substr(doc_id, 1, ?) = ? OR path = ? ORDER BY 1"
        # A command line may hold bytes that are no text, which SQLite refuses; no name has them.
        name = name.encode(errors="replace").decode()
        return [doc_id for (doc_id,) in self._rows(query, (len(name), name, name))]

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        """Return passages by id, in the order asked for.

        Raises:
            KeyError: for an unknown passage_id.
        """
        rows = self._at_once(_PASSAGE, f"{_OF_PASSAGES} WHERE p.passage_id IN", passage_ids)
        found = {row[0]: self._parsed(passage_of, row) for row in rows}
        return [found[passage_id] for passage_id in passage_ids]

    def all_passages(self) -> Iterator[StoredPassage]:
        """Yield every passage in row order, a few at a time."""
        for first in range(0, self.count, _ROWS_AT_ONCE):
            limits = (first, first + _ROWS_AT_ONCE)
            for row in self._rows(
                f"SELECT {_PASSAGE} {_OF_PASSAGES} WHERE p.row >= ? AND p.row < ? ORDER BY p.row",
                limits,
            ):
                yield self._parsed(passage_of, row)

    def passage_texts(self) -> Iterator[str]:
        """Yield the text of every passage in row order, a few at a time."""
        query = "SELECT text FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        for first in range(0, self.count, _ROWS_AT_ONCE):
            for (text,) in self._rows(query, (first, first + _ROWS_AT_ONCE)):
                yield self._parsed(text_of, text)

    def headline_rows(self) -> NDArray[np.int64]:
        """Return the rows of headlines, ascending."""
        rows = self._rows("SELECT row FROM passages WHERE kind = 'headline' ORDER BY row")
        return np.array([row for (row,) in rows], dtype=np.int64)

    def article_texts(self) -> Iterator[str]:
        """Yield what is searched of each document, in the order of their numbers, a few at once."""
        query = (
            "SELECT d.number, p.text FROM documents d LEFT JOIN passages p USING (doc_id) "
            "WHERE d.number >= ? AND d.number < ? ORDER BY d.number, p.start"
        )
        for first in range(0, self.documents, _ARTICLES_AT_ONCE):
            found = self._rows(query, (first, first + _ARTICLES_AT_ONCE))
            for _, rows in groupby(found, key=lambda row: row[0]):
                yield "\n".join(self._parsed(text_of, text) for _, text in rows if text is not None)

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        """Return the passages of a document by start; none for an unknown one."""
        query = f"SELECT {_PASSAGE} {_OF_PASSAGES} WHERE p.doc_id = ? ORDER BY p.start"
        return [self._parsed(passage_of, row) for row in self._rows(query, (doc_id,))]

    def sentences(self, doc_id: str) -> list[str]:
        """Return the kept text of a document, sentence by sentence; none for an unknown one."""
        return [
            found.text[span.start - found.passage.start : span.end - found.passage.start]
            for found in self.passages_of(doc_id)
            for span in found.passage.sentences
        ]

    def signatures(self) -> Iterator[tuple[str, str | None, Signature]]:
        """Yield doc_id, date and signature of each document by number, a few at a time."""
        query = (
            "SELECT doc_id, d.published, m.text_key, m.signature "
            "FROM documents d JOIN made_from m USING (doc_id) "
            "WHERE d.number >= ? AND d.number < ? ORDER BY d.number"
        )
        for first in range(0, self.documents, _ROWS_AT_ONCE):
            for doc_id, published, *signature in self._rows(query, (first, first + _ROWS_AT_ONCE)):
                yield doc_id, published, Signature(*signature)

    def file_texts(self, doc_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the file and the text of documents, in any order."""
        yield from self._in_batches("SELECT file, text FROM documents WHERE doc_id IN", doc_ids)

    def copies_of(self, doc_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
        """Return the other articles with the same story, of each that has any, earliest first.

        Unknown dates come last.
        """
        found: dict[str, list[Copy]] = {}
        for doc_id, *copy in self._at_once(_COPY, _OF_COPIES, doc_ids):
            found.setdefault(doc_id, []).append(Copy(*copy))
        return {
            doc_id: tuple(sorted(copies, key=lambda copy: copy_rank(copy.doc_id, copy.published)))
            for doc_id, copies in found.items()
        }

    def documents_allowed(self, restriction: Restriction) -> NDArray[np.bool_] | None:
        """Return which documents the filters by metadata allow, by number; None means all."""
        where, values = conditions(restriction)
        if not where:
            return None
        allowed = np.zeros(self.documents, dtype=np.bool_)
        found = self._rows(f"{_NUMBERS} WHERE {where}", values)
        allowed[[number for (number,) in found]] = True
        return allowed

    def count_unknown(self, restriction: Restriction) -> Unknown:
        """Return how many documents a filter leaves out because what it asks for is unknown."""
        counts = counts_of_unknown(restriction)
        return Unknown(
            **{
                name: int(self._rows(f"{_COUNT_DOCUMENTS} WHERE {where}", values)[0][0])
                for name, (where, values) in counts.items()
            }
        )

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds, for modules that own other tables of the file."""
        return self._rows(query, values)

    def _in_batches(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """Run a query that ends in IN over any number of values."""
        for first in range(0, len(values), _MAX_VALUES):
            batch = values[first : first + _MAX_VALUES]
            yield from self._rows(f"{query} ({','.join('?' * len(batch))})", batch)

    def _at_once(self, columns: str, rest: str, values: Sequence[object]) -> Iterator[list[Any]]:
        """Yield what `in_batches` does, without blobs, a batch as one value of JSON.

        Between two rows the interpreter's lock changes hands: four threads that each fetched ten
        passages row by row took 20 times as long as one, and 3 times in this way.
        """
        query = f"SELECT json_group_array(json_array({columns})) {rest}"
        for (rows,) in self._in_batches(query, values):
            yield from json.loads(rows)

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._connections.one() as connection:
                return connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _damaged(self._path, error) from error

    def _parsed(self, parse: Callable[..., _Parsed], *stored: object) -> _Parsed:
        """Return what stored values mean; SQLite does not notice that one of them has changed."""
        try:
            return parse(*stored)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _damaged(self._path, error) from error


def _damaged(path: Path, error: Exception) -> IndexFormatError:
    return damaged_index(path.parent.parent, f"the catalog {path} cannot be read ({error})")
