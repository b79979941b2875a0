"""Each thread that asks has a connection to itself, and none outlives the catalog."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from indexer.catalog.connection import ConnectionPool

THREADS = 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE numbers (value)")
        connection.executemany("INSERT INTO numbers VALUES (?)", [(n,) for n in range(100)])
    connection.close()
    return path


def test_threads_that_ask_at_once_have_one_each_and_the_next_ones_take_those(file: Path) -> None:
    connections = ConnectionPool(file)
    all_at_once = Barrier(THREADS)

    def ask(_: int) -> tuple[int, int]:
        with connections.connection() as connection:
            all_at_once.wait(timeout=20)
            return id(connection), connection.execute("SELECT sum(value) FROM numbers").fetchone()[
                0
            ]

    with ThreadPoolExecutor(THREADS) as pool:
        first, again = (list(pool.map(ask, range(THREADS))) for _ in range(2))
    assert {total for _, total in first} == {4950}
    assert len({found for found, _ in first}) == THREADS
    assert {found for found, _ in again} == {found for found, _ in first}
    connections.close()


def test_what_is_closed_refuses(file: Path) -> None:
    connections = ConnectionPool(file)
    with connections.connection() as lent:
        connections.close()
        assert lent.execute("SELECT count(*) FROM numbers").fetchone() == (100,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        lent.execute("SELECT 1")  # closed when it came back
    with pytest.raises(sqlite3.ProgrammingError, match="closed"), connections.connection():
        pass


def test_nothing_can_be_written(file: Path) -> None:
    connections = ConnectionPool(file)
    with (
        connections.connection() as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM numbers")
    connections.close()
