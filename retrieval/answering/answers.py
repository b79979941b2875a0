"""Values that `SearchEngine` returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from indexer.storage.staleness import Staleness
from indexer.store import Copy
from retrieval.answering.citations import Citation
from retrieval.clock import Timings
from retrieval.ranking.hits import Hit
from retrieval.readers.protocol import Reading
from retrieval.settings import Thresholds

State = Literal["answered", "possible", "related", "not_found"]

QUOTED: Final[tuple[State, ...]] = ("answered", "possible")
"""The states in which an answer has quotes."""


@dataclass(frozen=True, slots=True)
class Context:
    """The text of a passage around a quote."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One to three whole sentences or a headline, with a score from 0 to 1 and a citation.

    `copies` are the other articles that say it in the same words; `story` is the doc_id that
    represents the cited article and its copies, None where unknown. A quote whose score is too low
    for an answer is not `confirmed`.
    """

    citation: Citation
    score: float
    context: Context
    copies: tuple[Copy, ...] = ()
    story: str | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """An index and the location of its articles; `stale` is None if checking took too long."""

    path: str
    generation: int
    documents: int
    passages: int
    stale: Staleness | None
    corpus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Result of `search`: hits in rank order, and warnings for the user."""

    question: str
    hits: tuple[Hit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings


@dataclass(frozen=True, slots=True)
class Answer:
    """Result of `answer`; it has quotes if and only if the state is one of `QUOTED`."""

    question: str
    state: State
    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings

    @property
    def stories(self) -> int:
        """Number of independent stories among the quotes: copies of one count once."""
        return len({quote.story or quote.citation.doc_id for quote in self.quotes})

    @property
    def copies(self) -> int:
        """Number of other articles that contain one of the quotes."""
        cited = {quote.citation.doc_id for quote in self.quotes}
        return len({copy.doc_id for quote in self.quotes for copy in quote.copies} - cited)

    def __post_init__(self) -> None:
        """Check that quotes and state agree."""
        if bool(self.quotes) != (self.state in QUOTED):
            raise ValueError(f"state {self.state!r} does not go with {len(self.quotes)} quotes")


def format_stories(answer: Answer) -> str:
    """Return what an answer rests on, for example `3 separate reports, plus 9 reprints`."""
    stories, copies = answer.stories, answer.copies
    return (
        f"{stories:,} separate {'report' if stories == 1 else 'reports'}, "
        f"plus {copies:,} {'reprint' if copies == 1 else 'reprints'}"
    )


def state_of(readings: Sequence[Reading], thresholds: Thresholds) -> State:
    """Return the state of an answer, by its best passage and its best evidence."""
    relevance = max((reading.relevance for reading in readings), default=0.0)
    best = max((found.score for reading in readings for found in reading.evidence), default=0.0)
    if relevance < thresholds.related:
        return "not_found"
    if best >= thresholds.answered:
        return "answered"
    return "possible" if best >= thresholds.possible else "related"
