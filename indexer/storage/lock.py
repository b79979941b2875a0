"""Lock of an index, which one process at a time may write."""

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
        IndexWriteError: when the lock file cannot be created.
    """
    # No soft lock: on a disk without locks its file would stay behind when the writer is killed.
    lock = FileLock(index / LOCK_FILE, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexLockedError(
            f"The index {index} is being written by {holder_of(index)}. Wait until it has "
            "finished, or stop it, then try again"
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
    """Record who holds the lock."""
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
    """Describe who holds the lock, as far as its record can be read."""
    try:
        holder = json.loads((index / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
