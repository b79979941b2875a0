"""FAISS flat index: exact comparison, memory-mapped."""

from pathlib import Path

import faiss
import numpy as np

from benchmarks.peers.peer import Hits, Mode, read_ids, row_batches, write_ids
from benchmarks.scale.layout import Material, Question

_FILE = "vectors.faiss"
_AT_ONCE = 20_000


class FaissFlat:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("dense",)

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Store the vectors."""
        del threads
        index = faiss.IndexFlatIP(material.about.dimension)
        for _, _, vectors in row_batches(material, _AT_ONCE):
            index.add(np.ascontiguousarray(vectors))
        faiss.write_index(index, str(folder / _FILE))
        write_ids(folder, material.passage_ids())

    def open(self, folder: Path, threads: int) -> None:
        """Memory-map the vectors."""
        faiss.omp_set_num_threads(threads)
        self._index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)
        self._ids = read_ids(folder)

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the nearest passages."""
        del mode
        query = np.ascontiguousarray(question.vector[np.newaxis])
        (scores,), (rows,) = self._index.search(query, min(k, len(self._ids)))
        return [(self._ids[row], float(score)) for row, score in zip(rows, scores, strict=True)]

    def close(self) -> None:
        """Release the index."""
        del self._index
