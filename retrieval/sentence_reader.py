"""Does this passage answer the question? The baseline reader: sentences, words and vectors.

In: a question and passages. Out: one `Reading` a passage. Two small logistic models weigh the
features of a sentence; their weights are in `settings`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.documents import Span
from indexer.encoder import Encoder
from indexer.store import StoredPassage
from retrieval import settings
from retrieval.antecedents import ScoredSentence, choose_evidence
from retrieval.asked_question import AskedQuestion, read_sentence, take_apart, vocabulary
from retrieval.question_form import typed_spans
from retrieval.reader import Reading
from retrieval.sentence_features import measure, relevance_features


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a passage with its features and its score from words alone."""

    passage: int
    span: Span
    text: str
    features: Mapping[str, float]
    score: float


class SentenceReader:
    """Scores each sentence of each passage; satisfies `Reader`.

    Without an encoder it weighs words alone. Only `encoded` sentences are compared by vector: the
    best of each passage by its words, then the best of the rest. A sentence longer than a quote
    may be is never quoted, since a quote is whole sentences.
    """

    def __init__(
        self, encoder: Encoder | None, *, encoded: int = settings.ENCODED_SENTENCES
    ) -> None:
        self._encoder = encoder
        self._encoded = encoded

    @property
    def thresholds(self) -> settings.Thresholds:
        """From which of its scores on something is related, or an answer."""
        return settings.SENTENCE_THRESHOLDS

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading a passage, in the order given; a question without words finds none."""
        asked = take_apart(question)
        if not asked.terms:
            return [Reading(0.0, ()) for _ in passages]
        found = [_candidates(asked, number, passage) for number, passage in enumerate(passages)]
        cosines = self._cosines(question, found)
        return [
            _reading(asked, passage, candidates, cosines)
            for passage, candidates in zip(passages, found, strict=True)
        ]

    def warnings(self, question: str) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's
        """Return nothing: every word of a question is read."""
        return ()

    def _cosines(
        self, question: str, found: Sequence[Sequence[_Candidate]]
    ) -> dict[tuple[int, int], float]:
        """Return cosines of question and sentence, by passage number and start."""
        if self._encoder is None:
            return {}
        chosen = _worth_encoding(found, self._encoded)
        if not chosen:
            return {}
        vectors = self._encoder.encode([question, *(candidate.text for candidate in chosen)])
        cosines = vectors[1:] @ vectors[0]
        return {
            (candidate.passage, candidate.span.start): float(cosine)
            for candidate, cosine in zip(chosen, cosines, strict=True)
        }


def logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability that a logistic model gives; features without a weight count 0."""
    total = weights["intercept"] + sum(
        weights.get(name, 0.0) * value for name, value in features.items()
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def _candidates(asked: AskedQuestion, number: int, stored: StoredPassage) -> list[_Candidate]:
    passage = stored.passage
    context = vocabulary(f"{stored.title or ''}\n{stored.text}")
    found = []
    for span in passage.sentences:
        text = stored.text[span.start - passage.start : span.end - passage.start]
        features = measure(asked, read_sentence(text), context)
        score = logistic(settings.SENTENCE_WEIGHTS_WITHOUT_VECTORS, features)
        found.append(_Candidate(number, span, text, features, score))
    return found


def _worth_encoding(found: Sequence[Sequence[_Candidate]], limit: int) -> list[_Candidate]:
    """Return the best sentence of each passage, then the best of the rest, up to the limit."""
    ranked = [sorted(group, key=_by_words) for group in found if group]
    first = [group[0] for group in ranked]
    rest = sorted((candidate for group in ranked for candidate in group[1:]), key=_by_words)
    return [*first, *rest][:limit]


def _by_words(candidate: _Candidate) -> tuple[float, int, int]:
    return (-candidate.score, candidate.passage, candidate.span.start)


def _reading(
    asked: AskedQuestion,
    stored: StoredPassage,
    candidates: Sequence[_Candidate],
    cosines: Mapping[tuple[int, int], float],
) -> Reading:
    scored = []
    for candidate in candidates:
        cosine = cosines.get((candidate.passage, candidate.span.start))
        score = candidate.score
        if cosine is not None:
            features = {**candidate.features, "cosine": cosine}
            score = logistic(settings.SENTENCE_WEIGHTS, features)
        scored.append(ScoredSentence(candidate.span, _highlight(asked, candidate), score))
    return Reading(_relevance(candidates, cosines), choose_evidence(stored, scored))


def _relevance(candidates: Sequence[_Candidate], cosines: Mapping[tuple[int, int], float]) -> float:
    if not candidates:
        return 0.0
    features = relevance_features([candidate.features for candidate in candidates])
    known = [
        cosines[key]
        for candidate in candidates
        if (key := (candidate.passage, candidate.span.start)) in cosines
    ]
    if not known:
        return logistic(settings.RELEVANCE_WEIGHTS_WITHOUT_VECTORS, features)
    return logistic(settings.RELEVANCE_WEIGHTS, {**features, "cosine": max(known)})


def _highlight(asked: AskedQuestion, candidate: _Candidate) -> Span:
    """Return the only span of the expected kind, else the sentence."""
    spans = typed_spans(asked.kind, candidate.text, asked.words)
    if len(spans) != 1:
        return candidate.span
    start = candidate.span.start
    return Span(start + spans[0].start, start + spans[0].end)
