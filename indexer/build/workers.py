"""Worker processes that call functions for a build, so that every core works.

A worker is a fresh interpreter that imports this package alone, never the program that builds, as
a pool of the standard library would. It ends with its pipe, however the build ends.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from queue import SimpleQueue
from typing import BinaryIO, TypeVar, cast

from indexer.cores import cores
from indexer.encoding.export_child import child_environment
from indexer.errors import WorkerError

_Context = TypeVar("_Context")
_Result = TypeVar("_Result")

# Not `-m`: that would import this module a second time, as `__main__`.
_PROGRAM = "from indexer.build.workers import serve; serve()"
_READY = "ready"
_NO_ANSWER = (OSError, EOFError, ValueError, pickle.UnpicklingError)
# A worker is a process: libraries in it need not start threads as well.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# Calls in flight per worker: memory must not grow with the corpus.
_WAITING_PER_WORKER = 2


class Workers(AbstractContextManager["Workers"]):
    """Pool of worker processes, which end with the `with` statement.

    A process starts with the first call that needs one. Where none can start, calls run here.

    Args:
        count: how many processes at most; None means one a core, 1 means none beside this one.
    """

    def __init__(self, count: int | None = None) -> None:
        """Start nothing yet."""
        self.count = count or cores()
        self._threads = ThreadPoolExecutor(self.count, "dateline-worker")
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(self.count):
            self._idle.put(None)
        self._workers: list[_Worker] = []
        self._starting = threading.Lock()
        self._is_closed = False
        self._runs_inline = self.count == 1

    def __exit__(self, *error: object) -> None:
        """Kill every process and cancel every call that has not begun."""
        with self._starting:
            self._is_closed = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)

    def warm_up(self, function: Callable[..., object], *arguments: object) -> None:
        """Start every process now and call a function in each, without waiting for it."""
        if not self._runs_inline:
            for _ in range(self.count):
                self.submit(function, *arguments)  # what it raises, the calls after it raise too

    def run_inline(self) -> None:
        """Run all further calls in this process."""
        self._runs_inline = True

    def submit(self, function: Callable[..., _Result], *arguments: object) -> "Future[_Result]":
        """Call a function of a module in a worker; arguments and result are pickled.

        The result raises what the function raises, WorkerError when its process was killed, and
        CancelledError when the pool was closed first.
        """
        return self._threads.submit(self._call, function, arguments)

    def ordered(
        self,
        function: Callable[..., _Result],
        jobs: Iterable[tuple[_Context, tuple[object, ...]]],
    ) -> Iterator[tuple[_Context, _Result]]:
        """Yield each context with what the function returns for its arguments, in order.

        Args:
            function: of a module.
            jobs: contexts, which stay here, and arguments; read only a few ahead of the results.
        """
        if self._runs_inline:
            yield from ((context, function(*arguments)) for context, arguments in jobs)
            return
        waiting: deque[tuple[_Context, Future[_Result]]] = deque()
        for context, arguments in jobs:
            waiting.append((context, self.submit(function, *arguments)))
            if len(waiting) > self.count * _WAITING_PER_WORKER or waiting[0][1].done():
                first, future = waiting.popleft()
                yield first, future.result()
        for context, future in waiting:
            yield context, future.result()

    def _call(self, function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
        worker = self._idle.get()
        try:
            worker = worker or self._start()
            if worker is not None:
                return worker.call(function, arguments)
            # Checked last: a process killed by closing looks like one that cannot start.
            if self._is_closed:
                raise CancelledError
            return function(*arguments)
        finally:
            self._idle.put(worker)

    def _start(self) -> "_Worker | None":
        with self._starting:
            if self._runs_inline or self._is_closed:
                return None
            try:
                worker = _Worker()
            except OSError:
                self._runs_inline = True
                return None
            self._workers.append(worker)
        if worker.is_ready():
            return worker
        self._runs_inline = True
        return None


class _Worker:
    """One worker process and the pipes to it."""

    def __init__(self) -> None:
        # -P: a folder of the user's that is called `indexer` must not be taken for this package.
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment() | _ONE_THREAD,
        )
        self._calls = cast("BinaryIO", self._process.stdin)
        self._results = cast("BinaryIO", self._process.stdout)

    def is_ready(self) -> bool:
        """Wait for the process to have started; tell whether it has."""
        try:
            return bool(pickle.load(self._results) == _READY)  # noqa: S301 - from our child
        except _NO_ANSWER:
            return False

    def call(self, function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
        """Call a function in the process and return what it returns, or raise what it raises."""
        packed = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._calls.write(packed)
            self._calls.flush()
            succeeded, value = pickle.load(self._results)  # noqa: S301 - from our child
        except _NO_ANSWER as error:
            raise _ended(self._process.wait()) from error
        if not succeeded:
            raise value
        return cast("_Result", value)

    def kill(self) -> None:
        """Kill the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._calls, self._results):
            with suppress(OSError):  # a call was being written when the process was killed
                pipe.close()


def _ended(code: int) -> WorkerError:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return WorkerError(
        f"A worker process of the build ended ({how}); memory may have run out. Build again with "
        "fewer workers (--threads 1 uses none). The existing index is unchanged"
    )


def serve() -> None:
    """Answer pickled calls on standard input until it ends. This is all that a worker does."""
    # Ctrl-C reaches every process of a terminal; the build decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no result
    try:
        _send(results, _READY)
        while True:
            try:
                function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the build
            except EOFError:
                return
            _send(results, _outcome(function, arguments))
    except BrokenPipeError:
        os._exit(1)  # the build is gone: nobody waits, and nothing may be flushed


def _outcome(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[bool, object]:
    try:
        return True, function(*arguments)
    except BaseException as error:  # noqa: BLE001 - libraries in Rust panic; the build is told
        return False, error if isinstance(error, Exception) else RuntimeError(repr(error))


def _send(results: BinaryIO, value: object) -> None:
    try:
        packed = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - what cannot be pickled is described instead
        packed = pickle.dumps((False, RuntimeError(f"{value!r:.500}: {error}")))
    results.write(packed)
    results.flush()
