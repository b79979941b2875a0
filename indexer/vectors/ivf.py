"""Which passages may be near a vector? Lists of similar vectors, of which a question reads few.

An inverted file (Sivic and Zisserman, ICCV 2003) of codes of two bits a dimension, which the
processor compares 32 at a time (André et al., VLDB 2015); made once a generation and mapped into
memory. It gives candidates only: `vectors` scores them exactly, with the vectors themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import damaged_index, write_failure
from indexer.store import Embeddings
from indexer.vectors.faiss_setup import faiss
from indexer.vectors.vector_threads import use_cores

LISTS_FILE = "vector-lists.faiss"

LISTS_FROM = 30_000
"""So many passages make lists worth their time; below, each is compared with the question."""

RECALL_AT = 100
TARGET_RECALL = 0.99
"""Of the 100 nearest of each sampled vector, so many are found with the number of lists read."""

# Four times the root of the number of vectors, as FAISS's guidelines have it for a million.
_LISTS_PER_ROOT = 4
_TRAINED_ON = 40  # vectors a list; FAISS asks for 39 at least
# Of 300,000 passages, 256 of 2,191 lists read: recall@100 0.9830 after 4 iterations over the lists
# and 8 over the codes, 0.9834 after 8 and 25 (FAISS's own), which took twice as long.
_ITERATIONS = 4
_CODE_ITERATIONS, _CODE_TRAINED_ON = 8, 64  # vectors a centre of a code
# Two components make one code of 4 bits, or one alone where their number is odd. Of 449,124
# passages, 384 of 2,681 lists read, for 200 news questions: recall@100 0.9887 in 1.9 ms of one core
# with the 500 best by their codes compared; codes of 8 bits a component 0.9888 in 5.1 ms, and four
# times the memory; four components a code 0.9849 with 1,000 compared.
_COMPONENTS, _BITS = 2, 4
_LEAST_PROBES = 8
_PROBES_PER_OCTAVE = 8  # steps of 9 %: what is read beyond need is time of every question


@dataclass(frozen=True, slots=True)
class ListsReport:
    """What the manifest says: how many lists, how many a question reads, and what that finds.

    `recall` is the share of the 100 nearest that were found, a mean over `sampled` vectors.
    """

    lists: int
    probes: int
    recall: float
    sampled: int


class VectorLists:
    """Finds candidates in the lists of a committed generation. Safe between threads.

    Raises:
        IndexFormatError: when the file is not a whole FAISS index.
    """

    def __init__(self, folder: Path) -> None:
        """Open the lists of a generation folder, read-only."""
        path = folder / LISTS_FILE
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise damaged_index(folder.parent, f"the vector lists {path} cannot be read") from error
        self.count: int = self._index.ntotal
        # Made once: each access to the library's objects gives up the interpreter's lock.
        self._parameters: dict[int, faiss.SearchParametersIVF] = {}
        self.lists: int = self._index.nlist  # type: ignore[attr-defined] # stub: any index

    def candidates(
        self, vector: Embeddings, count: int, probes: int, only: faiss.IDSelector | None = None
    ) -> NDArray[np.int64]:
        """Return at most `count` rows that may be nearest, in no order.

        Args:
            vector: float32 unit row, shape (dimension,).
            count: how many to return at most.
            probes: how many lists to read, the nearest first.
            only: which rows may be returned; None means all.
        """
        parameters = self._parameters.get(probes) if only is None else None
        if parameters is None:
            parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg] # stub: of C++
                sel=only, nprobe=probes
            )
            if only is None:
                self._parameters[probes] = parameters
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        _, (rows,) = self._index.search(query, count, params=parameters)
        found: NDArray[np.int64] = rows[rows >= 0]
        return found


def write_vector_lists(
    folder: Path, blocks: Iterable[Embeddings], sample: Embeddings, threads: int | None = None
) -> None:
    """Write lists of vectors.

    Args:
        folder: the generation's.
        blocks: every vector, float32 unit rows, in row order.
        sample: what the lists are made from, some of the vectors, as `training_rows` chooses them.
        threads: how many make the lists; None means every core.

    Raises:
        IndexWriteError: when the file cannot be written, for example on a full disk.
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
    index.by_residual = False  # one table of a question serves every list
    index.cp.niter = _ITERATIONS
    index.pq.cp.niter, index.pq.cp.max_points_per_centroid = _CODE_ITERATIONS, _CODE_TRAINED_ON
    rows = np.ascontiguousarray(sample)
    use_cores(threads)
    faiss.Clustering(dimension, index.nlist, index.cp).train(rows, centres)
    # The codes alone: their parts are so small that four threads took four times as long as one.
    use_cores(1)
    index.train(rows)
    use_cores(threads)
    for block in blocks:
        index.add(np.ascontiguousarray(block, dtype=np.float32))
    path = folder / LISTS_FILE
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise write_failure(path, error) from error


def training_rows(count: int) -> NDArray[np.int64]:
    """Return which of `count` vectors the lists are made from: evenly spread over them."""
    lists = max(1, round(_LISTS_PER_ROOT * count**0.5))
    return spread(np.arange(count), lists * _TRAINED_ON)


def spread(rows: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    """Return about `wanted` rows, evenly spread over those given.

    >>> spread(np.arange(10), 3).tolist()
    [0, 3, 6]
    """
    if wanted >= len(rows):
        return rows
    return rows[(np.arange(wanted) * len(rows)) // wanted]


def probe_steps(lists: int) -> list[int]:
    """Return how many lists may be read, few first, all of them last.

    >>> probe_steps(12)
    [8, 9, 10, 11, 12]
    """
    octaves = max(0.0, log2(lists / _LEAST_PROBES))
    steps = range(ceil(octaves * _PROBES_PER_OCTAVE))
    probes = {round(_LEAST_PROBES * 2 ** (step / _PROBES_PER_OCTAVE)) for step in steps}
    return sorted({min(each, lists) for each in probes} | {lists})
