"""Memory-mapped passage vectors of a generation, searched by cosine (-1 to 1, higher is better).

Of few passages all are compared; of many, the candidates of the inverted file.
"""

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import damaged_index, write_failure
from indexer.store import Embeddings
from indexer.vectors.faiss_setup import faiss, limit_threads
from indexer.vectors.ivf import IvfLists, IvfReport

VECTORS_FILE = "vectors.faiss"

# Comparing so many scattered rows takes about as long as reading all lists.
_COMPARED_ONE_BY_ONE = 20_000

# With 3, recall@100 falls by 0.0023; with 10, it rises by 0.0001.
_CANDIDATES_PER_HIT = 5
_LEAST_CANDIDATES = 200  # the order of codes is nearly random among the nearest

# Reading some hundred scattered vectors from a disk takes longer than the rest of a question. A
# second question suggests more to come, so that all vectors are read in one go.
_READ_AHEAD_AT = 2
_CHUNK_BYTES = 1 << 22


def write_vectors(folder: Path, dimension: int, blocks: Iterable[Embeddings]) -> None:
    """Write the passage vectors of a generation.

    Args:
        folder: the generation's.
        dimension: of each vector.
        blocks: float32 unit rows, shape (n, dimension), in row order.

    Raises:
        IndexWriteError: when the file cannot be written.
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
    """Vectors of a committed generation, mapped into memory. Thread-safe.

    Raises:
        IndexFormatError: when a file is not a complete FAISS index.
    """

    def __init__(self, folder: Path, ivf: IvfReport | None = None) -> None:
        """Open a generation folder read-only; without an inverted file, compare every vector."""
        path = folder / VECTORS_FILE
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            if not isinstance(index, faiss.IndexFlatIP):
                raise RuntimeError(f"found a {type(index).__name__}")
        except RuntimeError as error:
            raise damaged_index(folder.parent, f"cannot read {path}") from error
        self._index = index
        self.count: int = self._index.ntotal
        self.dimension: int = self._index.d
        self._vectors = _memory_of(self._index)
        self._lists = IvfLists(folder) if ivf else None
        self._probes = ivf.probes if ivf else 0
        self._path = path
        self._searches = 0

    def rows(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return vectors by row, float32, shape (len(rows), dimension)."""
        try:
            found: Embeddings = self._vectors[rows]
        except IndexError as error:
            what = f"{self._path} has too few vectors ({error})"
            raise damaged_index(self._path.parent.parent, what) from error
        return found

    def search(
        self, vector: Embeddings, depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row).

        Args:
            vector: float32 unit vector, shape (dimension,).
            depth: maximum number of pairs.
            allowed: mask of the rows that may be returned, shape (count,); None allows all.
        """
        possible = self.count if allowed is None else int(allowed.sum())
        depth = min(depth, possible)
        if depth < 1:
            return []
        limit_threads(1)
        self._searches += 1
        if self._searches == _READ_AHEAD_AT:
            threading.Thread(target=_read_ahead, args=(self._path,), daemon=True).start()
        query = np.ascontiguousarray(vector, dtype=np.float32)
        if allowed is not None and possible <= _COMPARED_ONE_BY_ONE:
            return self._best(query, np.flatnonzero(allowed), depth)
        if self._lists is None:
            return self._compare_all(query, depth, possible, allowed)
        return self._best(query, self._candidates(self._lists, query, depth, allowed), depth)

    def compare(self, vectors: Embeddings, depth: int) -> list[list[tuple[int, float]]]:
        """Return the exact result of `search` for each of several vectors, shape (n, dimension)."""
        # A product of matrices rounds equal scores apart, so that more rows than `depth` are
        # fetched, and given exact scores.
        _, rows = self._index.search(np.ascontiguousarray(vectors), min(2 * depth, self.count))
        return [self._best(query, near, depth) for query, near in zip(vectors, rows, strict=True)]

    def candidates(self, vector: Embeddings, depth: int) -> NDArray[np.int64]:
        """Return the rows that `search` scores to find the `depth` nearest, unsorted."""
        limit_threads(1)
        if self._lists is None:
            return np.arange(self.count)
        return self._candidates(self._lists, vector, min(depth, self.count), None)

    def _compare_all(
        self, query: Embeddings, depth: int, possible: int, allowed: NDArray[np.bool_] | None
    ) -> list[tuple[int, float]]:
        only = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg] # stub: of C++
        fetched = depth
        while True:
            # FAISS keeps any of the rows with the last score, and copies of an article have equal
            # vectors: fetch more until the last score is lower.
            fetched = min(2 * fetched, possible)
            (scores,), (rows,) = self._index.search(query[np.newaxis], fetched, params=only)
            if fetched == possible or scores[-1] < scores[depth - 1]:
                break
        return _sorted(rows, scores, depth)

    def _candidates(
        self,
        lists: IvfLists,
        vector: Embeddings,
        depth: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.int64]:
        """Return candidates; the stricter the filter, the more lists are read."""
        share = 1.0 if allowed is None else float(allowed.mean())
        only = None if allowed is None else _selector(allowed)
        probes = min(lists.lists, round(self._probes / share))
        wanted = max(_LEAST_CANDIDATES, _CANDIDATES_PER_HIT * depth)
        while True:
            found = lists.candidates(vector, wanted, probes, only)
            if len(found) >= depth or probes == lists.lists:
                return found
            probes = min(lists.lists, 2 * probes)

    def _best(
        self, query: Embeddings, rows: NDArray[np.int64], depth: int
    ) -> list[tuple[int, float]]:
        """Return the best of the rows by their exact scores."""
        # Unlike a product of matrices, this gives equal vectors equal scores.
        return _sorted(rows, np.einsum("ij,j->i", self.rows(rows), query), depth)


def _read_ahead(path: Path) -> None:
    """Read a file into the page cache; the system follows mere advice only in part."""
    chunk = bytearray(_CHUNK_BYTES)
    with suppress(OSError), path.open("rb", buffering=0) as stream:
        while stream.readinto(chunk):
            pass


def _memory_of(index: faiss.IndexFlatIP) -> Embeddings:
    """Return a view of the vectors of a flat index, which must outlive it.

    FAISS releases the interpreter's lock in each call, so that concurrent searches wait for it.
    """
    if not index.ntotal:
        return np.zeros((0, index.d), dtype=np.float32)
    flat = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    found: Embeddings = flat.reshape(index.ntotal, index.d)
    return found


def _sorted(
    rows: NDArray[np.int64], scores: NDArray[np.float32], depth: int
) -> list[tuple[int, float]]:
    order = np.lexsort((rows, -scores))[:depth]
    order = order[rows[order] >= 0]
    return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))


def _selector(allowed: NDArray[np.bool_]) -> faiss.IDSelectorBitmap:
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # stub: of C++
