"""bm25s: precomputed scores, numba backend, memory-mapped; stop words and Snowball stems."""

from pathlib import Path

import bm25s
import Stemmer

from benchmarks.peers.peer import Hits, Mode, read_ids, write_ids
from benchmarks.scale.layout import Material, Question


class Bm25s:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("bm25",)

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Tokenise and index, in one thread."""
        del threads
        texts = [passage.searched for passage in material.passages()]
        tokens = bm25s.tokenize(
            texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False
        )
        index = bm25s.BM25(backend="numba", k1=1.2, b=0.75)
        index.index(tokens, show_progress=False)
        index.save(str(folder / "index"), show_progress=False)
        write_ids(folder, material.passage_ids())

    def open(self, folder: Path, threads: int) -> None:
        """Memory-map the index; its threads share out questions."""
        del threads
        self._index = bm25s.BM25.load(str(folder / "index"), mmap=True, load_corpus=False)
        self._index.backend = "numba"
        self._index.activate_numba_scorer()
        self._stemmer = Stemmer.Stemmer("english")
        self._ids = read_ids(folder)

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        del mode
        tokens = bm25s.tokenize(
            question.text,
            stopwords="en",
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        rows, scores = self._index.retrieve(
            tokens,
            k=min(k, len(self._ids)),
            n_threads=1,
            show_progress=False,
        )
        found = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return [(self._ids[row], score) for row, score in found if score > 0]

    def close(self) -> None:
        """Release the index."""
        del self._index
