"""How is a catalog written? Documents and passages into one SQLite file, once.

Rows of passages count from 0 in the order of (doc_id, start); the row of a passage is also its row
among the vectors and in the BM25 index. `catalog` reads what this writes. What the generation
before has of an unchanged article is copied from its catalog inside SQLite.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path

from indexer.catalog.entry_rows import CatalogEntry, EntryRows, rows_of
from indexer.catalog.schema import CATALOG_FILE, SCHEMA, read_only_uri
from indexer.corpus.scan import Skip
from indexer.documents import SourceFile
from indexer.errors import write_failure
from indexer.recurring.lines import RecurringLine

__all__ = [
    "CATALOG_FILE",
    "CatalogEntry",
    "MadeEntry",
    "TakenEntry",
    "write_catalog",
]

_INSERT_AUTHOR = "INSERT INTO authors VALUES (?,?)"
_INSERT_FILE = "INSERT OR IGNORE INTO files VALUES (?,?,?,?)"
_DOCUMENT = (
    "doc_id, path, file, encoding, text, title, source, source_key, published, first_day, "
    "last_day, language, metadata, regions"
)
_INSERT_DOCUMENT = f"INSERT INTO documents (number, {_DOCUMENT}) VALUES ({','.join('?' * 15)})"
_INSERT_PASSAGE = "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)"
_INSERT_MADE_FROM = "INSERT INTO made_from VALUES (?,?,?,?,?,?,?,?,?)"

_TAKE_DOCUMENT = (
    f"INSERT INTO documents (number, {_DOCUMENT}) "
    f"SELECT ?, {_DOCUMENT} FROM live.documents WHERE doc_id = ?"
)
_TAKE_PASSAGES = """
INSERT INTO passages
SELECT ? + row_number() OVER (ORDER BY start) - 1, passage_id, doc_id, start, end, kind, text,
       sentences
FROM live.passages WHERE doc_id = ? ORDER BY start
"""
_TAKE_AUTHORS = "INSERT INTO authors SELECT * FROM live.authors WHERE doc_id = ? ORDER BY rowid"
_TAKE_MADE_FROM = "INSERT INTO made_from SELECT * FROM live.made_from WHERE doc_id = ?"


@dataclass(frozen=True, slots=True)
class MadeEntry:
    """An article that was made anew: its rows, its text, and what it was made from.

    `made_from` are the columns of that table between `doc_id` and `text_key`.
    """

    doc_id: str
    path: str
    file: SourceFile
    encoding: str
    text: str = field(repr=False)
    rows: EntryRows = field(repr=False)
    made_from: tuple[object, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """An article of which everything is as in the generation before."""

    doc_id: str
    file: SourceFile


def write_catalog(
    folder: Path,
    entries: Iterable[CatalogEntry | MadeEntry | TakenEntry],
    skipped: Sequence[Skip] = (),
    files: Iterable[SourceFile] = (),
    recurring: Iterable[tuple[str, RecurringLine]] = (),
    *,
    whole_files: Iterable[str] = (),
    previous: Path | None = None,
) -> tuple[int, int]:
    """Write a new catalog and return how many documents and passages it holds.

    Args:
        folder: where the file is made; it must not hold a catalog yet.
        entries: in the order of their doc_id; consumed one at a time.
        skipped: what is no document, and why; read after the last entry.
        files: those without a document, so that they do not count as new each time; the files of
            the documents may be among them. Read after the last entry.
        recurring: the lines that outlets print under everything, each with its outlet.
        whole_files: the paths of files of which nothing was left out. Read after the last entry.
        previous: the folder of the generation that the taken entries are of.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    path = folder / CATALOG_FILE
    try:
        connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
        try:
            connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;" + SCHEMA)
            if previous is not None:
                connection.execute("ATTACH ? AS live", (read_only_uri(previous / CATALOG_FILE),))
            connection.execute("BEGIN")
            documents, row = _write_entries(connection, entries)
            connection.executemany(_INSERT_FILE, map(astuple, files))
            connection.executemany("INSERT INTO skipped VALUES (?,?,?)", map(astuple, skipped))
            connection.executemany(
                "INSERT INTO whole_files VALUES (?)", ((path,) for path in whole_files)
            )
            connection.executemany(
                "INSERT INTO recurring_lines VALUES (?,?,?,?)",
                ((outlet, *astuple(line)) for outlet, line in recurring),
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    return documents, row


def write_copies(folder: Path, copies: Mapping[str, str]) -> None:
    """Add the copies to a new catalog.

    Args:
        folder: the generation's; no process may have its catalog open.
        copies: which article represents the story of each article that has copies.

    Raises:
        IndexWriteError: when the catalog cannot be written.
    """
    with _changing(folder) as connection:
        connection.executemany("INSERT INTO copies VALUES (?,?)", sorted(copies.items()))


def update_files(
    folder: Path, before: Mapping[str, SourceFile], now: Mapping[str, SourceFile]
) -> None:
    """Replace the files of a new catalog, both by path; no process may have it open.

    Raises:
        IndexWriteError: when the catalog cannot be written.
    """
    with _changing(folder) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        gone = [(path,) for path in before.keys() - now.keys()]
        connection.executemany("DELETE FROM files WHERE path = ?", gone)
        changed = [astuple(file) for path, file in sorted(now.items()) if before.get(path) != file]
        connection.executemany("INSERT OR REPLACE INTO files VALUES (?,?,?,?)", changed)


@contextmanager
def _changing(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the catalog of a folder for one transaction."""
    path = folder / CATALOG_FILE
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise write_failure(path, error) from error


def _write_entries(
    connection: sqlite3.Connection, entries: Iterable[CatalogEntry | MadeEntry | TakenEntry]
) -> tuple[int, int]:
    documents, row = 0, 0
    for entry in entries:
        file = entry.document.file if isinstance(entry, CatalogEntry) else entry.file
        connection.execute(_INSERT_FILE, astuple(file))
        if isinstance(entry, TakenEntry):
            row += _take(connection, entry.doc_id, documents, row)
        else:
            row += _write_entry(connection, entry, documents, row)
        documents += 1
    return documents, row


def _take(connection: sqlite3.Connection, doc_id: str, number: int, row: int) -> int:
    connection.execute(_TAKE_DOCUMENT, (number, doc_id))
    connection.execute(_TAKE_AUTHORS, (doc_id,))
    connection.execute(_TAKE_MADE_FROM, (doc_id,))
    return connection.execute(_TAKE_PASSAGES, (row, doc_id)).rowcount


def _write_entry(
    connection: sqlite3.Connection, entry: CatalogEntry | MadeEntry, number: int, row: int
) -> int:
    of = entry if isinstance(entry, MadeEntry) else entry.document
    rows = entry.rows if isinstance(entry, MadeEntry) else rows_of(entry)
    document = (number, of.doc_id, of.path, of.file.path, of.encoding, of.text, *rows.columns)
    connection.execute(_INSERT_DOCUMENT, document)
    connection.executemany(_INSERT_AUTHOR, ((of.doc_id, author) for author in rows.authors))
    connection.executemany(
        _INSERT_PASSAGE,
        (
            (
                row + place,
                f"{of.doc_id}:{start}",
                of.doc_id,
                start,
                end,
                kind,
                of.text[start:end],
                sentences,
            )
            for place, (start, end, kind, sentences) in enumerate(rows.passages)
        ),
    )
    if isinstance(entry, MadeEntry):
        signed = (rows.signed.key, rows.signed.minhash)
        connection.execute(_INSERT_MADE_FROM, (of.doc_id, *entry.made_from, *signed))
    return len(rows.passages)
