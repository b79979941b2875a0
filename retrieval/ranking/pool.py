"""Which passages did the retrievers find, and what does each of them say of a passage?

In: two rankings. Out: their passages, each once, in the order of (doc_id, start), as columns.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.store import DocIds, ScoredPassages, doc_id_array
from retrieval.ranking.hits import FIRST_RANK, RetrieverRank

# Scores closer than this are equal: they differ by rounding between threads and batches only.
SCORE_DECIMALS = 6

NOTHING_FOUND = ScoredPassages(doc_id_array([]), np.zeros(0, np.int64), np.zeros(0))

_NOT_FOUND = 0


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one retriever says of each passage of a pool.

    Attributes:
        scores: shape (n,), NaN where it did not find the passage.
        ranks: shape (n,), from 1: by score, then by (doc_id, start), never by arrival; 0 where it
            did not find the passage.
    """

    scores: NDArray[np.float64]
    ranks: NDArray[np.int64]

    @classmethod
    def of(cls, found: NDArray[np.float64], places: NDArray[np.int64], size: int) -> Self:
        """Spread the scores of a ranking over the pool; `places` are those of its passages."""
        scores = np.full(size, np.nan)
        scores[places] = found
        ranks = np.full(size, _NOT_FOUND)
        ranks[places[np.lexsort((places, -found.round(SCORE_DECIMALS)))]] = np.arange(
            FIRST_RANK, FIRST_RANK + len(found)
        )
        return cls(scores, ranks)

    def at(self, place: int) -> RetrieverRank | None:
        """Return its rank and score of one passage; None where it did not find it."""
        rank = int(self.ranks[place])
        return None if rank == _NOT_FOUND else RetrieverRank(rank, float(self.scores[place]))


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Passages by (doc_id, start), and what each retriever says of them.

    Attributes:
        doc_ids: of each passage, shape (n,).
        starts: where each starts in its document, shape (n,).
        documents: each document once, ascending.
        document_places: of each passage, the place of its document among `documents`.
        bm25: what the terms say.
        dense: what the vectors say.
    """

    doc_ids: DocIds
    starts: NDArray[np.int64]
    documents: DocIds
    document_places: NDArray[np.int64]
    bm25: Side
    dense: Side

    @classmethod
    def of(cls, bm25: ScoredPassages, dense: ScoredPassages) -> Self:
        """Join two rankings, whatever order their passages arrive in."""
        doc_ids = np.concatenate((bm25.doc_ids, dense.doc_ids))
        starts = np.concatenate((bm25.starts, dense.starts))
        order = np.lexsort((starts, doc_ids))
        doc_ids, starts = doc_ids[order], starts[order]
        another_document = _differs(doc_ids)
        another = another_document | _differs(starts)
        places = np.empty_like(order)
        places[order] = np.cumsum(another) - 1
        size = int(another.sum())
        return cls(
            doc_ids[another],
            starts[another],
            doc_ids[another_document],
            np.cumsum(another_document)[another] - 1,
            Side.of(bm25.scores, places[: len(bm25)], size),
            Side.of(dense.scores, places[len(bm25) :], size),
        )

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self.starts)


def _differs(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell which values differ from the one before; the first does."""
    differs = np.ones(len(values), dtype=np.bool_)
    differs[1:] = values[1:] != values[:-1]
    return differs
