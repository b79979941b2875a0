"""How does a panic of tantivy end? As an error like any other, told once.

A panic derives from BaseException directly, and Rust prints it on stderr before Python sees it. A
command line tells an error in one line, so there stderr is held back while tantivy is called; a
panic is then left out of it, and everything else is printed behind the call.
"""

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Rust prints the first panic of a process with a note at its end, later ones without.
_PANIC = re.compile(
    rb"(?:^\n)?^thread '[^\n]* panicked at .*?(?:\nnote: [^\n]*RUST_BACKTRACE[^\n]*\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_STDERR = 2


def is_library_failure(error: BaseException) -> bool:
    """Tell a failure of tantivy from a Ctrl-C."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"


def without_panics(printed: bytes) -> bytes:
    r"""Return what was printed on stderr, less what Rust prints of a panic.

    >>> without_panics(b"a\n\nthread 'x' (7) panicked at b.rs:1:2:\nno\nnote: RUST_BACKTRACE\nc\n")
    b'a\nc\n'
    """
    return _PANIC.sub(b"", printed)


class _Stderr:
    """The stderr of this process, which threads hold back together: the last one lets it go."""

    def __init__(self) -> None:
        self.is_held_back = False
        self._lock = threading.Lock()
        self._users = 0
        self._real = self._held = -1

    def hold(self) -> None:
        """Keep what is printed from now on."""
        with self._lock:
            if self._users == 0:
                self._held = _nameless_file()
                self._real = os.dup(_STDERR)
                os.dup2(self._held, _STDERR)
            self._users += 1

    def let_go(self) -> None:
        """Print what was kept, less panics."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            os.dup2(self._real, _STDERR)
            with os.fdopen(self._held, "rb") as held, os.fdopen(self._real, "wb") as real:
                held.seek(0)
                real.write(without_panics(held.read()))


_stderr = _Stderr()


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Leave panics out of stderr while a command runs."""
    before, _stderr.is_held_back = _stderr.is_held_back, True
    try:
        yield
    finally:
        _stderr.is_held_back = before


@contextmanager
def calling_tantivy() -> Iterator[None]:
    """Call tantivy; in a command line its panics are not printed."""
    held = False
    if _stderr.is_held_back:
        with suppress(OSError):  # stderr is closed, or there is no room: then nothing is held back
            _stderr.hold()
            held = True
    try:
        yield
    finally:
        if held:
            _stderr.let_go()


def _nameless_file() -> int:
    """Return a file that needs no disk where the system has such, since the disk may be full."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("stderr")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
