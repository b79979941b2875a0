"""Who helps with a build? Processes of its own, so that every core works.

In: functions of modules and what they are called with. Out: what they return, in the order in which
they were asked for. A helper is a fresh interpreter that knows only this package: it never runs the
program that builds a second time, as a pool of the standard library would, and it ends with the
pipe to it, however the build ends. Where none can be started, everything is done here.
"""

import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from indexer.closing import Closing
from indexer.cores import cores
from indexer.encoder_process import child_environment
from indexer.errors import WorkerError
from indexer.worker_process import READY

_Context = TypeVar("_Context")
_Result = TypeVar("_Result")

_MODULE = "indexer.worker_process"
# Every helper is a process: libraries in it need not start threads as well.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_WAITING_PER_WORKER = 2
"""So many calls a helper wait for it or for their turn: memory does not grow with the corpus."""


class Workers(Closing):
    """Calls functions in other processes. Use it in a `with` statement, which ends them.

    A process is started with the first call that needs one.

    Args:
        count: how many processes at most; None means one a core, 1 means none beside this one.
    """

    def __init__(self, count: int | None = None) -> None:
        """Start nothing yet."""
        self.count = count or cores()
        self._threads = ThreadPoolExecutor(self.count, "dateline-worker")
        self._idle: SimpleQueue[_Helper | None] = SimpleQueue()
        for _ in range(self.count):
            self._idle.put(None)
        self._helpers: list[_Helper] = []
        self._starting = threading.Lock()
        self._is_over = False
        self._none_can_start = self.count == 1

    def close(self) -> None:
        """End every process at once, and cancel every call that no process has begun."""
        with self._starting:
            self._is_over = True
            for helper in self._helpers:
                helper.end()
        self._threads.shutdown(cancel_futures=True)

    def prepare(self, function: Callable[..., object], *arguments: object) -> None:
        """Start every process now, and have a function called in each, while others work here."""
        if not self._none_can_start:
            for _ in range(self.count):
                self.submit(function, *arguments)  # what it raises, the calls after it raise too

    def work_here(self) -> None:
        """Have this process do everything from now on."""
        self._none_can_start = True

    def submit(self, function: Callable[..., _Result], *arguments: object) -> "Future[_Result]":
        """Have a function of a module called; its arguments and its result are pickled.

        The result raises what the function raises, WorkerError when its process was killed, and
        CancelledError when the helpers were closed first.
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
        if self._none_can_start:
            yield from ((context, function(*arguments)) for context, arguments in jobs)
            return
        waiting: deque[tuple[_Context, Future[_Result]]] = deque()
        for context, arguments in jobs:
            waiting.append((context, self.submit(function, *arguments)))
            if len(waiting) > self.count * _WAITING_PER_WORKER or waiting[0][1].done():
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()

    def _call(self, function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
        helper = self._idle.get()
        try:
            helper = helper or self._start()
            if helper is not None:
                return helper.call(function, arguments)
            # Checked last: a process that `close` has ended looks like one that cannot start.
            if self._is_over:
                raise CancelledError
            return function(*arguments)
        finally:
            self._idle.put(helper)

    def _start(self) -> "_Helper | None":
        with self._starting:
            if self._none_can_start or self._is_over:
                return None
            try:
                helper = _Helper()
            except OSError:
                self._none_can_start = True
                return None
            self._helpers.append(helper)
        if helper.is_ready():
            return helper
        self._none_can_start = True
        return None


class _Helper:
    """One process, and the pipes to it."""

    def __init__(self) -> None:
        # -P: a folder of the user's that is called `indexer` must not be taken for this package.
        command = [sys.executable, "-P", "-m", _MODULE]
        environment = child_environment() | _ONE_THREAD
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def is_ready(self) -> bool:
        """Wait for the process to have started; tell whether it has."""
        try:
            return bool(self._received() == READY)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return False

    def call(self, function: Callable[..., _Result], arguments: tuple[object, ...]) -> _Result:
        """Have a function called and return what it returns, or raise what it raises."""
        packed = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._sent(packed)
            succeeded, value = self._received()
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise _ended(self._process.wait()) from error
        if not succeeded:
            raise value
        result: _Result = value
        return result

    def end(self) -> None:
        """End the process, whatever it does; what it had to say was said."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # a call was being written when the process was ended
                    pipe.close()

    def _sent(self, packed: bytes) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(packed)
            self._process.stdin.flush()

    def _received(self) -> Any:  # noqa: ANN401 - READY, or a pair of success and any result
        if self._process.stdout is None:
            raise EOFError
        return pickle.load(self._process.stdout)  # noqa: S301 - from the process started here


def _ended(code: int) -> WorkerError:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return WorkerError(
        f"a process that helps to build ended ({how}); expected it to work until the build is "
        "over. Memory may have run out: build again, with fewer of them (--threads 1 needs none). "
        "The index that was live is untouched"
    )
