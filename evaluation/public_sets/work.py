"""Circumstances of one run: data, reader, threads, limit."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from indexer.encoding.model_files import file_sha256
from indexer.progress import Progress
from retrieval.readers.open import DEFAULT_READER, open_reader
from retrieval.readers.protocol import Reader
from retrieval.readers.trained_files import BUNDLED_READER

_ONNX: Final = ".onnx"
_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class NamedReader:
    """Reader with its name as given, and the SHA-256 of its model if that is one file."""

    given: str
    sha256: str | None
    reader: Reader

    @property
    def name(self) -> str:
        """Name for reports: the last part of a path."""
        return Path(self.given).name

    @property
    def identity(self) -> dict[str, str | None]:
        """Record for the results file."""
        return {"name": self.name, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Work:
    """Circumstances of one run; `limit` is the number of questions per set, None means all."""

    data: Path
    reader: NamedReader
    progress: Progress
    threads: int | None = None
    limit: int | None = None

    def watched(self, name: str, items: Sequence[_Item]) -> Iterator[_Item]:
        """Yield the items and show progress."""
        self.progress.stage(name, len(items))
        for item in items:
            yield item
            self.progress.advance()
        self.progress.close()

    def mapped(
        self, name: str, call: Callable[[_Item], _Found], items: Sequence[_Item]
    ) -> list[_Found]:
        """Call a thread-safe function that uses one core for each item, in parallel."""
        with ThreadPoolExecutor(self.threads or os.cpu_count()) as pool:
            waiting = [pool.submit(call, item) for item in items]
            return [future.result() for future in self.watched(name, waiting)]


def named_reader(given: str, threads: int | None) -> NamedReader:
    """Open a reader.

    Args:
        given: as of `retrieval.readers.open.open_reader`.
        threads: of the reader; None means every core.

    Raises:
        ReaderError: if its files are missing, altered or not a reader's.
    """
    reader = open_reader(given, threads=threads)
    sha256 = None
    if given == DEFAULT_READER:
        sha256 = BUNDLED_READER.sha256
    elif given.endswith(_ONNX):
        sha256 = file_sha256(Path(given))
    return NamedReader(given, sha256, reader)
