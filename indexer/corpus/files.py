"""How long is a file waited for? A network folder may stall, and then reading never returns.

In: files as they were listed. Out: streams of them. Every call that may hang is made in a thread of
its own; one that does not return in time is left behind, and the file is skipped.
"""

import errno
import io
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from indexer.corpus.opening import open_descriptor
from indexer.corpus.scan import CorpusFile
from indexer.corpus.skips import CHANGED, UNREADABLE, SkippedFileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STALLED = "no answer in time"
READ_ERROR = "reading failed"
PASSING = frozenset({STALLED, READ_ERROR})
"""Reasons that say nothing about the file: another day it may be read."""

FILE_SECONDS = 60.0
"""So long each call is waited for: a spinning disk that wakes up takes ten seconds."""

# So many files in a row that do not answer, and the others of their root are not asked any more.
_STALLS_IN_A_ROW = 3

# Smaller files are read with one call; it takes a thread 20 µs to be asked.
_READ_AT_ONCE = 4_000_000
_BUFFER = 1_000_000

_PASSING_ERRORS = frozenset(
    getattr(errno, name)
    for name in (
        "EIO ESTALE ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ENETRESET ECONNRESET "
        "ECONNABORTED ENOTCONN EREMOTEIO"
    ).split()
    if hasattr(errno, name)
)
_Answer = TypeVar("_Answer")


class PatientReader(AbstractContextManager["PatientReader"]):
    """Opens files and waits so long for each answer.

    Args:
        seconds: how long.
    """

    def __init__(self, seconds: float = FILE_SECONDS) -> None:
        """Ask nothing yet."""
        self._seconds = seconds
        self._thread: _Asked | None = None
        self._stalled_root = ""
        self._stalls = 0

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    @contextmanager
    def opened(self, place: Path | None, file: CorpusFile, root: str = "") -> Iterator[BinaryIO]:
        """Open a file for reading; in the end it must be as it was listed, all of it one state.

        Args:
            place: where it lies.
            file: what was listed.
            root: the folder of the corpus that it is of; its files stall together.

        Raises:
            SkippedFileError: when it is unreadable, gone, has changed since it was listed, or does
                not answer.
        """
        if self._stalls >= _STALLS_IN_A_ROW and root == self._stalled_root:
            raise SkippedFileError(STALLED, f"nor did {self._stalls} files before it")
        descriptor, content = self._ask(lambda: _opened(place, file), root)
        failed: list[SkippedFileError] = []
        is_open = True
        try:
            if content is not None:
                yield io.BytesIO(content)
            else:
                raw = _Waiting(descriptor, lambda call: self._ask(call, root), failed)
                yield cast("BinaryIO", io.BufferedReader(raw, _BUFFER))
            if failed:  # a loader may have taken it for the end of a damaged file
                raise failed[0]
            is_open = False
            status = self._ask(lambda: _closed(descriptor), root)
        finally:
            if is_open and not failed and self._thread is not None:
                self._ask(lambda: os.close(descriptor), root)
        if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
            raise SkippedFileError(CHANGED)
        self._stalls = 0

    def _ask(self, call: Callable[[], _Answer], root: str) -> _Answer:
        thread = self._thread = self._thread or _Asked()
        try:
            return thread.ask(call, self._seconds)
        except _NoAnswerError as error:
            self._thread = None  # it is left behind, with what it waits for
            self._stalls = self._stalls + 1 if root == self._stalled_root else 1
            self._stalled_root = root
            raise SkippedFileError(STALLED, f"{self._seconds:g} s") from error
        except OSError as error:
            passing = error.errno in _PASSING_ERRORS
            reason = READ_ERROR if passing else UNREADABLE
            raise SkippedFileError(reason, error.strerror or "") from error


class _Waiting(io.RawIOBase):
    """A file of which each piece is waited for; what fails once fails from then on."""

    def __init__(
        self,
        descriptor: int,
        ask: Callable[[Callable[[], bytes]], bytes],
        failed: list[SkippedFileError],
    ) -> None:
        self._descriptor = descriptor
        self._ask = ask
        self._failed = failed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def readinto(self, buffer: "WriteableBuffer") -> int:  # as the base class has it
        place = memoryview(buffer).cast("B")
        if self._failed:
            raise self._failed[0]
        try:
            found = self._ask(lambda: os.read(self._descriptor, len(place)))
        except SkippedFileError as skip:
            self._failed.append(skip)
            raise
        place[: len(found)] = found
        return len(found)


class _NoAnswerError(Exception):
    """A call did not return in time."""


class _Asked:
    """A thread that makes one call after the other."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="dateline-reader", daemon=True).start()

    def ask(self, call: Callable[[], _Answer], seconds: float) -> _Answer:
        """Make a call and return what it returns, or raise what it raises."""
        self._calls.put(call)
        try:
            succeeded, value = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.end()  # once the call returns, if ever
            raise _NoAnswerError from None
        if not succeeded:
            raise value
        answer: _Answer = value
        return answer

    def end(self) -> None:
        """End the thread after the calls that were asked for."""
        self._calls.put(None)

    def _serve(self) -> None:
        while call := self._calls.get():
            try:
                self._answers.put((True, call()))
            except Exception as error:  # noqa: BLE001 - raised where it was asked for
                self._answers.put((False, error))


def _opened(place: Path | None, file: CorpusFile) -> tuple[int, bytes | None]:
    """Open a file and return its descriptor, of a small one with all that it holds."""
    descriptor = open_descriptor(place)
    try:
        return descriptor, _content(descriptor) if file.size <= _READ_AT_ONCE else None
    except BaseException:
        os.close(descriptor)
        raise


def _closed(descriptor: int) -> os.stat_result:
    """Return how a file is in the end, and close it."""
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _content(descriptor: int) -> bytes:
    pieces = []
    while piece := os.read(descriptor, _READ_AT_ONCE):
        pieces.append(piece)
    return b"".join(pieces)
