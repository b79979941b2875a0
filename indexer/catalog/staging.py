"""Temporary SQLite file of all articles that a build has read.

Articles arrive in any order and leave in that of their doc_id, in which a catalog is written;
memory use does not grow with the corpus.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.catalog.keys import content_key
from indexer.catalog.previous import Previous
from indexer.catalog.rows import metadata_json, metadata_of
from indexer.catalog.schema import CATALOG_FILE, read_only_uri
from indexer.documents import NO_METADATA, Metadata, SourceFile, doc_id_of
from indexer.errors import write_failure
from indexer.recurring.outlet_keys import outlet_key

STAGING_FILE = "staging.sqlite"

# Attached: `live`, the catalog of the generation before, and `reused`, the same or, when no entry
# may be reused, an empty database. Without a generation before, both are empty.
_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
CREATE TABLE articles (
    doc_id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    file TEXT NOT NULL,
    encoding TEXT NOT NULL,
    text TEXT NOT NULL,
    given TEXT NOT NULL,
    outlet TEXT NOT NULL,
    read_key BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE lines (
    doc_id TEXT PRIMARY KEY,
    keys BLOB NOT NULL,
    is_one_line INTEGER NOT NULL
) WITHOUT ROWID;
"""
_NOTHING_REUSED = """
CREATE TABLE reused.made_from (
    doc_id TEXT PRIMARY KEY, read_key BLOB, line_keys BLOB, is_one_line INTEGER, entry_key BLOB
)
"""
_REUSE_FILE = """
INSERT OR IGNORE INTO articles
SELECT d.doc_id, d.path, d.file, d.encoding, d.text, m.given, m.outlet, m.read_key
FROM live.documents d JOIN live.made_from m USING (doc_id) WHERE d.file = ?
"""
_IS_WHOLE = """
SELECT count(*) FROM live.files f JOIN live.whole_files USING (path)
WHERE f.path = ? AND f.sha256 = ?
"""
_UNDECLARED = """
SELECT count(*) FROM live.documents d JOIN live.made_from m USING (doc_id)
WHERE d.file = ? AND json_extract(m.given, '$.encoding') IS NOT NULL
"""
_LINE_SOURCES = """
SELECT a.doc_id, a.outlet, m.line_keys, m.is_one_line,
       CASE WHEN m.line_keys IS NULL THEN a.text ELSE '' END
FROM articles a LEFT JOIN reused.made_from m ON m.doc_id = a.doc_id AND m.read_key = a.read_key
ORDER BY a.doc_id
"""
_ENTRIES = """
SELECT a.path, a.file, a.encoding, a.text, a.given, a.outlet, a.read_key,
       l.keys, coalesce(l.is_one_line, 0), m.entry_key
FROM articles a LEFT JOIN lines l USING (doc_id)
LEFT JOIN reused.made_from m ON m.doc_id = a.doc_id AND m.read_key = a.read_key
ORDER BY a.doc_id
"""


@dataclass(frozen=True, slots=True)
class StagedArticle:
    """Article as a loader read it.

    `path` is its own, `file` that of the file it is in; `given` is what the format declares.
    """

    path: str
    file: str
    encoding: str
    text: str = field(repr=False)
    given: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """Keys of an article's lines, and whether most of its text is a single line."""

    keys: bytes = b""
    is_one_line: bool = False


@dataclass(frozen=True, slots=True)
class LineSource:
    """Article whose lines are counted: `lines` if they are known already, else `text`."""

    doc_id: str
    outlet: str
    lines: ArticleLines | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StagedEntry:
    """Staged article with everything that its catalog entry depends on.

    `given` is the JSON of the declared metadata, `read_key` a hash over all that was read of the
    article, `previous_key` the key of its entry in the generation before, if it may be reused.
    """

    article: StagedArticle
    outlet: str
    read_key: bytes
    given: str
    lines: ArticleLines | None
    previous_key: bytes | None


class Staging(AbstractContextManager["Staging"]):
    """Articles of one build. Use it in a `with` statement, which removes the file.

    Args:
        folder: where the file is made.
        previous: the generation whose articles may be reused.

    Raises:
        IndexWriteError: by every method, when the file cannot be written.
    """

    def __init__(self, folder: Path, previous: Previous | None = None) -> None:
        """Create the file."""
        self._path = folder / STAGING_FILE
        self._previous = previous
        self.count = 0
        live = read_only_uri(previous.folder / CATALOG_FILE) if previous else ":memory:"
        reused = live if previous and previous.articles else ":memory:"
        try:
            uri = self._path.absolute().as_uri()
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            self._connection.executescript(_SCHEMA)
            self._connection.execute("ATTACH ? AS live", (live,))
            self._connection.execute("ATTACH ? AS reused", (reused,))
            if reused == ":memory:":
                self._connection.execute(_NOTHING_REUSED)
            self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            raise write_failure(self._path, error) from error

    def __exit__(self, *error: object) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def add(self, article: StagedArticle) -> bool:
        """Stage an article; return False if another has its path already."""
        given = metadata_json(article.given)
        row = (
            doc_id_of(article.path),
            article.path,
            article.file,
            article.encoding,
            article.text,
            given,
            outlet_key(article.path, article.file, article.given),
            content_key(article.path, article.file, article.encoding, given, article.text),
        )
        added = self._execute("INSERT OR IGNORE INTO articles VALUES (?,?,?,?,?,?,?,?)", row)
        self.count += added.rowcount
        return added.rowcount == 1

    def reuse_file(self, path: str, sha256: str) -> int | None:
        """Stage the articles of an unchanged file from the generation before.

        Returns:
            How many there are; None when the file must be read: it is new or changed, part of it
            was skipped then, or an article of another file now has the path of one of these.
        """
        if not (self._previous and self._previous.files):
            return None
        if not self._previous.encoding and self._execute(_UNDECLARED, (path,)).fetchone()[0]:
            return None
        if not self._execute(_IS_WHOLE, (path, sha256)).fetchone()[0]:
            return None
        return self._reuse(path)

    def reuse_unreadable(self, path: str) -> SourceFile | None:
        """Stage what the generation before has of a file that cannot be read now.

        Returns:
            The file as it was then; None when nothing of it is there.
        """
        if not self._previous:
            return None
        query = "SELECT path, size, mtime_ns, sha256 FROM live.files WHERE path = ?"
        row = self._execute(query, (path,)).fetchone()
        return SourceFile(*row) if row and self._reuse(path) else None

    def has_text(self, path: str, text: str) -> bool:
        """Tell whether the article at a path has exactly this text."""
        query = "SELECT text = ? FROM articles WHERE doc_id = ?"
        found = self._execute(query, (text, doc_id_of(path))).fetchone()
        return bool(found and found[0])

    def discard(self, file: str) -> None:
        """Remove every article of a file."""
        self.count -= self._execute("DELETE FROM articles WHERE file = ?", (file,)).rowcount

    def doc_ids(self) -> Iterator[str]:
        """Yield every doc_id, sorted."""
        for (doc_id,) in self._execute("SELECT doc_id FROM articles ORDER BY doc_id"):
            yield doc_id

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, file and text of every article, by doc_id."""
        yield from self._execute("SELECT path, file, text FROM articles ORDER BY doc_id")

    def text(self, doc_id: str) -> str:
        """Return the text of an article.

        Raises:
            KeyError: for an unknown doc_id.
        """
        query = "SELECT text FROM articles WHERE doc_id = ?"
        for (text,) in self._execute(query, (doc_id,)):
            return str(text)
        raise KeyError(doc_id)

    def line_sources(self) -> Iterator[LineSource]:
        """Yield what recurring lines are learned from, by doc_id."""
        for doc_id, outlet, keys, is_one_line, text in self._execute(_LINE_SOURCES):
            yield LineSource(doc_id, outlet, _lines(keys, is_one_line), text)

    def add_lines(self, doc_id: str, lines: ArticleLines) -> None:
        """Stage the lines of an article."""
        row = (doc_id, lines.keys, lines.is_one_line)
        self._execute("INSERT INTO lines VALUES (?,?,?)", row)

    def outlet_texts(self, numbers: Collection[int]) -> Iterator[tuple[int, str, str]]:
        """Yield number, outlet and text of some articles, numbered from 0 by doc_id."""
        wanted = [(n, doc_id) for n, doc_id in enumerate(self.doc_ids()) if n in numbers]
        query = "SELECT outlet, text FROM articles WHERE doc_id = ?"
        for number, doc_id in wanted:
            outlet, text = self._execute(query, (doc_id,)).fetchone()
            yield number, outlet, text

    def entries(self) -> Iterator[StagedEntry]:
        """Yield every article with all that its entry depends on, by doc_id."""
        for row in self._execute(_ENTRIES):
            path, file, encoding, text, given, outlet, read_key, *lines, previous_key = row
            article = StagedArticle(path, file, encoding, text, metadata_of(given))
            yield StagedEntry(article, outlet, read_key, given, _lines(*lines), previous_key)

    def _reuse(self, path: str) -> int | None:
        query = "SELECT count(*) FROM live.documents WHERE file = ?"
        expected = int(self._execute(query, (path,)).fetchone()[0])
        reused = self._execute(_REUSE_FILE, (path,)).rowcount
        self.count += reused
        if reused == expected:
            return reused
        self.discard(path)
        return None

    def _execute(self, query: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(query, values)
        except sqlite3.Error as error:
            raise write_failure(self._path, error) from error


def _lines(keys: bytes | None, is_one_line: int | None) -> ArticleLines | None:
    return None if keys is None else ArticleLines(keys, bool(is_one_line))
