"""Here is a vector: which passages? The one home of faiss.

Exact search by inner product of unit vectors, so the score is the cosine: -1 to 1,
higher is better.
"""

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexFormatError, build_command, write_failure
from indexer.store import Embeddings

VECTORS_FILE = "vectors.faiss"


def write_vectors(folder: Path, embeddings: Embeddings) -> None:
    """Write passage vectors, shape (n_passages, dimension), float32 unit rows in row order.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    write_vector_blocks(folder, embeddings.shape[1], [embeddings])


def write_vector_blocks(folder: Path, dimension: int, blocks: Iterable[Embeddings]) -> None:
    """Write passage vectors that come block by block, so that only the index holds all of them.

    Args:
        folder: the generation's.
        dimension: of each vector.
        blocks: float32 unit rows, shape (any number, dimension), in row order.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
    """
    path = folder / VECTORS_FILE
    index = faiss.IndexFlatIP(dimension)
    for block in blocks:
        index.add(np.ascontiguousarray(block, dtype=np.float32))
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise write_failure(path, error) from error


class VectorIndex:
    """Searches the vectors of a committed generation, memory-mapped. Safe between threads.

    Raises:
        IndexFormatError: when the file is not a whole FAISS index.
    """

    def __init__(self, folder: Path) -> None:
        """Open the vectors of a generation folder, read-only."""
        path = folder / VECTORS_FILE
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexFormatError(
                f"the vectors {path} cannot be read: the index is damaged. "
                f"Rebuild it: {build_command(index=path.parent.parent)}"
            ) from error
        self.count: int = self._index.ntotal
        self.dimension: int = self._index.d

    def rows(self, numbers: NDArray[np.int64]) -> Embeddings:
        """Return vectors by row, float32, shape (len(numbers), dimension)."""
        if not len(numbers):
            return np.zeros((0, self.dimension), dtype=np.float32)
        found: Embeddings = self._index.reconstruct_batch(numbers)
        return found

    def search(
        self, vector: Embeddings, depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row).

        Args:
            vector: float32 unit row, shape (dimension,).
            depth: how many to return, at least 1.
            allowed: which rows may be returned, shape (count,); None means all.
        """
        possible = self.count if allowed is None else int(allowed.sum())
        depth = min(depth, possible)
        if depth < 1:
            return []
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        only = _only(allowed)
        fetched = depth
        while True:
            # Of equal scores at the end faiss keeps whichever its heap held: copies of one article
            # have equal vectors, so it is asked for more until the last score is a lower one.
            fetched = min(2 * fetched, possible)
            (scores,), (rows,) = self._index.search(query, fetched, params=only)
            if fetched == possible or scores[-1] < scores[depth - 1]:
                break
        order = np.lexsort((rows, -scores))[:depth]
        return [(int(rows[i]), float(scores[i])) for i in order if rows[i] >= 0]


def _only(allowed: NDArray[np.bool_] | None) -> faiss.SearchParameters | None:
    """Return search parameters that let only the allowed rows through."""
    if allowed is None:
        return None
    bits = np.packbits(allowed, bitorder="little")
    # The stubs describe the C++ constructors; faiss's Python layer takes arrays and keywords.
    selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
