"""Which quotes answer, in what order, in which state?

In: a question's hits and their readings. Out: an `Answer`, whose quotes are all citations.
"""

from dataclasses import dataclass
from typing import Literal

from retrieval.citations import Citation
from retrieval.hits import Hit

State = Literal["answered", "related", "not_found"]


@dataclass(frozen=True, slots=True)
class Context:
    """The text of the passage around a quote, for reading it in place."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article with the same quote."""

    doc_id: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Quote:
    """One to three whole sentences or a headline, with its score (0 to 1) and its citation."""

    citation: Citation
    score: float
    context: Context
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Staleness:
    """How many files of the corpus differ from the index, by size and modification time."""

    changed: int
    added: int
    deleted: int


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered. `stale` is None when it could not be taken in time."""

    path: str
    generation: int
    documents: int
    passages: int
    stale: Staleness | None


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent, by step."""

    encode: float
    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What `search` returns: hits in rank order, and what the user should know."""

    question: str
    hits: tuple[Hit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings


@dataclass(frozen=True, slots=True)
class Answer:
    """What `answer` returns; `quotes` is empty unless the state is `answered`."""

    question: str
    state: State
    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings

    def __post_init__(self) -> None:
        """Check that quotes and state agree."""
        if bool(self.quotes) != (self.state == "answered"):
            raise ValueError(f"state {self.state!r} does not go with {len(self.quotes)} quotes")
