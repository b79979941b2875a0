"""Lock of an index, which one process at a time may write, and how far that process is."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from indexer.errors import IndexLockedError, write_failure
from indexer.progress import Progress

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"

_RECORDED_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Writing:
    """A process that writes an index, as its record says: stage, steps done, and of how many."""

    pid: int
    stage: str = ""
    done: int = 0
    total: int | None = None


class RecordedProgress:
    """Progress that other processes can read, beside the one that it is passed on to."""

    def __init__(self, shown: Progress, index: Path) -> None:
        """Record in an index folder whose writer's lock this process holds."""
        self._shown = shown
        self._holder = index / HOLDER_FILE
        self._since = _now()
        self._name, self._done, self._recorded = "", 0, 0.0
        self._total: int | None = None

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage."""
        self._shown.stage(name, total)
        self._name, self._total, self._done = name, total, 0
        self._record()

    def advance(self, steps: int = 1) -> None:
        """Count steps of the current stage."""
        self._shown.advance(steps)
        self._done += steps
        if time.monotonic() - self._recorded >= _RECORDED_EVERY:
            self._record()

    def close(self) -> None:
        """End the last stage."""
        self._shown.close()

    def _record(self) -> None:
        self._recorded = time.monotonic()
        with suppress(OSError):  # a bar for others is not worth a failed build
            _sign(self._holder, self._since, stage=self._name, done=self._done, total=self._total)


def writing(index: Path) -> Writing | None:
    """Return the process of this machine that writes an index now; None without one."""
    try:
        found = json.loads((index / HOLDER_FILE).read_text(encoding="utf-8"))
        if found["host"] != socket.gethostname():
            return None
        if os.name == "posix":  # on Windows this would end the process
            os.kill(found["pid"], 0)  # no signal: only whether it lives
        return Writing(
            found["pid"], found.get("stage", ""), found.get("done", 0), found.get("total")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None  # nobody, or a record that a killed process left


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
        try:
            _sign(holder, _now())
        except OSError as error:
            raise write_failure(holder, error) from error
        try:
            yield
        finally:
            holder.unlink(missing_ok=True)
    finally:
        lock.release()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _sign(holder: Path, since: str, **progress: Any) -> None:  # noqa: ANN401 - JSON values
    """Record who holds the lock, and how far it is, so that a reader sees all of it or the last.

    Raises:
        OSError: when it cannot be written.
    """
    found = {"host": socket.gethostname(), "pid": os.getpid(), "since": since}
    temporary = holder.with_suffix(".new")
    try:
        temporary.write_text(json.dumps(found | progress), encoding="utf-8")
        temporary.replace(holder)
    finally:
        temporary.unlink(missing_ok=True)


def holder_of(index: Path) -> str:
    """Describe who holds the lock, as far as its record can be read."""
    try:
        holder = json.loads((index / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
