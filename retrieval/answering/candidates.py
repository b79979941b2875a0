"""Candidates for quotes: the best sentences that were read, and the chance that each answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.store import StoredPassage
from indexer.text.analyzer import words
from retrieval.answering.features import answer_kind, suits
from retrieval.answering.parties import swapped, with_capitals
from retrieval.answering.withdrawn import restated
from retrieval.query.days import other_date
from retrieval.ranking.hits import Hit
from retrieval.readers.protocol import Evidence, Reader, Reading

FEATURES: Final = (
    "score",
    "score alone",
    "relevance alone",
    "rank",
    "headline",
    "wrong kind",
    "other date",
    "articles",
    "exchanged",
)
"""Names of a candidate's features, in order; scores and relevance are logits, rank and articles
logarithms, and exchanged is by how many logits the sentence answers the question with its two
parties exchanged better, negative or 0."""

MOST: Final = 8  # candidates of a question
# The smaller corpora that the calibrator was fitted on have no near misses; those of users do.
_FEWEST: Final = 200
_LEAST: Final = 0.001
_LARGEST: Final = 700.0  # larger sums overflow exp


@dataclass(frozen=True, slots=True)
class Candidate:
    """Evidence of a passage; its features are in the order of `FEATURES`, or none."""

    stored: StoredPassage
    evidence: Evidence
    features: tuple[float, ...] = ()


def scored_candidates(
    reader: Reader,
    question: str,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    articles: int,
) -> list[Candidate]:
    """Return candidates with the score that decides: the chance to be right.

    A reader without a calibrator keeps its own scores. What a notice of correction withdraws is no
    answer.

    Args:
        reader: what made the readings.
        question: as it was read.
        hits: the passages, in fused order.
        readings: of the hits, in the same order.
        articles: number of articles that were searched: near misses grow with it.
    """
    weights = reader.calibrator
    if weights is None:
        found = [
            Candidate(hit.found, evidence)
            for hit, reading in zip(hits, readings, strict=True)
            for evidence in reading.evidence
        ]
    else:
        found = [
            replace(each, evidence=replace(each.evidence, score=chance(weights, each)))
            for each in find_candidates(reader, question, hits, readings, articles)
        ]
    return [replace(each, evidence=restated(each.stored, each.evidence)) for each in found]


def highest_relevance(readings: Sequence[Reading]) -> float:
    """Return the relevance of the best passage; 0 without one."""
    return max((reading.relevance for reading in readings), default=0.0)


def highest_score(candidates: Sequence[Candidate]) -> float:
    """Return the score of the best candidate; 0 without one."""
    return max((candidate.evidence.score for candidate in candidates), default=0.0)


def chance(weights: Mapping[str, float], candidate: Candidate) -> float:
    """Return the chance, 0 to 1, that a candidate answers: a logistic model over its features."""
    total = weights["intercept"] + sum(
        weights.get(name, 0.0) * value
        for name, value in zip(FEATURES, candidate.features, strict=True)
    )
    # In this order NaN becomes 0, never 1.
    return 1.0 / (1.0 + math.exp(-min(_LARGEST, max(-_LARGEST, total))))


def find_candidates(
    reader: Reader,
    question: str,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    articles: int,
) -> list[Candidate]:
    """Return the best evidence of the passages that were read, by the reader's score.

    The reader reads each candidate once more without the rest of its passage: what answers only
    because of a neighbour is seldom right. It also reads the question with its two parties
    exchanged: what answers that as well does not tell who did it to whom. Arguments as of
    `scored_candidates`.
    """
    found = [
        _Found(hit, evidence)
        for hit, reading in zip(hits, readings, strict=True)
        for evidence in reading.evidence
    ]
    found.sort(key=lambda each: (-each.evidence.score, each.hit.passage_id, each.evidence.quote))
    best = found[:MOST]
    kind = answer_kind(question)
    candidates = []
    narrowed = [_narrowed(each) for each in best]
    alone = reader.read(question, narrowed)
    other_way = swapped(with_capitals(question, (hit.found.text for hit in hits)))
    exchanged = alone if other_way is None else reader.read(other_way, narrowed)
    for each, again, other in zip(best, alone, exchanged, strict=True):
        stored, evidence = each.hit.found, each.evidence
        mark, quote = stored.slice(evidence.highlight), stored.slice(evidence.quote)
        text = f"{stored.heading}\n{stored.text}"
        features = {
            "score": logit(evidence.score),
            "score alone": _score(again),
            "relevance alone": logit(again.relevance),
            "rank": math.log(each.hit.rank),
            "headline": float(words(quote) == words(stored.title or "")),
            "wrong kind": float(not suits(kind, mark)),
            "other date": other_date(question, stored.published, text, quote),
            "articles": math.log(max(articles, _FEWEST)),
            "exchanged": min(0.0, _score(again) - _score(other)),
        }
        candidates.append(Candidate(stored, evidence, tuple(features[name] for name in FEATURES)))
    return candidates


def logit(score: float) -> float:
    """Return the log odds of a score, bounded.

    >>> logit(0.5), round(logit(0.0), 1)
    (0.0, -6.9)
    """
    bounded = min(max(score, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def _score(reading: Reading) -> float:
    return logit(max((found.score for found in reading.evidence), default=0.0))


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    evidence: Evidence


def _narrowed(found: _Found) -> StoredPassage:
    """Return the part of a passage that is quoted, as a passage."""
    stored, quote = found.hit.found, found.evidence.quote
    passage = replace(
        stored.passage,
        start=quote.start,
        end=quote.end,
        sentences=tuple(each for each in stored.passage.sentences if quote.contains(each)),
    )
    return replace(stored, passage=passage, text=stored.slice(quote))
