"""Pool of the processes that read and clean: every core works, and a bad file ends only one."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from queue import LifoQueue
from typing import TypeVar, cast

from indexer.build.worker import Worker
from indexer.cores import cores
from indexer.corpus.scan import SkippedFileError

_Context = TypeVar("_Context")
_Result = TypeVar("_Result")

# Calls in flight per worker: memory must not grow with the corpus.
_WAITING_PER_WORKER = 2


class Workers(AbstractContextManager["Workers"]):
    """Pool of worker processes, which end with the `with` statement.

    A process starts with the first call that needs one. Where none can start, calls run here.
    What works on articles of strangers belongs into `ordered` or `stream`.

    Args:
        count: how many processes at most; None means one a core.
    """

    def __init__(self, count: int | None = None) -> None:
        """Start nothing yet."""
        self.count = count or cores()
        self._threads = ThreadPoolExecutor(self.count, "dateline-worker")
        # The last one to finish is the next to work, so that one call after another needs one.
        self._idle: LifoQueue[Worker | None] = LifoQueue()
        for _ in range(self.count):
            self._idle.put(None)
        self._workers: list[Worker] = []
        self._starting = threading.Lock()
        self._is_closed = False
        self._runs_inline = False

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

    def keep_one(self) -> None:
        """Make all further calls in one process. No call may be under way."""
        kept = self._idle.get()
        while not self._idle.empty():
            self._idle.get()
        self._idle.put(kept)

    def submit(self, function: Callable[..., _Result], *arguments: object) -> "Future[_Result]":
        """Call a function of a module in a worker; arguments and result are pickled.

        The result raises what the function raises, SkippedFileError when the function used up its
        budget or crashed, WorkerError when its process was killed, and CancelledError when the
        pool was closed first.
        """
        return self._threads.submit(self._call, function, arguments)

    def ordered(
        self,
        function: Callable[..., _Result],
        jobs: Iterable[tuple[_Context, tuple[object, ...]]],
    ) -> Iterator[tuple[_Context, _Result]]:
        """Yield each context with what the function returns for its arguments, in order.

        A call that ends its process is made again for each item of its last argument alone, and
        the result of the item that does it again is the SkippedFileError.

        Args:
            function: of a module; a last argument that is a list gives as many results.
            jobs: contexts, which stay here, and arguments; read only a few ahead of the results.
        """
        if self._runs_inline:
            yield from ((context, function(*arguments)) for context, arguments in jobs)
            return
        waiting: deque[tuple[_Context, Future[_Result]]] = deque()
        for context, arguments in jobs:
            waiting.append(
                (context, self._threads.submit(self._call_or_split, function, arguments))
            )
            if len(waiting) > self.count * _WAITING_PER_WORKER or waiting[0][1].done():
                first, future = waiting.popleft()
                yield first, future.result()
        for context, future in waiting:
            yield context, future.result()

    def stream(
        self, function: Callable[..., Iterator[_Result]], *arguments: object
    ) -> Iterator[_Result]:
        """Yield what a generator function of a module yields in a worker.

        Raises:
            SkippedFileError: when the function used up its budget or crashed.
            WorkerError: when its process was killed.
        """
        worker = self._idle.get()
        try:
            worker = worker or self._start()
            yield from worker.stream(function, arguments) if worker else function(*arguments)
        finally:
            self._put_back(worker)

    def _call_or_split(
        self, function: Callable[..., _Result], arguments: tuple[object, ...]
    ) -> _Result:
        try:
            return self._call(function, arguments)
        except SkippedFileError as skip:
            *shared, items = arguments
            if not isinstance(items, list):
                raise
            if len(items) == 1:
                return cast("_Result", [skip])
        alone = [self._call_or_split(function, (*shared, [item])) for item in items]
        return cast("_Result", [each for found in alone for each in cast("list[object]", found)])

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
            self._put_back(worker)

    def _put_back(self, worker: Worker | None) -> None:
        """Offer a worker for the next call; another starts in place of one that is not done."""
        if worker is not None and not worker.is_done:
            worker.kill()
            worker = None
        self._idle.put(worker)

    def _start(self) -> Worker | None:
        with self._starting:
            if self._runs_inline or self._is_closed:
                return None
            try:
                worker = Worker()
            except OSError:
                self._runs_inline = True
                return None
            self._workers.append(worker)
        if worker.is_ready():
            return worker
        self._runs_inline = True
        return None
