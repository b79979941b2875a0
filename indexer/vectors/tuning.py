"""Which lists do the vectors of a generation get, and how many of them must a question read?"""

from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.cores import cores
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex
from indexer.vectors.ivf import (
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

_SAMPLED = 200
_READ_AT_ONCE = 20_000


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
    sample = vectors.rows(training_rows(vectors.count))
    write_vector_lists(folder, _blocks(vectors), sample, threads)
    with ThreadPoolExecutor(threads or cores(), "dateline-recall") as pool:
        return _measured(folder, vectors, headlines, pool)


def _measured(
    folder: Path, vectors: VectorIndex, headlines: NDArray[np.int64], pool: ThreadPoolExecutor
) -> ListsReport:
    """Return how many lists a question must read, and what it finds in them."""
    sampled = spread(headlines if len(headlines) else np.arange(vectors.count), _SAMPLED)
    queries = vectors.rows(sampled)

    nearest = [{row for row, _ in found} for found in vectors.compare(queries, RECALL_AT)]
    lists = VectorLists(folder).lists

    @lru_cache
    def reading(probes: int) -> ListsReport:
        index = VectorIndex(folder, ListsReport(lists, probes, 1.0, len(sampled)))
        found = pool.map(lambda query: index.candidates(query, RECALL_AT), queries)
        # Candidates are scored exactly: one of the nearest that is among them is found.
        shares = [
            len(best.intersection(rows.tolist())) / len(best)
            for best, rows in zip(nearest, found, strict=True)
        ]
        return ListsReport(lists, probes, round(float(np.mean(shares)), 4), len(sampled))

    steps = probe_steps(lists)
    enough = bisect_left(steps, TARGET_RECALL, key=lambda probes: reading(probes).recall)
    return reading(steps[min(enough, len(steps) - 1)])


def _blocks(vectors: VectorIndex) -> Iterator[Embeddings]:
    for first in range(0, vectors.count, _READ_AT_ONCE):
        yield vectors.rows(np.arange(first, min(first + _READ_AT_ONCE, vectors.count)))
