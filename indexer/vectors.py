"""Here is a vector: which passages? The vectors of a generation, and exact scores.

Inner product of unit vectors, so the score is the cosine: -1 to 1, higher is better. Few passages
are all compared; of many, those that `vector_lists` proposes.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexFormatError, build_command, write_failure
from indexer.faiss_library import faiss
from indexer.store import Embeddings
from indexer.vector_lists import (
    LISTS_FROM,
    RECALL_AT,
    TARGET_RECALL,
    ListsReport,
    VectorLists,
    probe_steps,
    spread,
    training_rows,
    write_vector_lists,
)

VECTORS_FILE = "vectors.faiss"

# Gathering so many scattered rows and comparing them takes about as long as reading all lists.
_COMPARED_ONE_BY_ONE = 20_000

# The codes order candidates nearly as the vectors do: so many are scored for each asked for. With
# 3, recall@100 falls by 0.0023 (see `vector_lists`); with 10, it rises by 0.0001.
_CANDIDATES_PER_HIT = 5

# However few are asked for: the codes of near ones differ by chance.
_LEAST_CANDIDATES = 200

_SAMPLED = 200

# A question needs some hundred scattered vectors: from a disk, one by one, that takes longer than
# all else. Whoever asks twice asks more, and has all of them read in one go.
_READ_AHEAD_AT = 2
_PIECE = 1 << 22
_READ_AT_ONCE = 20_000


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
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexFormatError(
                f"the vectors {path} cannot be read: the index is damaged. "
                f"Rebuild it: {build_command(index=path.parent.parent)}"
            ) from error
        self.count: int = self._index.ntotal
        self.dimension: int = self._index.d
        self._lists = VectorLists(folder) if lists else None
        self._probes = lists.probes if lists else 0
        self._path = path
        self._searches = 0

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
        # Threads of one question wait for each other by spinning: beside other work four took a
        # hundred times as long as one. Questions are asked side by side instead.
        faiss.omp_set_num_threads(1)  # of the thread that calls
        self._searches += 1
        if self._searches == _READ_AHEAD_AT:
            Thread(target=_read_ahead, args=(self._path,), daemon=True).start()
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        if allowed is not None and possible <= _COMPARED_ONE_BY_ONE:
            return self._best(query, np.flatnonzero(allowed), depth)
        if self._lists is None:
            return self._compare_all(query, depth, possible, allowed)
        return self._best(query, self._candidates(self._lists, vector, depth, allowed), depth)

    def _compare_all(
        self, query: Embeddings, depth: int, possible: int, allowed: NDArray[np.bool_] | None
    ) -> list[tuple[int, float]]:
        only = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg] # stub: of C++
        fetched = depth
        while True:
            # Of equal scores at the end faiss keeps whichever its heap held: copies of one article
            # have equal vectors, so it is asked for more until the last score is a lower one.
            fetched = min(2 * fetched, possible)
            (scores,), (rows,) = self._index.search(query, fetched, params=only)
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
        """Score rows exactly, as comparing all would, and return the best."""
        count = min(len(rows), depth)
        if not count:
            return []
        # All of them come back: equal scores are ordered here, by row.
        scores, places = faiss.knn(
            query, self.rows(rows), len(rows), metric=faiss.METRIC_INNER_PRODUCT
        )
        return _sorted(rows[places[0]], scores[0], count)


def index_vectors(
    folder: Path, headlines: NDArray[np.int64], threads: int | None = None
) -> ListsReport | None:
    """Write the lists of a generation whose vectors are written, and measure what they find.

    Args:
        folder: the generation's.
        headlines: rows of headlines, which are most like questions; recall is measured with some.
        threads: how many make the lists; None means every core.

    Returns:
        What belongs into the manifest; None for so few vectors that no lists are needed.

    Raises:
        IndexFormatError: when the vectors cannot be read.
        IndexWriteError: when the lists cannot be written.
    """
    vectors = VectorIndex(folder)
    if vectors.count < LISTS_FROM:
        return None
    threads = threads or os.cpu_count() or 1
    faiss.omp_set_num_threads(threads)  # a search before left it at one
    write_vector_lists(folder, _blocks(vectors), vectors.rows(training_rows(vectors.count)))
    with ThreadPoolExecutor(threads, "dateline-recall") as pool:
        return _measured(folder, vectors, headlines, pool)


def _measured(
    folder: Path, vectors: VectorIndex, headlines: NDArray[np.int64], pool: ThreadPoolExecutor
) -> ListsReport:
    """Return how many lists a question must read, and what it finds in them."""
    sampled = spread(headlines if len(headlines) else np.arange(vectors.count), _SAMPLED)
    queries = vectors.rows(sampled)

    def found_in(index: VectorIndex) -> list[set[int]]:
        rows = pool.map(lambda query: index.search(query, RECALL_AT), queries)
        return [{row for row, _ in found} for found in rows]

    nearest = found_in(vectors)
    lists = VectorLists(folder).lists
    report = ListsReport(lists, lists, 1.0, len(sampled))
    for probes in probe_steps(lists):
        report = ListsReport(lists, probes, 1.0, len(sampled))
        found = found_in(VectorIndex(folder, report))
        shares = [len(a & b) / len(b) for a, b in zip(found, nearest, strict=True)]
        report = ListsReport(lists, probes, round(float(np.mean(shares)), 4), len(sampled))
        if report.recall >= TARGET_RECALL:
            break
    return report


def _read_ahead(path: Path) -> None:
    """Read a file, so that the system has it in memory; mere advice is followed in part."""
    piece = bytearray(_PIECE)
    with suppress(OSError), path.open("rb", buffering=0) as stream:
        while stream.readinto(piece):
            pass


def _blocks(vectors: VectorIndex) -> Iterator[Embeddings]:
    for first in range(0, vectors.count, _READ_AT_ONCE):
        yield vectors.rows(np.arange(first, min(first + _READ_AT_ONCE, vectors.count)))


def _sorted(
    rows: NDArray[np.int64], scores: NDArray[np.float32], depth: int
) -> list[tuple[int, float]]:
    order = np.lexsort((rows, -scores))[:depth]
    return [(int(rows[i]), float(scores[i])) for i in order if rows[i] >= 0]


def _selector(allowed: NDArray[np.bool_]) -> faiss.IDSelectorBitmap:
    """Return what lets only the allowed rows through."""
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # stub: of C++
