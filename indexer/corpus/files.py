"""Reader of corpus files with a time limit: reads from a stalled network folder never return."""

import errno
import io
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from indexer.corpus.scan import (
    CHANGED,
    TOO_LARGE,
    UNREADABLE,
    VANISHED,
    CorpusFile,
    SkippedFileError,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STALLED = "no answer in time"
READ_ERROR = "reading failed"
TRANSIENT = frozenset({STALLED, READ_ERROR})
"""Reasons that say nothing about the file: a later build may read it."""

FILE_SECONDS = 60.0
"""Time limit of each call; a sleeping disk takes ten seconds to spin up."""

# After this many consecutive timeouts, the other files of the same root are skipped unread.
_MAX_STALLS = 3

# Smaller files are read in one call, because each call to the thread costs 20 µs.
_SMALL_FILE = 4_000_000
_BUFFER = 1_000_000

_TRANSIENT_ERRNOS = frozenset(
    getattr(errno, name)
    for name in (
        "EIO ESTALE ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ENETRESET ECONNRESET "
        "ECONNABORTED ENOTCONN EREMOTEIO"
    ).split()
    if hasattr(errno, name)
)
_Result = TypeVar("_Result")


class FileReader(AbstractContextManager["FileReader"]):
    """Reader that makes every call that may hang in a thread, and abandons it after a time limit.

    Args:
        seconds: time limit of each call.
    """

    def __init__(self, seconds: float = FILE_SECONDS) -> None:
        """Start no thread yet."""
        self._seconds = seconds
        self._thread: _CallThread | None = None
        self._stalled_root = ""
        self._stalls = 0

    def __exit__(self, *error: object) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    @contextmanager
    def open(self, path: Path | None, file: CorpusFile, root: str = "") -> Iterator[BinaryIO]:
        """Open a file for reading, and check on leaving that it still is as it was listed.

        Args:
            path: location of the file.
            file: its entry in the listing.
            root: the corpus root that it belongs to; files of one root stall together.

        Raises:
            SkippedFileError: when the file is unreadable, gone, changed since it was listed, or
                does not answer in time.
        """
        if self._stalls >= _MAX_STALLS and root == self._stalled_root:
            raise SkippedFileError(STALLED, f"nor did {self._stalls} files before it")
        descriptor, content = self._call(lambda: _open(path, file), root)
        raw = _TimedFile(descriptor, lambda call: self._call(call, root))
        stream = io.BufferedReader(raw, _BUFFER) if content is None else io.BytesIO(content)
        try:
            yield cast("BinaryIO", stream)
        finally:
            if not raw.failure:
                status = self._call(lambda: _stat_and_close(descriptor), root)
        if raw.failure:  # a loader may have taken it for the end of a damaged file
            raise raw.failure
        if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
            raise SkippedFileError(CHANGED)
        self._stalls = 0

    def _call(self, call: Callable[[], _Result], root: str) -> _Result:
        thread = self._thread = self._thread or _CallThread()
        try:
            return thread.call(call, self._seconds)
        except queue.Empty as error:
            self._thread = None  # abandoned with the call that hangs
            self._stalls = self._stalls + 1 if root == self._stalled_root else 1
            self._stalled_root = root
            raise SkippedFileError(STALLED, f"{self._seconds:g} s") from error
        except OSError as error:
            reason = READ_ERROR if error.errno in _TRANSIENT_ERRNOS else UNREADABLE
            raise SkippedFileError(reason, error.strerror or "") from error


def check_size(file: CorpusFile, limit: int) -> None:
    """Refuse a file that is larger than the limit, without opening it.

    Raises:
        SkippedFileError: when it is.
    """
    if file.size > limit:
        raise SkippedFileError(TOO_LARGE, f"{file.size:,} bytes, the limit is {limit:,}")


class _TimedFile(io.RawIOBase):
    """File whose reads have a time limit; after the first failure every read fails."""

    def __init__(self, descriptor: int, call: Callable[[Callable[[], bytes]], bytes]) -> None:
        self._descriptor = descriptor
        self._call = call
        self.failure: SkippedFileError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer).cast("B")
        if self.failure:
            raise self.failure
        try:
            found = self._call(lambda: os.read(self._descriptor, len(target)))
        except SkippedFileError as skip:
            self.failure = skip
            raise
        target[: len(found)] = found
        return len(found)


class _CallThread:
    """Daemon thread that makes one call at a time."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="dateline-reader", daemon=True).start()

    def call(self, call: Callable[[], _Result], seconds: float) -> _Result:
        """Make a call and return its result, or raise its exception; queue.Empty on a timeout."""
        self._calls.put(call)
        try:
            succeeded, value = self._results.get(timeout=seconds)
        except queue.Empty:
            self.end()  # once the call returns, if ever
            raise
        if not succeeded:
            raise value
        result: _Result = value
        return result

    def end(self) -> None:
        """End the thread after the calls made so far."""
        self._calls.put(None)

    def _serve(self) -> None:
        while call := self._calls.get():
            try:
                self._results.put((True, call()))
            except Exception as error:  # noqa: BLE001 - raised in the calling thread
                self._results.put((False, error))


def _open(path: Path | None, file: CorpusFile) -> tuple[int, bytes | None]:
    """Open a file and return its descriptor, and for a small file its content."""
    try:
        # A link put in the file's place since the scan must not lead out of the corpus.
        descriptor = os.open(path or "", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError as error:
        raise SkippedFileError(VANISHED) from error
    except PermissionError as error:
        raise SkippedFileError(UNREADABLE) from error
    except OSError as error:
        if error.errno == errno.ELOOP:  # O_NOFOLLOW met a link where the scan had seen a file
            raise SkippedFileError(CHANGED, error.strerror or "") from error
        raise
    if file.size > _SMALL_FILE:
        return descriptor, None
    try:
        return descriptor, b"".join(iter(lambda: os.read(descriptor, _SMALL_FILE), b""))
    except BaseException:
        os.close(descriptor)
        raise


def _stat_and_close(descriptor: int) -> os.stat_result:
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)
