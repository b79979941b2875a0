"""What does a helper of the build do? It calls the functions that it is told, one after the other.

In: pickled calls on standard input, from the build that started it. Out: their results, likewise.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

READY = "ready"


def serve(calls: BinaryIO, results: BinaryIO) -> None:
    """Answer calls until there are no more, which is also when the build was killed."""
    _send(results, READY)
    while True:
        try:
            function, arguments = pickle.load(calls)  # noqa: S301 - from the build that started us
        except EOFError:
            return
        _send(results, _called(function, arguments))


def _called(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[bool, object]:
    try:
        return True, function(*arguments)
    except BaseException as error:  # noqa: BLE001 - libraries in Rust panic; the build is told
        return False, error if isinstance(error, Exception) else RuntimeError(repr(error))


def _send(results: BinaryIO, value: object) -> None:
    try:
        packed = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - what cannot be pickled is told of in words
        packed = pickle.dumps((False, RuntimeError(f"{value!r:.500}: {error}")))
    results.write(packed)
    results.flush()


def main() -> None:
    """Serve the process that started this one."""
    # Ctrl-C reaches every process of a terminal; the build decides what becomes of its helpers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no result
    try:
        serve(sys.stdin.buffer, results)
    except BrokenPipeError:
        os._exit(1)  # the build is gone: nobody waits, and nothing may be flushed


if __name__ == "__main__":
    main()
