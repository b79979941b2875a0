"""What does every set need to be measured: folders, the reader, how much to read?"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.evaluation.readers import NamedReader
from indexer.progress import Progress

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Work:
    """The circumstances of one run; `limit` is of the questions of each set, None means all."""

    data: Path
    reader: NamedReader
    progress: Progress
    threads: int | None = None
    limit: int | None = None

    def watched(self, name: str, items: Sequence[_Item]) -> Iterator[_Item]:
        """Yield the items and show how far the set is."""
        self.progress.stage(name, len(items))
        yield from _counted(items, self.progress)
        self.progress.close()

    def mapped(
        self, name: str, call: Callable[[_Item], _Found], items: Sequence[_Item]
    ) -> list[_Found]:
        """Return what a call that is safe between threads gives for each item, in their order.

        For calls that use one core each, such as reading a single passage.
        """
        with ThreadPoolExecutor(self.threads or os.cpu_count()) as pool:
            waiting = [pool.submit(call, item) for item in items]
            return [future.result() for future in self.watched(name, waiting)]


def _counted(items: Iterable[_Item], progress: Progress) -> Iterator[_Item]:
    for item in items:
        yield item
        progress.advance()
