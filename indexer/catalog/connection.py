"""Pool of read-only connections, since one SQLite connection serves one thread at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.catalog.schema import read_only_uri


class ConnectionPool:
    """Read-only connections to a file that never changes, one for each thread that asks."""

    def __init__(self, path: Path) -> None:
        """Open the first connection.

        Raises:
            sqlite3.Error: when the file cannot be opened.
        """
        self._uri = read_only_uri(path)
        self._closed = False
        # A list used as a stack needs no lock.
        self._idle = [self._open()]

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread.

        Raises:
            sqlite3.ProgrammingError: after `close`.
        """
        if self._closed:
            raise sqlite3.ProgrammingError("it was closed")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._open()
        try:
            yield connection
        finally:
            self._idle.append(connection)
            if self._closed:
                self.close()

    def close(self) -> None:
        """Close every connection; those that are lent when they come back."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _open(self) -> sqlite3.Connection:
        # One thread at a time, but not always the one that opened it.
        return sqlite3.connect(self._uri, uri=True, check_same_thread=False)
