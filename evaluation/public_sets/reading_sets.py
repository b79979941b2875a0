"""Reader quality with given passages: no index, no search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ir_measures
import numpy as np

from evaluation.calibration import calibration_error
from evaluation.intervals import mean_of
from evaluation.measures import exact_match, token_f1
from evaluation.public_sets.data import (
    CandidateList,
    SpanQuestion,
    candidate_lists,
    news_evidence,
    sample,
    squad_dev,
)
from evaluation.public_sets.sets import HALVES, SQUAD_DEV, TRECQA_DEV, WIKIQA
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from retrieval.readers.protocol import Reader, Reading

SEED: Final = 20_240_229
_MAP, _MRR = ir_measures.parse_measure("AP"), ir_measures.parse_measure("RR")


@dataclass(frozen=True, slots=True)
class SpanOutcome:
    """Result of the best evidence of a passage, regardless of its score.

    `sentence_right` is whether the highlight's sentence contains an answer verbatim.
    """

    exact: float
    f1: float
    sentence_right: bool
    score: float


def measure_squad(work: Work) -> Entry:
    """Measure SQuAD v1.1 dev with gold paragraphs."""
    questions = sample(squad_dev(work.data / SQUAD_DEV), work.limit)
    return {"questions": len(questions), "measures": {"test": _spans(work, "squad-dev", questions)}}


def measure_news(work: Work) -> Entry:
    """Measure highlights in the given evidence of news questions, by half."""
    halves = news_evidence(work.data)
    found = {half: sample(halves[half], work.limit) for half in HALVES if halves[half]}
    return {
        "questions": {half: len(questions) for half, questions in found.items()},
        "measures": {
            half: _spans(work, f"news-reading {half}", questions)
            for half, questions in found.items()
        },
    }


def measure_wikiqa(work: Work) -> Entry:
    """Measure the ranking of candidate sentences of WikiQA."""
    return _lists(work, {half: candidate_lists(work.data / WIKIQA[half]) for half in HALVES})


def measure_trecqa(work: Work) -> Entry:
    """Measure the ranking of candidate sentences of TrecQA clean-dev."""
    return _lists(work, {"dev": candidate_lists(work.data / TRECQA_DEV)})


def judge_span(asked: SpanQuestion, reading: Reading) -> SpanOutcome:
    """Compare the highlight of the best evidence with the answers; no evidence is wrong."""
    if not reading.evidence:
        return SpanOutcome(0.0, 0.0, sentence_right=False, score=0.0)
    best = reading.evidence[0]
    offset, text = asked.passage.passage.start, asked.passage.text
    given = text[best.highlight.start - offset : best.highlight.end - offset]
    held = next(
        span
        for span in asked.passage.passage.sentences
        if span.start <= best.highlight.start < span.end
    )
    sentence = text[held.start - offset : held.end - offset]
    return SpanOutcome(
        exact=exact_match(given, asked.answers),
        f1=token_f1(given, asked.answers),
        sentence_right=any(answer in sentence for answer in asked.answers),
        score=best.score,
    )


def rank_candidates(scores: Sequence[float], generator: np.random.Generator) -> list[int]:
    """Return candidate numbers, best first; ties at random, as some files list right first."""
    order = np.lexsort((generator.random(len(scores)), -np.asarray(scores)))
    return [int(place) for place in order]


def measure_lists(
    lists: Sequence[CandidateList], rankings: Sequence[Sequence[int]]
) -> dict[str, list[float]]:
    """Return average precision and reciprocal rank per question, whose means are MAP and MRR."""
    qrels = {
        asked.id: {str(place): int(right) for place, right in enumerate(asked.right)}
        for asked in lists
    }
    run = {
        asked.id: {str(place): float(-rank) for rank, place in enumerate(ranking)}
        for asked, ranking in zip(lists, rankings, strict=True)
    }
    found: dict[str, dict[str, float]] = {str(_MAP): {}, str(_MRR): {}}
    for metric in ir_measures.iter_calc([_MAP, _MRR], qrels, run):
        found[str(metric.measure)][metric.query_id] = metric.value
    return {
        name: [found[str(kind)][asked.id] for asked in lists]
        for name, kind in (("MAP", _MAP), ("MRR", _MRR))
    }


def _spans(work: Work, name: str, questions: Sequence[SpanQuestion]) -> dict[str, Any]:
    reader = work.reader.reader
    outcomes = work.mapped(
        name,
        lambda asked: judge_span(asked, reader.read(asked.question, [asked.passage])[0]),
        questions,
    )
    right = [outcome.sentence_right for outcome in outcomes]
    return {
        "F1": mean_of([outcome.f1 for outcome in outcomes], of=100),
        "EM": mean_of([outcome.exact for outcome in outcomes], of=100),
        "right sentence": mean_of(right),
        "mean score": mean_of([outcome.score for outcome in outcomes]),
        "ECE": {"value": calibration_error([each.score for each in outcomes], right)},
    }


def _lists(work: Work, halves: dict[str, list[CandidateList]]) -> Entry:
    found = {half: sample(lists, work.limit) for half, lists in halves.items()}
    return {
        "questions": {half: len(lists) for half, lists in found.items()},
        "rule": (
            "questions with a right and a wrong candidate; ties broken at random; ranked by the "
            "score of the best evidence, or by relevance"
        ),
        "measures": {
            half: _ranked(work.reader.reader, lists, work.watched(f"sentences {half}", lists))
            for half, lists in found.items()
        },
    }


def _ranked(
    reader: Reader, lists: Sequence[CandidateList], watched: Iterable[CandidateList]
) -> dict[str, Any]:
    readings = [reader.read(asked.question, asked.passages) for asked in watched]
    evidence = [
        [each.evidence[0].score if each.evidence else 0.0 for each in found] for found in readings
    ]
    relevance = [[each.relevance for each in found] for found in readings]
    measures: dict[str, Any] = {}
    for suffix, scores in (("", evidence), (" by relevance", relevance)):
        generator = np.random.default_rng(SEED)
        rankings = [rank_candidates(each, generator) for each in scores]
        values = measure_lists(lists, rankings)
        measures |= {f"{name}{suffix}": mean_of(values[name]) for name in values}
    return measures
