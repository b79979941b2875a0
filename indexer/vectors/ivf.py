"""Inverted file (Sivic and Zisserman, ICCV 2003) that proposes candidates for the exact scores.

It holds product-quantisation codes of two bits a dimension, compared 32 at a time by the processor
(André et al., VLDB 2015), and is mapped into memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil, log2
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import damaged_index, write_failure
from indexer.store import Embeddings
from indexer.vectors.faiss_setup import faiss, limit_threads

LISTS_FILE = "vector-lists.faiss"

LISTS_FROM = 30_000
"""Number of passages from which on lists are made; fewer are all compared."""

RECALL_AT = 100
TARGET_RECALL = 0.99
"""Share of the 100 nearest that the chosen number of probes must find."""

# FAISS's guidelines for up to a million vectors: four times the root of their number.
_LISTS_PER_ROOT = 4
_TRAINED_ON = 40  # vectors a list; FAISS wants at least 39
# Of 300,000 passages, 256 of 2,191 lists read: recall@100 0.9830 after 4 iterations over the lists
# and 8 over the codes, 0.9834 after 8 and 25 (FAISS's own), which took twice as long.
_ITERATIONS = 4
_CODE_ITERATIONS, _CODE_TRAINED_ON = 8, 64  # the latter in vectors a centroid
# Two components make a code of 4 bits (one, if their number is odd). 200 news questions to 449,124
# passages, reading 384 of 2,681 lists and scoring the 500 best: recall@100 0.9887 in 1.9 ms of one
# core; with 8 bits a component 0.9888 in 5.1 ms and four times the memory; with four components a
# code 0.9849 although 1,000 were scored.
_COMPONENTS, _BITS = 2, 4
_LEAST_PROBES = 8
_PROBES_PER_OCTAVE = 8  # steps of 9 %: every question pays for lists beyond need


@dataclass(frozen=True, slots=True)
class IvfReport:
    """Settings and measured recall of an inverted file, as the manifest has them.

    `probes` is how many of the `lists` a question reads, `recall` the share of the 100 nearest
    that this finds, a mean over `sampled` vectors.
    """

    lists: int
    probes: int
    recall: float
    sampled: int


class IvfLists:
    """Inverted file of a committed generation. Thread-safe.

    Raises:
        IndexFormatError: when the file is not a complete FAISS index.
    """

    def __init__(self, folder: Path) -> None:
        """Map the file of a generation folder into memory, read-only."""
        path = folder / LISTS_FILE
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise damaged_index(folder.parent, f"cannot read {path}") from error
        self.lists: int = self._index.nlist  # type: ignore[attr-defined] # stub: any index

    def candidates(
        self, vector: Embeddings, count: int, probes: int, only: faiss.IDSelector | None = None
    ) -> NDArray[np.int64]:
        """Return at most `count` rows that may be nearest to a unit vector, unsorted.

        Args:
            vector: float32, shape (dimension,).
            count: maximum number of rows.
            probes: number of lists to read, the nearest first.
            only: filter of the rows; None allows all.
        """
        parameters = _unfiltered(probes) if only is None else _parameters(probes, only)
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        _, (rows,) = self._index.search(query, count, params=parameters)
        found: NDArray[np.int64] = rows[rows >= 0]
        return found


def _parameters(probes: int, only: faiss.IDSelector | None = None) -> faiss.SearchParametersIVF:
    return faiss.SearchParametersIVF(sel=only, nprobe=probes)  # type: ignore[call-arg] # stub: of C++


_unfiltered = cache(_parameters)  # each access to a FAISS object releases the interpreter's lock


def write_lists(
    folder: Path, blocks: Iterable[Embeddings], sample: Embeddings, threads: int | None = None
) -> None:
    """Write the inverted file of a generation.

    Args:
        folder: the generation's.
        blocks: every vector, float32 unit rows, in row order.
        sample: the vectors of `training_rows`.
        threads: number of threads; None means every core.

    Raises:
        IndexWriteError: when the file cannot be written.
    """
    count, dimension = sample.shape
    components = 1 if dimension % _COMPONENTS else _COMPONENTS
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFPQFastScan(
        centres,
        dimension,
        max(1, count // _TRAINED_ON),
        dimension // components,
        _BITS,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.by_residual = False  # one lookup table a question serves every list
    index.cp.niter = _ITERATIONS
    index.pq.cp.niter, index.pq.cp.max_points_per_centroid = _CODE_ITERATIONS, _CODE_TRAINED_ON
    rows = np.ascontiguousarray(sample)
    limit_threads(threads)
    faiss.Clustering(dimension, index.nlist, index.cp).train(rows, centres)
    # The codes alone: four threads took four times as long as one for such small parts.
    limit_threads(1)
    index.train(rows)
    limit_threads(threads)
    for block in blocks:
        index.add(np.ascontiguousarray(block, dtype=np.float32))
    path = folder / LISTS_FILE
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise write_failure(path, error) from error


def training_rows(count: int) -> NDArray[np.int64]:
    """Return the evenly spread rows to train lists for `count` vectors with."""
    lists = max(1, round(_LISTS_PER_ROOT * count**0.5))
    return spread(np.arange(count), lists * _TRAINED_ON)


def spread(rows: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    """Return `wanted` of the rows, evenly spread, or all if they are fewer.

    >>> spread(np.arange(10), 3).tolist()
    [0, 3, 6]
    """
    if wanted >= len(rows):
        return rows
    return rows[(np.arange(wanted) * len(rows)) // wanted]


def probe_steps(lists: int) -> list[int]:
    """Return the numbers of probes to try, ascending; the last reads every list.

    >>> probe_steps(12)
    [8, 9, 10, 11, 12]
    """
    octaves = max(0.0, log2(lists / _LEAST_PROBES))
    steps = range(ceil(octaves * _PROBES_PER_OCTAVE))
    probes = {round(_LEAST_PROBES * 2 ** (step / _PROBES_PER_OCTAVE)) for step in steps}
    return sorted({min(each, lists) for each in probes} | {lists})
