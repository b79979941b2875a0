"""What does a search return? A passage, its score, its rank, and how it was found."""

from dataclasses import dataclass

from indexer.store import Copy, StoredPassage

FIRST_RANK = 1


@dataclass(frozen=True, slots=True)
class RetrieverRank:
    """Where one retriever had a passage: its rank (from 1) and its own score (higher is better)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a hit came to its score: which retriever found it where, and what fusion made of it.

    A retriever that did not find the passage within its depth is None. `article` is the BM25 score
    of the whole article, where it counted.
    """

    bm25: RetrieverRank | None
    dense: RetrieverRank | None
    formula: str
    article: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score (higher is better, everywhere) and its rank (from 1, everywhere).

    `copies` are the other articles with the same report; their hits are left out unless asked for.
    """

    found: StoredPassage
    score: float
    rank: int
    explanation: Explanation
    copies: tuple[Copy, ...] = ()

    @property
    def passage_id(self) -> str:
        """The passage's stable id."""
        return self.found.passage.passage_id
