"""What must a peer do? Build from passages and vectors, open, answer with passage ids, close.

Adapters run in the environment of their peer, so nothing here needs more than NumPy.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from benchmarks.scale.layout import Material, Passage, Question, Vectors

Mode: TypeAlias = Literal["hybrid", "bm25", "dense"]
Hits: TypeAlias = list[tuple[str, float]]
"""Passage ids with scores, the best first."""

DEPTH: Final = 100
"""In hybrid search, so many candidates come from each side, of every peer."""


class Peer(Protocol):
    """One tool, set up as its documentation recommends. A new one is made for each process."""

    modes: tuple[Mode, ...]
    """The ways in which it can be asked."""

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Index the passages and vectors; `folder` exists and is empty."""

    def open(self, folder: Path, threads: int) -> None:
        """Open what was built, for questions that use at most so many threads."""

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return at most `k` passages."""

    def close(self) -> None:
        """Let go of everything."""


def row_batches(material: Material, size: int) -> Iterator[tuple[int, list[Passage], Vectors]]:
    """Yield the passages with their vectors, `size` at a time, each batch with its first row."""
    vectors = material.vectors()
    first = 0
    passages = material.passages()
    while batch := list(islice(passages, size)):
        yield first, batch, vectors[first : first + len(batch)]
        first += len(batch)


def write_ids(folder: Path, ids: Iterable[str]) -> None:
    """Keep the passage ids, for peers that know rows only."""
    (folder / "ids.txt").write_text("\n".join(ids), encoding="utf-8")


def read_ids(folder: Path) -> list[str]:
    """Return the passage ids by row."""
    return (folder / "ids.txt").read_text(encoding="utf-8").split("\n")
