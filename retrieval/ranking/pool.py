"""Pool of the passages of two rankings, as columns in the order of (doc_id, start)."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.store import DocIds, ScoredPassages, doc_id_array
from retrieval.ranking.hits import FIRST_RANK, RetrieverRank

# Smaller differences between scores are rounding errors between threads and batches.
SCORE_DECIMALS = 6

NOTHING_FOUND = ScoredPassages(doc_id_array([]), np.zeros(0, np.int64), np.zeros(0))

_NOT_FOUND = 0


@dataclass(frozen=True, slots=True, eq=False)
class RetrieverScores:
    """Scores and ranks of one retriever, aligned with the pool.

    Attributes:
        scores: shape (n,), NaN where it did not find the passage.
        ranks: shape (n,), from 1, by score, then by (doc_id, start); 0 where it did not find the
            passage.
    """

    scores: NDArray[np.float64]
    ranks: NDArray[np.int64]

    @classmethod
    def of(cls, found: NDArray[np.float64], indices: NDArray[np.int64], size: int) -> Self:
        """Align the scores of a ranking with the pool, in which its passages have these indices."""
        scores = np.full(size, np.nan)
        scores[indices] = found
        ranks = np.full(size, _NOT_FOUND)
        ranks[indices[np.lexsort((indices, -found.round(SCORE_DECIMALS)))]] = np.arange(
            FIRST_RANK, FIRST_RANK + len(found)
        )
        return cls(scores, ranks)

    def at(self, index: int) -> RetrieverRank | None:
        """Return rank and score of one passage; None if the retriever did not find it."""
        rank = int(self.ranks[index])
        return None if rank == _NOT_FOUND else RetrieverRank(rank, float(self.scores[index]))


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Passages by (doc_id, start), with the scores of both retrievers.

    Attributes:
        doc_ids: shape (n,).
        starts: offset of each passage in its document, shape (n,).
        documents: each document once, ascending.
        document_indices: index of each passage's document in `documents`, shape (n,).
        bm25: scores by terms.
        dense: scores by vectors.
    """

    doc_ids: DocIds
    starts: NDArray[np.int64]
    documents: DocIds
    document_indices: NDArray[np.int64]
    bm25: RetrieverScores
    dense: RetrieverScores

    @classmethod
    def of(cls, bm25: ScoredPassages, dense: ScoredPassages) -> Self:
        """Join two rankings, in whatever order their passages are."""
        doc_ids = np.concatenate((bm25.doc_ids, dense.doc_ids))
        starts = np.concatenate((bm25.starts, dense.starts))
        order = np.lexsort((starts, doc_ids))
        doc_ids, starts = doc_ids[order], starts[order]
        another_document = _differs(doc_ids)
        another = another_document | _differs(starts)
        indices = np.empty_like(order)
        indices[order] = np.cumsum(another) - 1
        size = int(another.sum())
        return cls(
            doc_ids[another],
            starts[another],
            doc_ids[another_document],
            np.cumsum(another_document)[another] - 1,
            RetrieverScores.of(bm25.scores, indices[: len(bm25)], size),
            RetrieverScores.of(dense.scores, indices[len(bm25) :], size),
        )

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.starts)


def _differs(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell which values differ from the previous one; the first always does."""
    differs = np.ones(len(values), dtype=np.bool_)
    differs[1:] = values[1:] != values[:-1]
    return differs
