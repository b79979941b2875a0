"""Writing of a catalog: documents and passages into one SQLite file, once.

Rows count passages from 0 in the order of (doc_id, start), in the vectors and BM25 index too.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path

from indexer.catalog.rows import EntryRows
from indexer.catalog.schema import CATALOG_FILE, SCHEMA, read_only_uri
from indexer.corpus.scan import Skip
from indexer.documents import SourceFile
from indexer.errors import write_failure
from indexer.recurring.lines import RecurringLine

_INSERT_AUTHOR = "INSERT INTO authors VALUES (?,?)"
_INSERT_FILE = "INSERT OR IGNORE INTO files VALUES (?,?,?,?)"
_DOCUMENT = (
    "doc_id, path, file, encoding, text, title, source, source_key, published, first_day, "
    "last_day, language, metadata, regions"
)
_INSERT_DOCUMENT = f"INSERT INTO documents (number, {_DOCUMENT}) VALUES ({','.join('?' * 15)})"
_INSERT_PASSAGE = "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)"
_INSERT_MADE_FROM = "INSERT INTO made_from VALUES (?,?,?,?,?,?,?,?,?)"

_REUSE_DOCUMENT = (
    f"INSERT INTO documents (number, {_DOCUMENT}) "
    f"SELECT ?, {_DOCUMENT} FROM live.documents WHERE doc_id = ?"
)
_REUSE_PASSAGES = """
INSERT INTO passages
SELECT ? + row_number() OVER (ORDER BY start) - 1, passage_id, doc_id, start, end, kind, text,
       sentences
FROM live.passages WHERE doc_id = ? ORDER BY start
"""
_REUSE_AUTHORS = "INSERT INTO authors SELECT * FROM live.authors WHERE doc_id = ? ORDER BY rowid"
_REUSE_MADE_FROM = "INSERT INTO made_from SELECT * FROM live.made_from WHERE doc_id = ?"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Article that was cleaned and split in this build.

    `made_from` are the columns of that table between `doc_id` and `text_key`: what the entry
    depends on, so that the next build can tell whether to reuse it.
    """

    doc_id: str
    path: str
    file: SourceFile
    encoding: str
    text: str = field(repr=False)
    rows: EntryRows = field(repr=False)
    made_from: tuple[object, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReusedEntry:
    """Article whose rows are copied from the generation before."""

    doc_id: str
    file: SourceFile


def write_catalog(
    folder: Path,
    entries: Iterable[NewEntry | ReusedEntry],
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
        skipped: what is not a document, and why; read after the last entry.
        files: all files, so that one without a document is not new to each update; those of the
            documents may be missing. Read after the last entry.
        recurring: the recurring lines that were learned, each with its outlet.
        whole_files: paths of the files of which nothing was skipped. Read after the last entry.
        previous: the folder of the generation that reused entries are copied from.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    path = folder / CATALOG_FILE
    try:
        uri = path.absolute().as_uri()
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;" + SCHEMA)
            if previous is not None:
                connection.execute("ATTACH ? AS live", (read_only_uri(previous / CATALOG_FILE),))
            connection.execute("BEGIN")
            counts = _write_entries(connection, entries)
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
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    return counts


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


def write_corrections(folder: Path, corrections: Iterable[tuple[str, str]]) -> None:
    """Add the corrections to a new catalog.

    Args:
        folder: the generation's; no process may have its catalog open.
        corrections: an article and one that it corrects, each pair once.

    Raises:
        IndexWriteError: when the catalog cannot be written.
    """
    with _changing(folder) as connection:
        connection.executemany("INSERT INTO corrections VALUES (?,?)", corrections)


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
    connection: sqlite3.Connection, entries: Iterable[NewEntry | ReusedEntry]
) -> tuple[int, int]:
    documents, row = 0, 0
    for entry in entries:
        connection.execute(_INSERT_FILE, astuple(entry.file))
        if isinstance(entry, ReusedEntry):
            row += _reuse(connection, entry, documents, row)
        else:
            row += _write(connection, entry, documents, row)
        documents += 1
    return documents, row


def _reuse(connection: sqlite3.Connection, entry: ReusedEntry, number: int, row: int) -> int:
    connection.execute(_REUSE_DOCUMENT, (number, entry.doc_id))
    connection.execute(_REUSE_AUTHORS, (entry.doc_id,))
    connection.execute(_REUSE_MADE_FROM, (entry.doc_id,))
    return connection.execute(_REUSE_PASSAGES, (row, entry.doc_id)).rowcount


def _write(connection: sqlite3.Connection, entry: NewEntry, number: int, row: int) -> int:
    doc_id, rows = entry.doc_id, entry.rows
    document = (doc_id, entry.path, entry.file.path, entry.encoding, entry.text, *rows.columns)
    connection.execute(_INSERT_DOCUMENT, (number, *document))
    connection.executemany(_INSERT_AUTHOR, ((doc_id, author) for author in rows.authors))
    passages = (
        (each, f"{doc_id}:{start}", doc_id, start, end, kind, entry.text[start:end], sentences)
        for each, (start, end, kind, sentences) in enumerate(rows.passages, row)
    )
    connection.executemany(_INSERT_PASSAGE, passages)
    connection.execute(_INSERT_MADE_FROM, (doc_id, *entry.made_from, *rows.signature))
    return len(rows.passages)
