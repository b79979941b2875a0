"""rank-bm25: the plain formula over all passages in memory, kept as a pickle.

It has no tokeniser, so it gets Dateline's terms, k1 and b.
"""

import pickle
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.peers.peer import Hits, Mode, read_ids, write_ids
from benchmarks.scale.layout import Material, Question
from indexer.lexical.schema import K1, B
from indexer.text.analyzer import content_terms, terms

_FILE = "bm25.pickle"


class RankBm25:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("bm25",)

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Count all passages, in one thread."""
        del threads
        found = BM25Okapi([terms(passage.searched) for passage in material.passages()], k1=K1, b=B)
        with (folder / _FILE).open("wb") as stream:
            pickle.dump(found, stream, protocol=pickle.HIGHEST_PROTOCOL)
        write_ids(folder, material.passage_ids())

    def open(self, folder: Path, threads: int) -> None:
        """Load the pickle."""
        del threads
        with (folder / _FILE).open("rb") as stream:
            self._bm25 = pickle.load(stream)  # noqa: S301 - written by `build`, it has no format
        self._ids = read_ids(folder)

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Score all passages and return the best."""
        del mode
        scores = self._bm25.get_scores(content_terms(question.text))
        k = min(k, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        best = best[np.lexsort((best, -scores[best]))]
        return [(self._ids[row], float(scores[row])) for row in best if scores[row] > 0]

    def close(self) -> None:
        """Release the index."""
        del self._bm25
