"""Runs: the documents that each mode ranks for every query, with times.

A document scores as its best passage; dates neither filter nor rank.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evaluation.collection import CollectionQuery
from indexer.progress import NoProgress, Progress
from indexer.store import StoredPassage
from retrieval.answering.answers import Answer, SearchResult
from retrieval.answering.candidates import highest_score, scored_candidates
from retrieval.query.filters import FIELDS
from retrieval.ranking.hits import FIRST_RANK, Explanation, Hit, RetrieverRank
from retrieval.ranking.ranker import MODES, Mode
from retrieval.readers.protocol import Reader
from retrieval.settings import RETRIEVAL_DEPTH

FIRST = 5
"""Hits and quotes that count for recall: what a user sees without scrolling."""

DEPTH = 10
"""Hits requested beside the quotes."""

RANKED = 100
"""Documents ranked per query."""

_DISPLAYED = ("bm25", "dense", "hybrid", "reranked")
# The reader reorders the first hits of a hybrid search; the hybrid ranking follows.
_CONTINUED_AS: Mapping[str, Mode] = {"reranked": "hybrid"}
# Every character that the query parser reads as a quotation mark.
_QUOTATION = re.compile('["“”„‟«»＂]')
_MINUS = re.compile(r"(?<!\S)-+(?=[^\s-])")
_FIELD = re.compile(rf"(?i:\b({'|'.join(FIELDS)}))\s*[:：=]")


class Answerer(Protocol):
    """The part of `SearchEngine` that answers questions."""

    def answer(self, question: str, *, max_quotes: int, k: int, collapse: bool) -> Answer:
        """Return at most `max_quotes` quotes and `k` hits."""


class Searcher(Protocol):
    """The part of `SearchEngine` that searches passages."""

    def search(self, query: str, k: int, mode: Mode, *, collapse: bool) -> SearchResult:
        """Return at most `k` passages, best first."""


@dataclass(frozen=True, slots=True)
class Run:
    """Document ids (best first) and milliseconds per query in one mode; distinct warnings."""

    mode: Mode
    rankings: tuple[tuple[str, ...], ...] = field(repr=False)
    milliseconds: tuple[float, ...] = field(repr=False)
    warnings: tuple[str, ...] = ()


def displayed(modes: Iterable[Mode] = MODES) -> tuple[Mode, ...]:
    """Return modes in report order, from the simplest to the most costly."""
    rank = {name: number for number, name in enumerate(_DISPLAYED)}
    return tuple(sorted(modes, key=lambda mode: rank.get(mode, len(rank))))


def run_mode(
    engine: Searcher,
    queries: Sequence[CollectionQuery],
    ids: Mapping[str, str],
    mode: Mode,
    progress: Progress | None = None,
) -> Run:
    """Run every query in one mode.

    The first ranks are those of the default search, so that nDCG@10 and RR@10 measure what users
    get. If its passages come from fewer than RANKED documents, deeper searches append more, since
    recall at 100 needs 100 documents. Only the default search is timed, after a warm-up. Copies
    are not collapsed: judged documents may be copies of each other.

    Args:
        engine: searched.
        queries: at least one.
        ids: maps each doc_id to the collection's document id.
        mode: of the search.
        progress: advanced once per query.
    """
    shown = progress or NoProgress()
    shown.stage(mode, len(queries))
    engine.search(as_plain_text(queries[0].text), RETRIEVAL_DEPTH, mode, collapse=False)
    rankings, milliseconds = [], []
    warnings: dict[str, None] = {}
    for query in queries:
        text = as_plain_text(query.text)
        begun = time.perf_counter()
        found = engine.search(text, RETRIEVAL_DEPTH, mode, collapse=False)
        milliseconds.append(1000 * (time.perf_counter() - begun))
        warnings |= dict.fromkeys(found.warnings)
        rankings.append(tuple(ids[doc_id] for doc_id in _ranking(engine, text, mode, found)))
        shown.advance()
    shown.close()
    return Run(mode, tuple(rankings), tuple(milliseconds), tuple(warnings))


def best_score(reader: Reader, question: str, passage: StoredPassage) -> float:
    """Return the score that decides about one passage, as if search had found nothing else."""
    found = RetrieverRank(FIRST_RANK, 1.0)
    hit = Hit(passage, 1.0, FIRST_RANK, Explanation(found, found, ""))
    candidates = scored_candidates(
        reader, question, [hit], reader.read(question, [passage]), articles=1
    )
    return highest_score(candidates)


def as_plain_text(text: str) -> str:
    """Return a query with the same words and without operators.

    Claims and headlines may hold quotation marks, dashes and colons that restrict nothing.

    >>> as_plain_text('the "safe" dose -- or source:x -5 degrees')
    'the  safe  dose -- or source x –5 degrees'
    """
    unquoted = _QUOTATION.sub(" ", text)
    return _MINUS.sub("–", _FIELD.sub(r"\1 ", unquoted))


def _ranking(engine: Searcher, text: str, mode: Mode, found: SearchResult) -> list[str]:
    """Return the doc_ids of the default search, then those of deeper ones, up to RANKED."""
    documents = _documents(found)
    passages, depth = len(found.hits), RETRIEVAL_DEPTH
    while len(documents) < RANKED and passages == depth:
        depth *= 2
        deeper = engine.search(text, depth, _CONTINUED_AS.get(mode, mode), collapse=False)
        passages = len(deeper.hits)
        documents |= _documents(deeper)
    return list(documents)[:RANKED]


def _documents(found: SearchResult) -> dict[str, None]:
    """Return each document once, at the rank of its best passage."""
    return dict.fromkeys(hit.found.passage.doc_id for hit in found.hits)
