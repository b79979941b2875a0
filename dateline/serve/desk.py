"""Bounded number of questions: so many answered at a time, so many waiting, the rest refused."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """A question was refused, or given up after too long; it may be asked again later."""


class Desk:
    """Threads that answer questions for an event loop."""

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        """Start no thread yet.

        Args:
            at_once: questions that are answered at the same time.
            waiting: questions that may wait for these.
            seconds: time that a question may wait and be answered in.
        """
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="question")
        self._most = at_once + waiting
        self._seconds = seconds
        self._count = 0
        self._counting = threading.Lock()

    @property
    def count(self) -> int:
        """Number of questions that are answered or wait."""
        return self._count

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call in a thread and return its result.

        A call that nobody waits for any more is dropped if it has not begun; else its thread is
        taken until it ends.

        Raises:
            BusyError: when too many wait, or after too long.
        """
        with self._counting:
            if self._count >= self._most:
                raise BusyError(f"{self._count:,} questions are waiting. Try again later")
            self._count += 1
        submitted = self._threads.submit(call)
        submitted.add_done_callback(self._ended)
        result = asyncio.wrap_future(submitted)
        try:
            await asyncio.wait({result}, timeout=self._seconds)
            if not result.done():
                raise BusyError(f"There was no answer within {self._seconds:g} s. Try again later")
            return result.result()
        finally:
            submitted.cancel()
            result.cancel()

    def close(self) -> None:
        """Drop the calls that have not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ended(self, _: "Future[T]") -> None:
        with self._counting:
            self._count -= 1
