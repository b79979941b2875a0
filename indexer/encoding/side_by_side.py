"""How is one thing after another computed on several threads, each ready to be stopped?"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def side_by_side(
    items: Iterable[_Item],
    compute: Callable[[_Item], _Result],
    threads: int,
    within: Callable[[], AbstractContextManager[object]],
) -> Iterator[tuple[_Item, _Result]]:
    """Yield each item with what becomes of it, in the order in which they are finished.

    When the caller stops early, by an error or by Ctrl-C, each thread ends behind its item.

    Args:
        items: taken one by one, as threads become free.
        compute: what is done with each; it should give up the interpreter's lock.
        threads: how many work.
        within: makes the context in which each thread works.

    Raises:
        Exception: what `compute` raised, or taking an item.
    """
    work = _Work(items, compute, within)
    workers = [threading.Thread(target=work.run, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield from work.results(threads)
    finally:
        work.is_over.set()
        for worker in workers:
            worker.join()


class _Work(Generic[_Item, _Result]):
    """What the threads share."""

    def __init__(
        self,
        items: Iterable[_Item],
        compute: Callable[[_Item], _Result],
        within: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self.is_over = threading.Event()
        self._waiting = iter(items)
        self._taking = threading.Lock()
        self._compute = compute
        self._within = within
        # None stands for the end of a thread.
        self._finished: SimpleQueue[tuple[_Item, _Result] | BaseException | None] = SimpleQueue()

    def run(self) -> None:
        """Compute what waits, in one thread."""
        try:
            with self._within():
                for item in self._taken():
                    self._finished.put((item, self._compute(item)))
        except BaseException as error:  # noqa: BLE001 - raised again where the results are awaited
            self._finished.put(error)
        finally:
            self._finished.put(None)

    def results(self, threads: int) -> Iterator[tuple[_Item, _Result]]:
        """Yield what is finished, until all threads have ended."""
        while threads:
            found = self._finished.get()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                threads -= 1
            else:
                yield found

    def _taken(self) -> Iterator[_Item]:
        """Yield items that no other thread has taken."""
        while not self.is_over.is_set():
            with self._taking:
                try:
                    item = next(self._waiting)
                except StopIteration:
                    return
            yield item
