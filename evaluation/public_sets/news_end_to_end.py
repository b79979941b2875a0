"""News end to end: questions answered by the engine, with and without the judged articles."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from evaluation.calibration import calibration_error, reliability, risk_coverage
from evaluation.collection import CollectionQuery
from evaluation.index_cache import EncodedCollection
from evaluation.intervals import Rows, mean_of, ratio_of, resampled
from evaluation.measures import holds_answer, normalised, token_f1
from evaluation.public_sets.abstention import thinned
from evaluation.public_sets.news_corpora import NewsQuestions
from evaluation.public_sets.raw_answers import Asker, RawAnswer, opened
from evaluation.public_sets.retrieval_sets import encoded, index_settings
from evaluation.public_sets.sets import HALVES
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from retrieval.answering.answers import QUOTED, State
from retrieval.answering.features import overlap

PRECISIONS: Final = (0.8, 0.9)
_FIRST: Final = 3
_MOST: Final = 0.5

Scores: TypeAlias = NDArray[np.float64]
Truth: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """Question answered with and without its judged articles and their copies."""

    query: CollectionQuery
    own: RawAnswer
    without: RawAnswer


@dataclass(frozen=True, slots=True)
class Outcome:
    """Judgement of one raw answer.

    `right` says of each of the first quotes whether it holds an answer; `f1` is of the first
    highlight.
    """

    state: State
    score: float
    relevance: float
    right: tuple[bool, ...]
    f1: float

    @property
    def answered(self) -> bool:
        """Whether the question counts as answered."""
        return self.state == "answered"

    @property
    def first_right(self) -> bool:
        """Whether the first quote holds an answer."""
        return any(self.right[:1])


@dataclass(frozen=True, slots=True)
class Pair:
    """Outcomes of one question with its articles and without them."""

    own: Outcome
    without: Outcome


def measure_news_answers(work: Work, size: int) -> Entry:
    """Measure both halves of the news questions over corpora of `size` articles."""
    news = NewsQuestions.load(work.data)
    found: dict[str, list[Pair]] = {half: [] for half in HALVES}
    settings: list[dict[str, Any]] = []
    for name, collection in news.corpora(size, work.limit):
        prepared = encoded(work, collection)
        settings.append(index_settings(prepared))
        for asked in ask_all(work, name, prepared):
            found[news.halves[asked.query.id]].append(pair_of(asked))
    parts = {half: pairs for half, pairs in found.items() if pairs}
    return {
        "questions": {half: len(pairs) for half, pairs in parts.items()},
        "settings": settings[0] | asdict(work.reader.reader.thresholds),
        "rule": (
            f"{len(settings)} corpora of {size:,} articles; a quote is right if it holds an "
            "answer or all its content words, or marks most of one; false answers: without the "
            "judged articles and their copies, answered by a quote that is not right; false leads: "
            "possible by such a quote; coverage "
            "and AUROC: of the first quote, however low its score"
        ),
        "measures": {half: measures_of(pairs) for half, pairs in parts.items()},
        "curves": {half: curves_of(pairs) for half, pairs in parts.items()},
    }


def ask_all(work: Work, name: str, prepared: EncodedCollection) -> list[AskedQuestion]:
    """Ask the questions of a corpus with their articles and without."""
    with opened(work, prepared.index) as asker:
        return [
            ask(asker, query, doc_ids)
            for query, doc_ids in work.watched(name, list(_judged_doc_ids(prepared)))
        ]


def ask(asker: Asker, query: CollectionQuery, judged: frozenset[str]) -> AskedQuestion:
    """Ask one question with its judged articles and without them and their copies."""
    return AskedQuestion(
        query, asker.ask(query.text), asker.ask(query.text, without=asker.copies(judged))
    )


def is_right(quote: str, highlight: str, answers: Sequence[str]) -> bool:
    """Return whether a quote holds an answer or all its content words, or marks most of one.

    >>> is_right("PepsiCo has a new logo.", "PepsiCo", ["Pepsi"])
    True
    """
    return holds_answer(quote, answers) or any(
        overlap(answer, quote) == 1 or _marks_most(highlight, answer) for answer in answers
    )


def outcome_of(query: CollectionQuery, raw: RawAnswer) -> Outcome:
    """Judge a raw answer."""
    citations = [quote.citation for quote in raw.answer.quotes[:_FIRST]]
    return Outcome(
        state=raw.state,
        score=raw.score,
        relevance=raw.relevance,
        right=tuple(
            is_right(citation.quote, citation.highlight, query.answers) for citation in citations
        ),
        f1=token_f1(citations[0].highlight, query.answers) if citations else 0.0,
    )


def pair_of(asked: AskedQuestion) -> Pair:
    """Judge both answers to a question."""
    return Pair(outcome_of(asked.query, asked.own), outcome_of(asked.query, asked.without))


def measures_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the measures with intervals over questions."""
    own, without = [pair.own for pair in pairs], [pair.without for pair in pairs]
    answered = [each.answered for each in own]
    shown_right = [each.answered and each.first_right for each in own]
    measures = {
        "answered": mean_of(answered),
        "answered and first quote right": mean_of(shown_right),
        "answered and right among first three": mean_of(
            [each.answered and any(each.right) for each in own]
        ),
        "answered or possible": mean_of([each.state in QUOTED for each in own]),
        "answered or possible, first quote right": mean_of(
            [each.state in QUOTED and each.first_right for each in own]
        ),
        "precision": ratio_of(shown_right, answered),
        "false answers": mean_of([each.answered and not each.first_right for each in without]),
        "false answers and false leads": mean_of(
            [each.state in QUOTED and not each.first_right for each in without]
        ),
        "answered by other articles": mean_of(
            [each.answered and each.first_right for each in without]
        ),
        "always answering, first quote right": mean_of([each.first_right for each in own]),
        "always answering, right among first three": mean_of([any(each.right) for each in own]),
        "always answering, F1 of the first highlight": mean_of([each.f1 for each in own], of=100),
    }
    measures |= {
        f"coverage at {precision:.0%} precision": _coverage(own, precision)
        for precision in PRECISIONS
    }
    scores, right = _scores(own)
    if not right.all() and right.any():
        measures["AUROC right/wrong first quote"] = resampled(
            len(own), lambda at: area(scores[at], right[at])
        )
    measures["AUROC answerable/unanswerable"] = _separation(pairs, lambda each: each.score)
    measures["AUROC answerable/unanswerable by relevance"] = _separation(
        pairs, lambda each: each.relevance
    )
    measures["ECE"] = {"value": calibration_error(*_lists(_both(pairs)))}
    return {name: found for name, found in measures.items() if found is not None}


def coverage_at(scores: Sequence[float], right: Sequence[bool], precision: float) -> float:
    """Return the highest coverage of which at least `precision` is right; 0 if there is none.

    >>> coverage_at([0.9, 0.8, 0.7], [True, False, True], 0.6)
    1.0
    """
    points = risk_coverage(scores, right)
    return max((each.coverage for each in points if 1 - each.risk >= precision), default=0.0)


def area(scores: Scores, right: Truth) -> float:
    """Return the AUROC from ranks, which resampling needs quickly; nan without both labels."""
    positives = int(right.sum())
    pairs = positives * (right.size - positives)
    if not pairs:
        return float("nan")
    ranks = rankdata(scores)[right].sum()
    return float((ranks - positives * (positives + 1) / 2) / pairs)


def curves_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the points of risk-coverage and reliability curves."""
    own, both = _lists([pair.own for pair in pairs]), _lists(_both(pairs))
    return {
        "risk": [asdict(point) for point in thinned(risk_coverage(*own))],
        "risk with and without": [asdict(point) for point in thinned(risk_coverage(*both))],
        "reliability": [asdict(each) for each in reliability(*both)],
    }


def _judged_doc_ids(
    prepared: EncodedCollection,
) -> list[tuple[CollectionQuery, frozenset[str]]]:
    doc_ids = {name: doc_id for doc_id, name in prepared.ids.items()}
    return [
        (query, frozenset(doc_ids[name] for name, grade in query.grades.items() if grade > 0))
        for query in prepared.collection.queries
    ]


def _marks_most(highlight: str, answer: str) -> bool:
    """Tell whether a highlight shares most words with an answer, its numbers among them."""
    marked = set(normalised(highlight).split())
    numbers = {word for word in normalised(answer).split() if not word.isalpha()}
    return token_f1(highlight, [answer]) > _MOST and numbers <= marked


def _both(pairs: Sequence[Pair]) -> list[Outcome]:
    return [outcome for pair in pairs for outcome in (pair.own, pair.without)]


def _scores(outcomes: Sequence[Outcome]) -> tuple[Scores, Truth]:
    return (
        np.array([each.score for each in outcomes]),
        np.array([each.first_right for each in outcomes], dtype=np.bool_),
    )


def _lists(outcomes: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    return [each.score for each in outcomes], [each.first_right for each in outcomes]


def _coverage(outcomes: Sequence[Outcome], precision: float) -> dict[str, float]:
    scores, right = _scores(outcomes)
    return resampled(
        len(outcomes), lambda at: coverage_at(scores[at].tolist(), right[at].tolist(), precision)
    )


def _separation(
    pairs: Sequence[Pair], score: Callable[[Outcome], float]
) -> dict[str, float] | None:
    """Return the AUROC of questions with their articles against those not answered elsewhere."""
    own = np.array([score(pair.own) for pair in pairs])
    without = np.array([score(pair.without) for pair in pairs])
    unanswerable = np.array([not pair.without.first_right for pair in pairs])
    if not unanswerable.any():
        return None

    def of(at: Rows) -> float:
        others = without[at][unanswerable[at]]
        labels = np.repeat([True, False], [len(at), len(others)])
        return area(np.concatenate([own[at], others]), labels)

    return resampled(len(pairs), of)
