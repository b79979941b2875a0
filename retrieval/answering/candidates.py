"""Candidates for quotes: the best sentences that were read, and the chance that each answers."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.store import StoredPassage
from indexer.text.analyzer import content_terms, terms, words
from retrieval.answering.features import answer_kind, is_of_kind, is_of_other_date, overlap
from retrieval.ranking.hits import Hit, RetrieverRank
from retrieval.readers.protocol import Evidence, Reader, Reading

FEATURES: Final = (
    "score",
    "margin",
    "relevance",
    "best relevance",
    "score alone",
    "relevance alone",
    "same mark alone",
    "rank",
    "fused",
    "bm25 rank",
    "dense rank",
    "overlap",
    "overlap with passage",
    "names",
    "headline",
    "unfinished",
    "highlight length",
    "right kind",
    "wrong kind",
    "other date",
)
"""Names of a candidate's features, in order; scores and relevances are logits, ranks logarithms."""

MOST: Final = 8  # candidates of a question
_LEAST: Final = 0.001
_LARGEST: Final = 700.0  # larger sums overflow exp
_NOT_FOUND: Final = 101  # rank of a passage that a retriever did not find
# Sentences without an end are subheadings, captions or teasers of other stories.
_FINISHED: Final = re.compile(r"[.!?…][\"”’')\]]*\s*$")
_CAPITAL: Final = re.compile(r"(?<=[\w,;:’'”\"] )[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Evidence of a passage; its features are in the order of `FEATURES`, or none."""

    stored: StoredPassage
    evidence: Evidence
    features: tuple[float, ...] = ()


def scored_candidates(
    reader: Reader, question: str, hits: Sequence[Hit], readings: Sequence[Reading]
) -> list[Candidate]:
    """Return candidates with the score that decides: the chance to be right, best first.

    A reader without a calibrator keeps its own scores.

    Args:
        reader: what made the readings.
        question: as it was read.
        hits: the passages, in fused order.
        readings: of the hits, in the same order.
    """
    if reader.calibrator is None:
        found = [
            Candidate(hit.found, evidence)
            for hit, reading in zip(hits, readings, strict=True)
            for evidence in reading.evidence
        ]
    else:
        found = [
            replace(each, evidence=replace(each.evidence, score=chance(reader.calibrator, each)))
            for each in find_candidates(reader, question, hits, readings)
        ]
    return sorted(
        found,
        key=lambda each: (
            -each.evidence.score,
            each.stored.passage.passage_id,
            each.evidence.quote,
        ),
    )


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
    reader: Reader, question: str, hits: Sequence[Hit], readings: Sequence[Reading]
) -> list[Candidate]:
    """Return the best evidence of the passages that were read, by the reader's score.

    The reader reads each candidate once more without the rest of its passage: what answers only
    because of a neighbour is seldom right. Arguments as of `scored_candidates`.
    """
    found = [
        _Found(hit, reading, evidence)
        for hit, reading in zip(hits, readings, strict=True)
        for evidence in reading.evidence
    ]
    found.sort(key=lambda each: (-each.evidence.score, each.hit.passage_id, each.evidence.quote))
    best = found[:MOST]
    scores = [each.evidence.score for each in found[:2]] + [0.0]
    shared = {"best relevance": logit(highest_relevance(readings))}
    names = _names_in(question, [hit.found.text for hit in hits])
    alone = reader.read(question, [_narrowed(each) for each in best])
    candidates = []
    for number, (each, again) in enumerate(zip(best, alone, strict=True)):
        features = (
            shared
            | _reading_features(each, again, other=scores[1 if number == 0 else 0])
            | _ranking_features(each.hit)
            | _text_features(question, names, each)
        )
        values = tuple(features[name] for name in FEATURES)
        candidates.append(Candidate(each.hit.found, each.evidence, values))
    return candidates


def logit(score: float) -> float:
    """Return the log odds of a score, bounded.

    >>> logit(0.5), round(logit(0.0), 1)
    (0.0, -6.9)
    """
    bounded = min(max(score, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    reading: Reading
    evidence: Evidence


def _reading_features(found: _Found, alone: Reading, other: float) -> dict[str, float]:
    """Return what the reader says, in the passage and alone, against the best other score."""
    evidence, again = found.evidence, next(iter(alone.evidence), None)
    same = again is not None and again.highlight.overlaps(evidence.highlight)
    return {
        "score": logit(evidence.score),
        "margin": logit(evidence.score) - logit(other),
        "relevance": logit(found.reading.relevance),
        "score alone": logit(again.score if again else 0.0),
        "relevance alone": logit(alone.relevance),
        "same mark alone": float(same),
    }


def _ranking_features(hit: Hit) -> dict[str, float]:
    """Return what search says of the passage."""
    return {
        "rank": math.log(hit.rank),
        "fused": hit.score,
        "bm25 rank": _log_rank(hit.explanation.bm25),
        "dense rank": _log_rank(hit.explanation.dense),
    }


def _text_features(question: str, names: frozenset[str], found: _Found) -> dict[str, float]:
    """Return what the words say of a candidate."""
    stored = found.hit.found
    text = f"{stored.heading}\n{stored.text}"
    quote, mark = stored.slice(found.evidence.quote), stored.slice(found.evidence.highlight)
    of_kind = is_of_kind(answer_kind(question), mark)
    is_body = stored.passage.kind == "body"
    return {
        "overlap": overlap(question, quote),
        "overlap with passage": overlap(question, text),
        "names": _share(names, quote),
        "headline": float(words(quote) == words(stored.title or "")),
        "unfinished": float(is_body and not _FINISHED.search(quote)),
        "highlight length": math.log1p(len(mark.split())),
        "right kind": float(of_kind is True),
        "wrong kind": float(of_kind is False),
        "other date": float(is_of_other_date(question, stored.published, text)),
    }


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


def _names_in(question: str, texts: Sequence[str]) -> frozenset[str]:
    """Return the question's terms that the texts write with a capital inside sentences.

    The question's own capitals do not count: it may be typed without them.
    """
    capitals = {term for text in texts for term in terms(" ".join(_CAPITAL.findall(text)))}
    return frozenset(content_terms(question)) & capitals


def _share(names: frozenset[str], text: str) -> float:
    """Return the share of names that occur in a text; 1 without names."""
    return len(names.intersection(terms(text))) / len(names) if names else 1.0


def _log_rank(found: RetrieverRank | None) -> float:
    return math.log(found.rank if found else _NOT_FOUND)
