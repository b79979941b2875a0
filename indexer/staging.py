"""Where do articles wait until all are read? On disk, so that memory does not grow with the corpus.

In: articles in any order. Out: the same in the order of their doc_id, in which a catalog is
written. The file lies beside the catalog and is removed when that is done.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.documents import NO_METADATA, Metadata, doc_id_of
from indexer.errors import write_failure
from indexer.metadata_json import from_json, to_json

STAGING_FILE = "staging.sqlite"

_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
CREATE TABLE articles (
    doc_id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    file TEXT NOT NULL,
    encoding TEXT NOT NULL,
    text TEXT NOT NULL,
    given TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StagedArticle:
    """An article that was read: `path` is its own, `file` that of its file."""

    path: str
    file: str
    encoding: str
    text: str = field(repr=False)
    given: Metadata = NO_METADATA


class Staging:
    """Holds the articles of one build. Use it in a `with` statement, which removes the file.

    Args:
        folder: where the file is made.

    Raises:
        IndexWriteError: when it cannot be made; so do all methods when it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        """Make the file."""
        self._path = folder / STAGING_FILE
        self.count = 0
        try:
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.executescript(_SCHEMA)
            self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            raise write_failure(self._path, error) from error

    def __enter__(self) -> Self:
        """Return the staging itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def add(self, article: StagedArticle) -> bool:
        """Keep an article; return False when another has its path already."""
        row = (
            doc_id_of(article.path),
            article.path,
            article.file,
            article.encoding,
            article.text,
            to_json(article.given),
        )
        added = self._execute("INSERT OR IGNORE INTO articles VALUES (?,?,?,?,?,?)", row).rowcount
        self.count += added
        return added == 1

    def has_text(self, path: str, text: str) -> bool:
        """Tell whether the article at a path has exactly this text."""
        query = "SELECT text = ? FROM articles WHERE doc_id = ?"
        found = self._execute(query, (text, doc_id_of(path))).fetchone()
        return bool(found and found[0])

    def discard(self, file: str) -> None:
        """Forget every article of a file."""
        self.count -= self._execute("DELETE FROM articles WHERE file = ?", (file,)).rowcount

    def doc_ids(self) -> Iterator[str]:
        """Yield every doc_id, sorted."""
        for (doc_id,) in self._execute("SELECT doc_id FROM articles ORDER BY doc_id"):
            yield doc_id

    def text(self, doc_id: str) -> str:
        """Return the text of an article.

        Raises:
            KeyError: for an unknown doc_id.
        """
        query = "SELECT text FROM articles WHERE doc_id = ?"
        for (text,) in self._execute(query, (doc_id,)):
            return str(text)
        raise KeyError(doc_id)

    def articles(self) -> Iterator[StagedArticle]:
        """Yield every article in the order of doc_id."""
        query = "SELECT path, file, encoding, text, given FROM articles ORDER BY doc_id"
        for path, file, encoding, text, given in self._execute(query):
            yield StagedArticle(path, file, encoding, text, from_json(given))

    def _execute(self, query: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(query, values)
        except sqlite3.Error as error:
            raise write_failure(self._path, error) from error
