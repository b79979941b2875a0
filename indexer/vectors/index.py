"""Here is a vector: which passages? The vectors of a generation, and exact scores.

Inner product of unit vectors, so the score is the cosine: -1 to 1, higher is better. Few passages
are all compared; of many, those that `vector_lists` proposes.
"""

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import damaged_index, write_failure
from indexer.store import Embeddings
from indexer.vectors.faiss_setup import faiss
from indexer.vectors.ivf import ListsReport, VectorLists
from indexer.vectors.vector_threads import use_one_core

VECTORS_FILE = "vectors.faiss"

# Gathering so many scattered rows and comparing them takes about as long as reading all lists.
_COMPARED_ONE_BY_ONE = 20_000

# The codes order candidates nearly as the vectors do: so many are scored for each asked for. With
# 3, recall@100 falls by 0.0023 (see `vector_lists`); with 10, it rises by 0.0001.
_CANDIDATES_PER_HIT = 5

# However few are asked for: the codes of near ones differ by chance.
_LEAST_CANDIDATES = 200

# A question needs some hundred scattered vectors: from a disk, one by one, that takes longer than
# all else. Whoever asks twice asks more, and has all of them read in one go.
_READ_AHEAD_AT = 2
_PIECE = 1 << 22


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
        IndexFormatError: when a file is not a whole FAISS index.
    """

    def __init__(self, folder: Path, lists: ListsReport | None = None) -> None:
        """Open the vectors of a generation folder, read-only.

        Args:
            folder: the generation's.
            lists: what the manifest says of its lists; None compares every vector.
        """
        path = folder / VECTORS_FILE
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            if not isinstance(index, faiss.IndexFlatIP):
                raise RuntimeError(f"found a {type(index).__name__}")
        except RuntimeError as error:
            raise damaged_index(folder.parent, f"the vectors {path} cannot be read") from error
        self._index = index
        self.count: int = self._index.ntotal
        self.dimension: int = self._index.d
        self._vectors = _memory_of(self._index)
        self._lists = VectorLists(folder) if lists else None
        self._probes = lists.probes if lists else 0
        self._path = path
        self._searches = 0

    def rows(self, numbers: NDArray[np.int64]) -> Embeddings:
        """Return vectors by row, float32, shape (len(numbers), dimension)."""
        try:
            found: Embeddings = self._vectors[numbers]
        except IndexError as error:
            what = f"the vectors {self._path} are fewer than the lists name ({error})"
            raise damaged_index(self._path.parent.parent, what) from error
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
        use_one_core()
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
        """Return what `search` does of each of some vectors, all of which are compared in one go.

        Args:
            vectors: float32 unit rows, shape (n, dimension).
            depth: how many passages to return for each at most.
        """
        # A product of matrices, which is why it is fast, rounds equal scores apart: beyond the
        # depth, so that what follows with the exact scores is the same.
        _, rows = self._index.search(np.ascontiguousarray(vectors), min(2 * depth, self.count))
        return [self._best(query, near, depth) for query, near in zip(vectors, rows, strict=True)]

    def candidates(self, vector: Embeddings, depth: int) -> NDArray[np.int64]:
        """Return the rows that `search` scores to find the `depth` nearest, in no order."""
        use_one_core()
        if self._lists is None:
            return np.arange(self.count)
        return self._candidates(self._lists, vector, min(depth, self.count), None)

    def _compare_all(
        self, query: Embeddings, depth: int, possible: int, allowed: NDArray[np.bool_] | None
    ) -> list[tuple[int, float]]:
        only = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg] # stub: of C++
        fetched = depth
        while True:
            # Of equal scores at the end faiss keeps whichever its heap held: copies of one article
            # have equal vectors, so it is asked for more until the last score is a lower one.
            fetched = min(2 * fetched, possible)
            (scores,), (rows,) = self._index.search(query[np.newaxis], fetched, params=only)
            if fetched == possible or scores[-1] < scores[depth - 1]:
                break
        return _sorted(rows, scores, depth)

    def _candidates(
        self,
        lists: VectorLists,
        vector: Embeddings,
        depth: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.int64]:
        """Return rows that hold the nearest ones; a filter that lets few through reads further."""
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
        """Score rows with their vectors, as comparing all would, and return the best."""
        count = min(len(rows), depth)
        if not count:
            return []
        # Not as a matrix product, in which equal vectors may get scores that are not.
        scores = np.einsum("ij,j->i", self.rows(rows), query)
        return _sorted(rows, scores, count)


def _read_ahead(path: Path) -> None:
    """Read a file, so that the system has it in memory; mere advice is followed in part."""
    piece = bytearray(_PIECE)
    with suppress(OSError), path.open("rb", buffering=0) as stream:
        while stream.readinto(piece):
            pass


def _memory_of(index: faiss.IndexFlatIP) -> Embeddings:
    """Return the vectors of a flat index where they lie, for as long as it lives.

    Each call of the library gives up the interpreter's lock, and threads that ask side by side wait
    to get it back: an array can be read without.
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
    """Return what lets only the allowed rows through."""
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # stub: of C++
