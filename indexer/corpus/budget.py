"""Budget of processor time and memory for one file or article: a bad one costs only itself.

An error that nobody foresaw is its skip too.

Two timers of the kernel count processor time. The first raises an exception, which also stops a
regular expression; the second, in worker processes, ends the process in which a native library
does not return.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.errors import DatelineError

try:
    import resource
except ImportError:  # Windows has neither these limits nor the timers
    resource = None  # type: ignore[assignment] # a module that is not there

TOO_LONG = "took too long"
TOO_MUCH_MEMORY = "took too much memory"
FAILED = "a library failed on it"

# News articles take 5 to 50 ms, the slowest of 1,500 public test files 3 s.
_SECONDS = 20.0
_SECONDS_PER_MEGABYTE = 2.0
_FILE_SECONDS_PER_MEGABYTE = 10.0
_LARGEST_ARTICLE = 50_000_000
_GRACE = 5.0
_AGAIN = 0.5  # for a library that swallows the exception
_MEMORY = 4_000_000_000
_SHOWN = 200  # characters of an error

_CRASHES = ("SIGSEGV", "SIGBUS", "SIGILL", "SIGTRAP", "SIGFPE")
_Item = TypeVar("_Item")


class _OutOfTime(BaseException):
    """End of the time; no `except Exception` of a library catches it."""


class _Process:
    """Whether this process may be ended when its budget is used up."""

    is_expendable = False


def may_end_this_process() -> None:
    """Let the kernel end this process when it does not obey the first timer."""
    _Process.is_expendable = True


@contextmanager
def within_budget(size: int) -> Iterator[None]:
    """Limit the processor time and the memory of a block.

    Time counts only in the main thread of a process, memory only on Linux.

    Args:
        size: bytes or characters of the file or article that the block works on.

    Raises:
        SkippedFileError: when the block takes too long or too much memory, or a library fails.
    """
    with _limited() as start:
        start(_seconds(size))
        yield


def each_within_budget(items: Iterator[_Item], size: int) -> Iterator[_Item]:
    """Yield items, each made within a budget, and all together within that of their file.

    Args:
        items: makes one item at a time.
        size: bytes of the file that they come from.

    Raises:
        SkippedFileError: when they take too long or too much memory, or a library fails.
    """
    left = _SECONDS + _FILE_SECONDS_PER_MEGABYTE * size / 1e6
    with _limited() as start:
        while True:
            begun = time.process_time()
            start(min(left, _seconds(size)))
            try:
                item = next(items)
            except StopIteration:
                return
            _stop()
            left = max(0.001, left - (time.process_time() - begun))
            yield item


def reason_of_death(code: int) -> SkippedFileError | None:
    """Return what the exit code of a worker process says about the file or article in it.

    Returns:
        The skip; None when something else ended the process.
    """
    ended_by = signal.Signals(-code).name if -code in set(signal.Signals) else ""
    if ended_by in {"SIGVTALRM", "SIGPROF"}:
        return SkippedFileError(TOO_LONG, "a library did not return")
    if ended_by == "SIGABRT":  # as Rust and C++ end without memory
        return SkippedFileError(TOO_MUCH_MEMORY, "a library gave up")
    if ended_by in _CRASHES:
        return SkippedFileError(DAMAGED, f"a library crashed on it ({ended_by})")
    return None


def _seconds(size: int) -> float:
    return _SECONDS + _SECONDS_PER_MEGABYTE * min(size, _LARGEST_ARTICLE) / 1e6


@contextmanager
def _limited() -> Iterator["_Start"]:
    """Limit memory, and yield a function that starts the timers; both end with the block."""
    start = _Start()
    try:
        with _handler(), _memory_limit():
            try:
                yield start
            finally:
                _stop()
    except _OutOfTime as error:
        _stop()  # it may have been raised by a last signal, before the timers stopped
        raise SkippedFileError(TOO_LONG, f"more than {start.seconds:.0f} s") from error
    except MemoryError as error:
        raise SkippedFileError(TOO_MUCH_MEMORY, f"more than {_memory() / 1e9:.1f} GB") from error
    except BaseException as error:
        if not _is_failure(error):
            raise
        raise SkippedFileError(FAILED, f"{type(error).__name__}: {error}"[:_SHOWN]) from error


def _is_failure(error: BaseException) -> bool:
    """Tell whether an error is one that no loader foresaw, or a panic of a library in Rust."""
    if isinstance(error, Exception):
        return not isinstance(error, SkippedFileError | DatelineError)
    return type(error).__name__ == "PanicException"


class _Start:
    """Starter of the timers."""

    seconds = 0.0

    def __call__(self, seconds: float) -> None:
        self.seconds = seconds
        if not _has_timers():
            return
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        if _Process.is_expendable:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds + _GRACE)


def _stop() -> None:
    if _has_timers():
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _has_timers() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def _handler() -> Iterator[None]:
    if not _has_timers():
        yield
        return
    before = signal.signal(signal.SIGPROF, _raise_out_of_time)
    try:
        yield
    finally:
        signal.signal(signal.SIGPROF, before or signal.SIG_DFL)


def _raise_out_of_time(*_: object) -> None:
    raise _OutOfTime


@contextmanager
def _memory_limit() -> Iterator[None]:
    """Limit the address space to what is in use now and a budget."""
    used = _address_space()
    if resource is None or not used:
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    limits = [used + _memory(), *(each for each in (before, hard) if each >= 0)]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def _address_space() -> int:
    """Return the bytes of address space in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as status:  # noqa: PTH123 - three times as fast
            pages = int(status.read().split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _memory() -> int:
    """Return the budget in bytes: half of what the machine has, at most 4 GB."""
    return min(_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)
