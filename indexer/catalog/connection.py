"""How do several threads read one catalog at once? Each has a connection while it asks.

A connection can serve one thread at a time only, so a single one would make them queue.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.catalog.schema import read_only_uri


class CatalogConnections:
    """Read-only connections to a file that nobody changes; as many as threads ask at once."""

    def __init__(self, path: Path) -> None:
        """Open the first connection.

        Raises:
            sqlite3.Error: when the file cannot be opened.
        """
        self._uri = read_only_uri(path)
        self._closed = False
        # Taking from the end of a list and putting back there need no lock.
        self._idle = [self._open()]

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread uses meanwhile.

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
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def _open(self) -> sqlite3.Connection:
        # It is lent to one thread after another; SQLite is asked to allow that.
        return sqlite3.connect(self._uri, uri=True, check_same_thread=False)
