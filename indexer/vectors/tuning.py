"""Building of the inverted file, and the choice of how many lists a question reads."""

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
    IvfLists,
    IvfReport,
    probe_steps,
    spread,
    training_rows,
    write_lists,
)

_SAMPLED = 200
_READ_AT_ONCE = 20_000


def build_ivf(
    folder: Path, headlines: NDArray[np.int64], threads: int | None = None
) -> IvfReport | None:
    """Write the inverted file of a generation, and measure its recall; None for few vectors.

    Args:
        folder: the generation's, whose vectors are written.
        headlines: rows of headlines, the passages most like questions: the sample for the recall.
        threads: number of threads; None means every core.

    Raises:
        IndexFormatError: when the vectors cannot be read.
        IndexWriteError: when the file cannot be written.
    """
    vectors = VectorIndex(folder)
    if vectors.count < LISTS_FROM:
        return None
    sample = vectors.rows(training_rows(vectors.count))
    write_lists(folder, _blocks(vectors), sample, threads)
    with ThreadPoolExecutor(threads or cores(), "dateline-recall") as pool:
        return _tuned(folder, vectors, headlines, pool)


def _tuned(
    folder: Path, vectors: VectorIndex, headlines: NDArray[np.int64], pool: ThreadPoolExecutor
) -> IvfReport:
    """Search for the fewest probes that reach the target recall."""
    sampled = spread(headlines if len(headlines) else np.arange(vectors.count), _SAMPLED)
    queries = vectors.rows(sampled)
    nearest = [{row for row, _ in found} for found in vectors.compare(queries, RECALL_AT)]
    lists = IvfLists(folder).lists

    @lru_cache
    def measure(probes: int) -> IvfReport:
        index = VectorIndex(folder, IvfReport(lists, probes, 1.0, len(sampled)))
        found = pool.map(lambda query: index.candidates(query, RECALL_AT), queries)
        # Candidates get exact scores, so those of the nearest that are among them are found.
        shares = [
            len(best.intersection(rows.tolist())) / len(best)
            for best, rows in zip(nearest, found, strict=True)
        ]
        return IvfReport(lists, probes, round(float(np.mean(shares)), 4), len(sampled))

    steps = probe_steps(lists)
    enough = bisect_left(steps, TARGET_RECALL, key=lambda probes: measure(probes).recall)
    return measure(steps[min(enough, len(steps) - 1)])


def _blocks(vectors: VectorIndex) -> Iterator[Embeddings]:
    for first in range(0, vectors.count, _READ_AT_ONCE):
        yield vectors.rows(np.arange(first, min(first + _READ_AT_ONCE, vectors.count)))
