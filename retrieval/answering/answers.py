"""Values that `SearchEngine` returns."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from indexer.storage.staleness import Staleness
from indexer.store import Copy
from retrieval.answering.citations import Citation
from retrieval.answering.markdown import citation_markdown, escape_markdown, quote_markdown
from retrieval.clock import Timings
from retrieval.query.spelling import UnknownWord
from retrieval.ranking.hits import Hit, round_score
from retrieval.settings import Thresholds

State = Literal["answered", "possible", "related", "not_found"]

QUOTED: Final[tuple[State, ...]] = ("answered", "possible")
"""The states in which an answer has quotes."""

JSON_FORMAT = 1
"""Fields of `to_dict` may be added to a format, never renamed or removed."""

STATE_TEXTS: Final[dict[State, str]] = {
    "answered": "",
    "possible": "Possible answer, not confirmed. Check it in context:",
    "related": "No confident answer. It may be here:",
    "not_found": "No answer found in these articles.",
}
"""The state of an answer in words; nothing where the quotes say it."""

_TIMING_DECIMALS = 1


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

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them."""
        return {
            "quote": self.citation.quote,
            "highlight": self.citation.highlight,
            "score": round_score(self.score),
            "confirmed": self.confirmed,
            "citation": self.citation.to_dict(),
            "context": asdict(self.context),
            "copies": [asdict(copy) for copy in self.copies],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedHit(Hit):
    """A hit and the citation of its passage."""

    citation: Citation

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the fields as docs/json.md names them; with `explain`, how it was scored too."""
        passage = self.found.passage
        fields = {
            "rank": self.rank,
            "score": round_score(self.score),
            "passage_id": self.passage_id,
            "doc_id": passage.doc_id,
            "start": passage.start,
            "end": passage.end,
            "kind": passage.kind,
            "text": self.found.text,
            "citation": self.citation.to_dict(),
            "copies": [asdict(copy) for copy in self.copies],
        }
        return fields | ({"explain": self.explanation.to_dict()} if explain else {})


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """An index and the location of its articles; `stale` is None if checking took too long."""

    path: str
    generation: int
    documents: int
    passages: int
    stale: Staleness | None
    corpus: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them.

        The corpus is left out: the same articles give the same answer, wherever they lie.
        """
        fields = asdict(self)
        del fields["corpus"]
        return fields


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Result of `search`: hits in rank order, and warnings for the user."""

    question: str
    hits: tuple[CitedHit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings
    unknown_words: tuple[UnknownWord, ...] = ()

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the fields of docs/json.md: an answer's, without its state and quotes."""
        return {
            "format": JSON_FORMAT,
            "question": self.question,
            "warnings": list(self.warnings),
            **_found(self, explain=explain),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Result of `answer`; it has quotes if and only if the state is one of `QUOTED`.

    `leads` are the best sentences of an answer that is only `related`, none of them confirmed.
    """

    question: str
    state: State
    quotes: tuple[Quote, ...]
    hits: tuple[CitedHit, ...]
    index: IndexInfo
    warnings: tuple[str, ...]
    timings: Timings
    leads: tuple[Quote, ...] = ()
    unknown_words: tuple[UnknownWord, ...] = ()

    @property
    def stories(self) -> int:
        """Number of independent stories among the quotes: copies of one count once."""
        return len({quote.story or quote.citation.doc_id for quote in self.quotes})

    @property
    def copies(self) -> int:
        """Number of other articles that contain one of the quotes."""
        cited = {quote.citation.doc_id for quote in self.quotes}
        return len({copy.doc_id for quote in self.quotes for copy in quote.copies} - cited)

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the fields of docs/json.md; with `explain`, how hits were scored too."""
        return {
            "format": JSON_FORMAT,
            "question": self.question,
            "state": self.state,
            "warnings": list(self.warnings),
            "reports": self.stories,
            "copies": self.copies,
            "quotes": [quote.to_dict() for quote in self.quotes],
            "leads": [quote.to_dict() for quote in self.leads],
            **_found(self, explain=explain),
        }

    def to_markdown(self) -> str:
        """Return the question, the state and the quotes with their citations as Markdown."""
        parts = [f"# {escape_markdown(self.question)}"]
        if STATE_TEXTS[self.state]:
            parts.append(f"**{STATE_TEXTS[self.state]}**")
        for number, quote in enumerate(self.quotes, 1):
            possible = "" if quote.confirmed else " (possible)"
            about = citation_markdown(quote.citation)
            parts += [quote_markdown(quote.citation), f"{number}{possible}. {about}"]
            parts += map(escape_markdown, quote.citation.remarks)
        return "\n\n".join(parts) + "\n"

    def __post_init__(self) -> None:
        """Check that quotes and state agree."""
        if bool(self.quotes) != (self.state in QUOTED):
            raise ValueError(f"state {self.state!r} does not go with {len(self.quotes)} quotes")


def _found(result: Answer | SearchResult, *, explain: bool) -> dict[str, Any]:
    timings = asdict(result.timings).items()
    return {
        "unknown_words": [asdict(each) for each in result.unknown_words],
        "hits": [hit.to_dict(explain=explain) for hit in result.hits],
        "index": result.index.to_dict(),
        "timings_ms": {step: round(spent, _TIMING_DECIMALS) for step, spent in timings},
    }


def format_stories(answer: Answer) -> str:
    """Return what an answer rests on, for example `3 separate reports, plus 9 reprints`."""
    stories, copies = answer.stories, answer.copies
    return (
        f"{stories:,} separate {'report' if stories == 1 else 'reports'}, "
        f"plus {copies:,} {'reprint' if copies == 1 else 'reprints'}"
    )


def state_of(relevance: float, score: float, thresholds: Thresholds) -> State:
    """Return the state of an answer.

    Args:
        relevance: of the best passage.
        score: of the best candidate.
        thresholds: the reader's.
    """
    if relevance < thresholds.related:
        return "not_found"
    if score >= thresholds.answered:
        return "answered"
    return "possible" if score >= thresholds.possible else "related"
