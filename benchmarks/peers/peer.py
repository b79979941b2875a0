"""Protocol of a peer. Adapters run in its environment, so only NumPy is available."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from benchmarks.scale.layout import Material, Passage, Question, Vectors

Mode: TypeAlias = Literal["hybrid", "bm25", "dense"]
Hits: TypeAlias = list[tuple[str, float]]
"""Passage ids with scores, best first."""

DEPTH: Final = 100
"""Candidates from each side of a hybrid search, for every peer."""


class Peer(Protocol):
    """Tool set up as its documentation recommends; one per process."""

    modes: tuple[Mode, ...]
    """Supported search modes."""

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Index passages and vectors into an empty folder."""

    def open(self, folder: Path, threads: int) -> None:
        """Open the index for questions of at most `threads` threads."""

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return at most `k` passages."""

    def close(self) -> None:
        """Release all resources."""


def row_batches(material: Material, size: int) -> Iterator[tuple[int, list[Passage], Vectors]]:
    """Yield batches of passages and vectors, each with its first row."""
    vectors = material.vectors()
    first = 0
    passages = material.passages()
    while batch := list(islice(passages, size)):
        yield first, batch, vectors[first : first + len(batch)]
        first += len(batch)


def write_ids(folder: Path, ids: Iterable[str]) -> None:
    """Save the passage ids, for peers that know only rows."""
    (folder / "ids.txt").write_text("\n".join(ids), encoding="utf-8")


def read_ids(folder: Path) -> list[str]:
    """Return the passage ids by row."""
    return (folder / "ids.txt").read_text(encoding="utf-8").split("\n")
