"""SQLite FTS5: Porter stems, one external-content table; keywords joined by OR, no threads."""

import sqlite3
from pathlib import Path

from benchmarks.peers.peer import Hits, Mode
from benchmarks.scale.layout import Material, Question

_FILE = "fts.sqlite"
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-256000;
CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE found USING fts5(
    text, content=passages, content_rowid=row, tokenize='porter unicode61'
);
"""
_OPEN = "PRAGMA mmap_size=8000000000; PRAGMA cache_size=-64000;"
_SEARCH = (
    "SELECT p.id, -f.rank FROM (SELECT rowid, rank FROM found WHERE found MATCH ? "
    "ORDER BY rank LIMIT ?) f JOIN passages p ON p.row = f.rowid ORDER BY f.rank"
)


class Fts5:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("bm25",)

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Store and index every passage."""
        del threads
        connection = sqlite3.connect(folder / _FILE)
        connection.executescript(_SCHEMA)
        rows = (
            (row, passage.passage_id, passage.searched)
            for row, passage in enumerate(material.passages())
        )
        connection.executemany("INSERT INTO passages VALUES (?,?,?)", rows)
        connection.execute("INSERT INTO found(found) VALUES ('rebuild')")
        connection.execute("INSERT INTO found(found) VALUES ('optimize')")
        connection.commit()
        connection.close()

    def open(self, folder: Path, threads: int) -> None:
        """Open the file memory-mapped."""
        del threads
        self._connection = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)
        self._connection.executescript(_OPEN)

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        del mode
        words = [f'"{word}"' for word in dict.fromkeys(question.keywords.lower().split())]
        if not words:
            return []
        return [*map(tuple, self._connection.execute(_SEARCH, (" OR ".join(words), k)))]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
