"""Checkpoint of the vectors computed so far, so that a stopped build resumes.

The file lies beside the manifest, holds no text, and is removed by the commit of a generation.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.keys import text_key
from indexer.encoding.encoder import EncoderSpec
from indexer.errors import write_failure
from indexer.store import Embeddings

CHECKPOINT_FILE = "encoded.sqlite"
UNKNOWN = -1
"""Row of a text without a vector."""

_READ_AT_ONCE = 500  # below SQLite's smallest limit of values in a statement

_SCHEMA = """
CREATE TABLE encoder (sha256 TEXT NOT NULL);
CREATE TABLE vectors (
    row INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    vector BLOB NOT NULL,
    checksum INTEGER NOT NULL
);
"""


class VectorCheckpoint(AbstractContextManager["VectorCheckpoint"]):
    """Vectors of one encoder, those of an earlier, stopped build included.

    What was added survives a kill of the process. Use it in a `with` statement.

    Raises:
        IndexWriteError: when the file cannot be written.
    """

    def __init__(self, index: Path, spec: EncoderSpec) -> None:
        """Open the checkpoint of an index; replace one that is damaged or of another encoder."""
        self._path = index / CHECKPOINT_FILE
        self._dimension = spec.dimension
        try:
            try:
                self._connection, self._rows = _open(self._path, spec.sha256)
            except (sqlite3.DatabaseError, ValueError):
                discard_checkpoint(index)
                self._connection, self._rows = _open(self._path, spec.sha256)
        except (sqlite3.Error, OSError) as error:
            raise write_failure(self._path, error) from error

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector."""
        return np.fromiter((self._rows.get(text_key(text), UNKNOWN) for text in texts), np.int64)

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""
        found = np.empty((len(rows), self._dimension), dtype=np.float32)
        for first in range(0, len(rows), _READ_AT_ONCE):
            part = rows[first : first + _READ_AT_ONCE].tolist()
            marks = ",".join("?" * len(part))
            query = f"SELECT row, vector FROM vectors WHERE row IN ({marks})"
            stored = dict(self._connection.execute(query, part).fetchall())
            for at, row in enumerate(part, first):
                found[at] = np.frombuffer(stored[row], dtype="<f4")
        return found

    def add(self, texts: Sequence[str], vectors: Embeddings) -> None:
        """Store the vectors of texts, shape (len(texts), dimension).

        Raises:
            IndexWriteError: when the file cannot be written, for example on a full disk.
        """
        rows = []
        for text, vector in zip(texts, vectors.astype("<f4", copy=False), strict=True):
            key, stored = text_key(text), vector.tobytes()
            rows.append((key, stored, _checksum(key, stored)))
        statement = "INSERT INTO vectors (key, vector, checksum) VALUES (?,?,?)"
        try:
            with self._connection:  # a transaction
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise write_failure(self._path, error) from error


def discard_checkpoint(index: Path) -> None:
    """Remove the checkpoint, if there is one."""
    for path in checkpoint_files(index):
        path.unlink(missing_ok=True)


def checkpoint_files(index: Path) -> tuple[Path, Path]:
    """Return the paths of the checkpoint and of its journal, which may not exist."""
    return index / CHECKPOINT_FILE, index / f"{CHECKPOINT_FILE}-journal"


def _open(path: Path, encoder: str) -> tuple[sqlite3.Connection, dict[bytes, int]]:
    """Open or create the file and return its rows by key.

    Raises:
        ValueError: when a vector is damaged, or of another encoder.
        sqlite3.DatabaseError: when it is not such a file.
    """
    connection = sqlite3.connect(path)
    try:
        # Nothing is synced: a kill loses nothing, and checksums find what a power failure damaged.
        connection.execute("PRAGMA synchronous=OFF")
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            connection.executescript(_SCHEMA)
            connection.execute("INSERT INTO encoder VALUES (?)", (encoder,))
            connection.commit()
        if connection.execute("SELECT sha256 FROM encoder").fetchall() != [(encoder,)]:
            raise ValueError("vectors of another encoder")
        rows: dict[bytes, int] = {}
        for row, key, vector, checksum in connection.execute("SELECT * FROM vectors"):
            if _checksum(key, vector) != checksum:
                raise ValueError(f"vector {row} is damaged")
            rows[key] = row
    except BaseException:
        connection.close()
        raise
    return connection, rows


def _checksum(key: bytes, vector: bytes) -> int:
    return crc32(vector, crc32(key))
