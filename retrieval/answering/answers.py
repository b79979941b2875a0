"""Which quotes answer, in what order, in which state?

In: a question's hits and their readings. Out: an `Answer`, whose quotes are all citations.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer.documents import Span
from indexer.storage.staleness import Staleness
from indexer.store import Copy, StoredPassage
from indexer.text.analyzer import words
from retrieval.answering.citations import Citation
from retrieval.clock import Timings
from retrieval.ranking.hits import Hit
from retrieval.readers.protocol import Evidence, Reading

State = Literal["answered", "related", "not_found"]

# What makes another number of the same digits: a sign, a currency, a unit.
_SIGNS = re.compile(r"(?<!\w)[-−+](?=\s?[$€£¥₹]?\d)|[$€£¥₹](?=\s?\d)|(?<=\d)\s?[%‰°$€£¥₹]")


@dataclass(frozen=True, slots=True)
class Context:
    """The text of the passage around a quote, for reading it in place."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One to three whole sentences or a headline, with its score (0 to 1) and its citation.

    `copies` are the other articles that say it in the same words; `report` is the article that
    stands for the cited one and its copies, None where that is not known.
    """

    citation: Citation
    score: float
    context: Context
    copies: tuple[Copy, ...] = ()
    report: str | None = None


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered, and where its articles are.

    `stale` is None when it could not be taken in time.
    """

    path: str
    generation: int
    documents: int
    passages: int
    stale: Staleness | None
    corpus: tuple[str, ...]


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

    @property
    def reports(self) -> int:
        """How many independent reports the quotes are from: copies of one count once."""
        return len({quote.report or quote.citation.doc_id for quote in self.quotes})

    @property
    def copies(self) -> int:
        """How many other articles say one of the quotes too."""
        cited = {quote.citation.doc_id for quote in self.quotes}
        return len({copy.doc_id for quote in self.quotes for copy in quote.copies} - cited)

    def __post_init__(self) -> None:
        """Check that quotes and state agree."""
        if bool(self.quotes) != (self.state == "answered"):
            raise ValueError(f"state {self.state!r} does not go with {len(self.quotes)} quotes")


def reports_in_words(answer: Answer) -> str:
    """Say how many reports an answer rests on, for example `3 independent reports, 9 copies`."""
    reports, copies = answer.reports, answer.copies
    return (
        f"{reports:,} independent {'report' if reports == 1 else 'reports'}, "
        f"{copies:,} {'copy' if copies == 1 else 'copies'}"
    )


@dataclass(frozen=True, slots=True)
class ChosenQuote:
    """Evidence that is to be quoted, its document, and other documents that say the same."""

    doc_id: str
    passage_id: str
    evidence: Evidence
    copies: tuple[str, ...] = ()


def state_of(readings: Sequence[Reading], related: float, answered: float) -> State:
    """Return the state of an answer from absolute scores, never from scores of one query alone.

    Args:
        readings: what the reader found in each passage.
        related: the least relevance of a passage that bears on the question.
        answered: the least score of evidence that answers it.
    """
    relevance = max((reading.relevance for reading in readings), default=0.0)
    best = max((found.score for reading in readings for found in reading.evidence), default=0.0)
    if relevance < related:
        return "not_found"
    return "answered" if best >= answered else "related"


def choose_quotes(
    passages: Sequence[StoredPassage],
    readings: Sequence[Reading],
    max_quotes: int,
    answered: float,
) -> list[ChosenQuote]:
    """Return the quotes in the order in which they are shown: the best of each article first.

    Sentences that are equal but for white space, case and punctuation are one quote with copies;
    merely similar ones stay apart, since they may differ in a number or a denial. Signs, units and
    currencies beside a number are no punctuation.

    Args:
        passages: the passages that were read.
        readings: what was found in them, in the same order.
        max_quotes: how many to return at most.
        answered: the least score of evidence that is quoted.
    """
    found = [
        ChosenQuote(stored.passage.doc_id, stored.passage.passage_id, evidence)
        for stored, reading in zip(passages, readings, strict=True)
        for evidence in reading.evidence
        if evidence.score >= answered
    ]
    found.sort(key=lambda quote: (-quote.evidence.score, quote.doc_id, quote.evidence.quote))
    texts = {stored.passage.passage_id: stored for stored in passages}
    unique = _collapse_copies(found, texts)
    turns: Counter[str] = Counter()
    turn_of = []
    for quote in unique:
        turn_of.append((turns[quote.doc_id], quote))
        turns[quote.doc_id] += 1
    turn_of.sort(key=lambda item: item[0])
    return [quote for _, quote in turn_of[:max_quotes]]


def _collapse_copies(
    found: Sequence[ChosenQuote], passages: Mapping[str, StoredPassage]
) -> list[ChosenQuote]:
    """Keep the best of equal sentences and of overlapping quotes of one article."""
    kept: dict[tuple[str, ...], ChosenQuote] = {}
    taken: dict[str, list[Span]] = {}
    for quote in found:
        span = quote.evidence.quote
        if any(_overlap(span, other) for other in taken.get(quote.doc_id, [])):
            continue
        stored = passages[quote.passage_id]
        text = stored.text[span.start - stored.passage.start : span.end - stored.passage.start]
        key = (*words(text), *(sign.strip() for sign in _SIGNS.findall(text))) or (text,)
        first = kept.get(key)
        taken.setdefault(quote.doc_id, []).append(span)
        if first is None:
            kept[key] = quote
        elif quote.doc_id != first.doc_id and quote.doc_id not in first.copies:
            kept[key] = replace(first, copies=(*first.copies, quote.doc_id))
    return list(kept.values())


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
