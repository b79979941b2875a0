"""Ctrl-C in a command: one line and exit code 130, from its first import on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class _End:
    """Handler that prints a line and ends the process, whatever its threads do."""

    message: str

    def __call__(self, *_: object) -> None:
        with suppress(OSError):
            os.write(2, f"{self.message}\n".encode())
        os._exit(EXIT_INTERRUPTED)


def end_at_ctrl_c(message: str) -> None:
    """Let Ctrl-C end this process at once, with a message.

    As an exception it would be a traceback in the middle of an import, or be lost where a library
    catches it. Where Ctrl-C is ignored, as in the background of a shell, it stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _End(message))


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in a block that cleans up behind itself."""
    handler = signal.getsignal(signal.SIGINT)
    if not isinstance(handler, _End):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def blocked() -> Iterator[None]:
    """Start child processes in which Ctrl-C does nothing; this thread does not see it meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows children decide for themselves
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
