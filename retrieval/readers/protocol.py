"""Protocol of readers, which score whether a passage answers a question, and with which words.

Scores are absolute: 0 to 1, higher is better, comparable between questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.settings import Thresholds


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whole sentences of one passage that may answer, and the answer in them, as document spans.

    Raises:
        ValueError: when the highlight lies outside the quote.
    """

    quote: Span
    highlight: Span
    score: float

    def __post_init__(self) -> None:
        """Check that the highlight lies inside the quote."""
        if not self.quote.contains(self.highlight):
            raise ValueError(f"highlight {self.highlight} lies outside quote {self.quote}")


@dataclass(frozen=True, slots=True)
class Reading:
    """Result of reading one passage: its relevance to the question, and evidence, best first."""

    relevance: float
    evidence: tuple[Evidence, ...]


class Reader(Protocol):
    """Reads passages for a question. Safe between threads."""

    @property
    def thresholds(self) -> Thresholds:
        """Minimum scores of a related passage, and of an answer."""

    @property
    def calibrator(self) -> Mapping[str, float] | None:
        """Weights that turn features of a candidate into its chance to be right; None without."""

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading per passage, in order; deterministic."""

    def warnings(self, question: str) -> tuple[str, ...]:
        """Return warnings for the user, such as about a question that is truncated."""
