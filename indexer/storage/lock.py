"""Who may write this index? One process at a time; the next one is told who holds the lock."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexLockedError, write_failure

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Hold the writer's lock of an index folder; the system releases it when the process dies.

    Raises:
        IndexLockedError: when another process holds it.
        IndexWriteError: when the lock file cannot be made.
    """
    # On a disk without locks a mere file would stay behind when its writer is killed.
    lock = FileLock(index / LOCK_FILE, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexLockedError(
            f"the index at {index} is being written by {holder_of(index)}. Wait until it has "
            "finished, or stop it, then build again"
        ) from error
    except OSError as error:
        raise write_failure(index / LOCK_FILE, error) from error
    holder = index / HOLDER_FILE
    try:
        _sign(holder)
        try:
            yield
        finally:
            holder.unlink(missing_ok=True)
    finally:
        lock.release()


def _sign(holder: Path) -> None:
    """Write down who holds the lock."""
    found = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        holder.write_text(json.dumps(found), encoding="utf-8")
    except OSError as error:
        raise write_failure(holder, error) from error


def holder_of(index: Path) -> str:
    """Say in words who holds the lock; it may be gone before it could be read."""
    try:
        holder = json.loads((index / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
