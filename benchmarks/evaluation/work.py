"""What does every set need to be measured: folders, the reader, how much to read?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.evaluation.readers import NamedReader
from indexer.progress import Progress

_Item = TypeVar("_Item")


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


def _counted(items: Iterable[_Item], progress: Progress) -> Iterator[_Item]:
    for item in items:
        yield item
        progress.advance()
