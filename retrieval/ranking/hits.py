"""Hits of a search, and how each was found."""

from dataclasses import dataclass
from typing import Any

from indexer.store import Copy, StoredPassage

FIRST_RANK = 1

_SCORE_DECIMALS = 4


def round_score(score: float) -> float:
    """Return a score as JSON has it, with 4 decimals."""
    # + 0.0 turns -0.0, which differs in print only, into 0.0.
    return round(score, _SCORE_DECIMALS) + 0.0


@dataclass(frozen=True, slots=True)
class RetrieverRank:
    """Rank (from 1) and score (higher is better) of a passage in one retriever's ranking."""

    rank: int
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them."""
        return {"rank": self.rank, "score": round_score(self.score)}


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

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them."""
        return {
            "bm25": None if self.bm25 is None else self.bm25.to_dict(),
            "dense": None if self.dense is None else self.dense.to_dict(),
            "article": None if self.article is None else round_score(self.article),
            "formula": self.formula,
        }


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
