"""Answers to a collection's questions compared with the known ones; unanswered counts as wrong."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import get_args

import numpy as np

from evaluation.calibration import (
    CoveragePoint,
    ReliabilityBin,
    aurc,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)
from evaluation.collection import CollectionQuery
from evaluation.intervals import Estimate, estimate
from evaluation.measures import exact_match, holds_answer, problem_of, token_f1
from evaluation.question_report import Ratio
from evaluation.runs import DEPTH, FIRST, Answerer, as_plain_text
from indexer.progress import NoProgress, Progress
from retrieval.answering.answers import Answer, State

_STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """Result of one question.

    `exact` and `f1` judge the first quote's highlight; `right` is whether the first quote holds an
    answer, `score` its score. `holding` of the `quotes` hold an answer; they come from `documents`
    distinct documents. All of these count confirmed quotes only: a possible answer is none. Of all
    `cited` quotes, `invalid` describes those missing from their file.
    """

    query_id: str
    state: State
    exact: float
    f1: float
    right: bool
    score: float
    quotes: int
    holding: int
    documents: int
    cited: int
    invalid: tuple[str, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """Calibration of the first quote's score over answered questions.

    `auroc` is None if all first quotes were right, or all wrong.
    """

    auroc: float | None
    aurc: float
    calibration_error: float
    coverage: tuple[CoveragePoint, ...] = field(repr=False)
    reliability: tuple[ReliabilityBin, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """Measures over all questions.

    `citations` is over all quotes, `quote_precision` over confirmed ones; `first_right`,
    `documents` (a mean) and `scores` over answered questions.
    """

    questions: int
    states: dict[State, int]
    exact: Estimate
    f1: Estimate
    first_right: Ratio
    quote_precision: Ratio
    citations: Ratio
    invalid_citations: tuple[str, ...]
    documents: float | None
    scores: ScoreSummary | None
    median_ms: float
    p95_ms: float


def answer_queries(
    engine: Answerer,
    queries: Sequence[CollectionQuery],
    articles: Path,
    progress: Progress | None = None,
) -> list[AnswerOutcome]:
    """Ask every query with known answers."""
    shown = progress or NoProgress()
    asked = [query for query in queries if query.answers]
    shown.stage("answer", len(asked))
    outcomes = []
    for query in asked:
        text = as_plain_text(query.text)
        begun = time.perf_counter()
        answer = engine.answer(text, max_quotes=FIRST, k=DEPTH, collapse=False)
        milliseconds = 1000 * (time.perf_counter() - begun)
        outcomes.append(judge_answer(query, answer, articles, milliseconds))
        shown.advance()
    shown.close()
    return outcomes


def judge_answer(
    query: CollectionQuery, answer: Answer, articles: Path, milliseconds: float
) -> AnswerOutcome:
    """Compare an answer with the known ones, and its citations with the files."""
    quotes = answer.quotes[:FIRST]
    confirmed = [quote for quote in quotes if quote.confirmed]
    citations = [quote.citation for quote in confirmed]
    problems = (problem_of(quote.citation, articles) for quote in quotes)
    holding = [holds_answer(citation.quote, query.answers) for citation in citations]
    highlight = citations[0].highlight if citations else None
    return AnswerOutcome(
        query_id=query.id,
        state=answer.state,
        exact=0.0 if highlight is None else exact_match(highlight, query.answers),
        f1=0.0 if highlight is None else token_f1(highlight, query.answers),
        right=any(holding[:1]),
        score=confirmed[0].score if confirmed else 0.0,
        quotes=len(citations),
        holding=sum(holding),
        documents=len({citation.doc_id for citation in citations}),
        cited=len(quotes),
        invalid=tuple(f"{query.id}: {problem}" for problem in problems if problem),
        milliseconds=milliseconds,
    )


def summarise_answers(outcomes: Sequence[AnswerOutcome]) -> AnswerSummary:
    """Aggregate outcomes.

    Raises:
        ValueError: if there are none.
    """
    if not outcomes:
        raise ValueError("outcomes must hold at least one question, got none")
    answered = [each for each in outcomes if each.state == "answered"]
    cited = sum(each.cited for each in outcomes)
    invalid = tuple(problem for each in outcomes for problem in each.invalid)
    times = [each.milliseconds for each in outcomes]
    return AnswerSummary(
        questions=len(outcomes),
        states={state: sum(each.state == state for each in outcomes) for state in _STATES},
        exact=estimate([each.exact for each in outcomes]),
        f1=estimate([each.f1 for each in outcomes]),
        first_right=Ratio(sum(each.right for each in answered), len(answered)),
        quote_precision=Ratio(
            sum(each.holding for each in outcomes), sum(each.quotes for each in outcomes)
        ),
        citations=Ratio(cited - len(invalid), cited),
        invalid_citations=invalid,
        documents=mean(each.documents for each in answered) if answered else None,
        scores=_scores(answered) if answered else None,
        median_ms=median(times),
        p95_ms=float(np.percentile(times, 95)),
    )


def _scores(answered: Iterable[AnswerOutcome]) -> ScoreSummary:
    scores, right = zip(*((each.score, each.right) for each in answered), strict=True)
    return ScoreSummary(
        auroc=auroc(scores, right) if len(set(right)) > 1 else None,
        aurc=aurc(scores, right),
        calibration_error=calibration_error(scores, right),
        coverage=tuple(risk_coverage(scores, right)),
        reliability=tuple(reliability(scores, right)),
    )
