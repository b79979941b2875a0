"""Does this passage answer the question, and with which words?

In: a question and passages. Out: one `Reading` a passage, with absolute scores: 0 to 1, higher is
better, comparable between questions. That is what the states of an answer rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.settings import Thresholds


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whole sentences of one passage that may answer, as spans of the document.

    `highlight` lies inside `quote`; `score` is absolute, 0 to 1.
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
    """What a reader found in one passage; `evidence` is sorted best first.

    `relevance` says whether the passage bears on the question at all: absolute, 0 to 1.
    """

    relevance: float
    evidence: tuple[Evidence, ...]


class Reader(Protocol):
    """Reads passages for a question. Safe between threads."""

    @property
    def thresholds(self) -> Thresholds:
        """From which of its scores on something is related, or an answer."""

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading a passage, in the order given; the same input, the same output."""

    def warnings(self, question: str) -> tuple[str, ...]:
        """Return what the user should know of how this question is read, such as that it is cut."""
