"""Hits of a search, and how each was found."""

from dataclasses import dataclass

from indexer.store import Copy, StoredPassage

FIRST_RANK = 1


@dataclass(frozen=True, slots=True)
class RetrieverRank:
    """Rank (from 1) and score (higher is better) of a passage in one retriever's ranking."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Origin of a hit's score: its rank in each retriever, and the formula of their fusion.

    A retriever that did not find the passage is None. `article` is the BM25 score of the whole
    article, where it counted.
    """

    bm25: RetrieverRank | None
    dense: RetrieverRank | None
    formula: str
    article: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score (higher is better) and rank (from 1), as everywhere.

    `copies` are the other articles with the same story; their hits are hidden unless requested.
    """

    found: StoredPassage
    score: float
    rank: int
    explanation: Explanation
    copies: tuple[Copy, ...] = ()

    @property
    def passage_id(self) -> str:
        """Stable id of the passage."""
        return self.found.passage.passage_id
