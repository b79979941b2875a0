"""Dateline: store and ranker as `search` uses them; only the question's vector is given."""

from pathlib import Path

from benchmarks.peers.peer import Hits, Mode
from benchmarks.scale.index_writer import write_index
from benchmarks.scale.layout import Material, Question
from evaluation.runs import as_plain_text
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from indexer.store import Embeddings
from retrieval.background import QuestionEncoder
from retrieval.clock import Clock
from retrieval.query.parse import parse
from retrieval.ranking.ranker import Ranker

_FOLDER = "index"


class GivenVector(QuestionEncoder):
    """Encoder stub with a known vector: encoding costs every peer the same."""

    def __init__(self, threads: int) -> None:
        """Start without a vector; one thread means no concurrent lookups."""
        self.vector: Embeddings | None = None
        self.threads = threads

    def encode(self, text: str) -> Embeddings | None:
        """Return the vector."""
        del text
        return self.vector


class Dateline:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("hybrid", "bm25", "dense")

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Write a complete index."""
        write_index(material, folder / _FOLDER, threads=threads)

    def open(self, folder: Path, threads: int) -> None:
        """Open the index."""
        index = folder / _FOLDER
        self._store = LocalStore(index, read_manifest(index))
        self._given = GivenVector(threads)
        self._ranker = Ranker(self._store, self._given)

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        self._given.vector = question.vector
        found = self._ranker.rank(parse(as_plain_text(question.text)), k, mode, "convex", Clock())
        return [(hit.found.passage.passage_id, hit.score) for hit in found.hits]

    def close(self) -> None:
        """Close the index."""
        self._store.close()
