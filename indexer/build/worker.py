"""Worker process: one that this module starts, and what it does there.

A worker is a fresh interpreter that imports this package alone, never the program that builds, as
a pool of the standard library would. It ends with its pipe, however the build ends.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, TypeVar, cast

from indexer.corpus.budget import may_end_this_process, reason_of_death
from indexer.corpus.scan import SkippedFileError
from indexer.encoding.export_child import child_environment
from indexer.errors import WorkerError
from indexer.interrupts import blocked

_Result = TypeVar("_Result")

# Not `-m`: that would import this module a second time, as `__main__`.
_PROGRAM = "from indexer.build.worker import serve; serve()"
_READY = "ready"
_ITEM, _RESULT, _ERROR = "item", "result", "error"
_NO_ANSWER = (OSError, EOFError, ValueError, pickle.UnpicklingError)
# A worker is a process: libraries in it need not start threads as well.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Worker:
    """One worker process and the pipes to it.

    `is_done` tells whether it has answered its last call.
    """

    def __init__(self) -> None:
        self.is_done = True
        # -P: a folder of the user's that is called `indexer` must not be taken for this package.
        command = [sys.executable, "-P", "-c", _PROGRAM]
        # Ctrl-C reaches every process of a terminal; the build decides what becomes of its workers.
        with blocked():
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment() | _ONE_THREAD,
            )
        self._calls = cast("BinaryIO", self._process.stdin)
        self._results = cast("BinaryIO", self._process.stdout)

    def is_ready(self) -> bool:
        """Wait for the process to have started; tell whether it has."""
        try:
            return self._answer() == (_RESULT, _READY)
        except (WorkerError, SkippedFileError):
            return False

    def call(self, function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
        """Call a function in the process and return what it returns, or raise what it raises."""
        self._ask(function, arguments)
        return cast("_Result", self._answer()[1])

    def stream(
        self, function: Callable[..., Iterator[_Result]], arguments: tuple[object, ...]
    ) -> Iterator[_Result]:
        """Yield what a generator function yields in the process."""
        self._ask(function, arguments)
        while True:
            kind, value = self._answer()
            if kind == _RESULT:
                return
            yield cast("_Result", value)

    def _ask(self, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
        self.is_done = False
        packed = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._calls.write(packed)
            self._calls.flush()
        except _NO_ANSWER as error:
            raise _ended(self._process.wait()) from error

    def _answer(self) -> tuple[str, object]:
        try:
            kind, value = pickle.load(self._results)  # noqa: S301 - from our child
        except _NO_ANSWER as error:
            raise _ended(self._process.wait()) from error
        self.is_done = kind != _ITEM
        if kind == _ERROR:
            raise value
        return kind, value

    def kill(self) -> None:
        """Kill the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._calls, self._results):
            with suppress(OSError):  # a call was being written when the process was killed
                pipe.close()


def _ended(code: int) -> WorkerError | SkippedFileError:
    if skip := reason_of_death(code):
        return skip
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return WorkerError(
        f"A worker process of the build ended ({how}); memory may have run out. Build again with "
        "fewer workers (--threads 1). The existing index is unchanged"
    )


def serve() -> None:
    """Answer pickled calls on standard input until it ends. This is all that a worker does."""
    may_end_this_process()
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no result
    try:
        _send(results, _RESULT, _READY)
        while True:
            try:
                function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the build
            except EOFError:
                return
            for kind, value in _answers(function, arguments):
                _send(results, kind, value)
    except BrokenPipeError:
        os._exit(1)  # the build is gone: nobody waits, and nothing may be flushed


def _answers(
    function: Callable[..., object], arguments: tuple[object, ...]
) -> Iterator[tuple[str, object]]:
    """Yield the items of a generator, then the result or the error."""
    try:
        result = function(*arguments)
        if isinstance(result, Iterator):
            for item in result:
                yield _ITEM, item
            result = None
    except BaseException as error:  # noqa: BLE001 - libraries in Rust panic; the build is told
        yield _ERROR, error if isinstance(error, Exception) else RuntimeError(repr(error))
    else:
        yield _RESULT, result


def _send(results: BinaryIO, kind: str, value: object) -> None:
    try:
        packed = pickle.dumps((kind, value), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - what cannot be pickled is described instead
        packed = pickle.dumps((_ERROR, RuntimeError(f"{value!r:.500}: {error}")))
    results.write(packed)
    results.flush()
