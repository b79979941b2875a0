"""Readings from the logits of a passage's windows.

A sentence is scored in the windows that hold it whole, or by its best part if none does.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.evidence import choose_evidence
from retrieval.readers.protocol import Evidence, Reading
from retrieval.readers.spans import Logits, best_span, logsumexp_of_spans, tokens_in, whole_words
from retrieval.settings import SPAN_TOKENS

_LARGEST = 30.0  # larger logits give 0 or 1 in print; much larger ones overflow exp

Weights = tuple[float, float, float]
"""Weight of the relevance logit, weight of (all spans - no answer), intercept."""


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """Raw logits of one window; `start` and `end` are those of its passage tokens.

    `first` is the index of the first of them in the passage; `null` is the logit of no answer.
    """

    first: int
    start: Logits
    end: Logits
    null: float
    relevance: float


@dataclass(frozen=True, slots=True)
class _BestSpan:
    """Best span of a sentence in one window, as token indices in the passage.

    `margin` sums over all spans of the sentence: on questions held out from training, that ranked
    the right sentence first more often than the best span alone.
    """

    sentence: int
    first: int
    last: int
    margin: float
    relevance: float
    whole: bool


def probability(weights: Weights, relevance: float, margin: float) -> float:
    """Return the logistic of the weighted relevance and (all spans - no answer).

    >>> probability((0.5, 0.5, 0.0), 2.0, -2.0)
    0.5
    """
    total = weights[0] * relevance + weights[1] * margin + weights[2]
    # In this order NaN becomes 0, never 1.
    return 1.0 / (1.0 + math.exp(-min(_LARGEST, max(-_LARGEST, total))))


def reading_of(
    stored: StoredPassage,
    offsets: Sequence[tuple[int, int]],
    windows: Sequence[WindowLogits],
    evidence_weights: Weights,
    relevance_weights: Weights,
) -> Reading:
    """Return the reading of one passage.

    Args:
        stored: the passage.
        offsets: of each token in its text, in order.
        windows: the logits of its windows, which together hold every token.
        evidence_weights: for the score of a sentence.
        relevance_weights: for the relevance of the passage, that of its best window.
    """
    start = stored.passage.start
    sentences = [Span(span.start - start, span.end - start) for span in stored.passage.sentences]
    tokens = [tokens_in(offsets, sentence) for sentence in sentences]
    found = [spans for window in windows for spans in _spans_in(window, tokens)]
    if not found:
        return Reading(0.0, ())
    relevance = max(probability(relevance_weights, one.relevance, one.margin) for one in found)
    scored = []
    for one in _best_of_each(found, evidence_weights):
        words = Span(offsets[one.first][0], offsets[one.last][1])
        highlight = whole_words(stored.text, words, sentences[one.sentence])
        scored.append(
            Evidence(
                stored.passage.sentences[one.sentence],
                Span(highlight.start + start, highlight.end + start),
                probability(evidence_weights, one.relevance, one.margin),
            )
        )
    return Reading(relevance, choose_evidence(stored, scored))


def _spans_in(window: WindowLogits, sentences: Sequence[range]) -> Iterable[_BestSpan]:
    """Yield the best span of each sentence, or part of one, in a window."""
    stop = window.first + len(window.start)
    for number, tokens in enumerate(sentences):
        first, last = max(tokens.start, window.first), min(tokens.stop, stop)
        if first >= last:
            continue
        part = slice(first - window.first, last - window.first)
        logits = window.start[part], window.end[part]
        _, begin, end = best_span(*logits, SPAN_TOKENS)
        whole = first == tokens.start and last == tokens.stop
        margin = logsumexp_of_spans(*logits, SPAN_TOKENS) - window.null
        yield _BestSpan(number, first + begin, first + end, margin, window.relevance, whole)


def _best_of_each(found: Iterable[_BestSpan], weights: Weights) -> list[_BestSpan]:
    """Return one span per sentence: whole ones first, then the best, then the earliest."""
    best: dict[int, _BestSpan] = {}

    def rank(one: _BestSpan) -> tuple[bool, float]:
        return one.whole, probability(weights, one.relevance, one.margin)

    for one in found:
        known = best.get(one.sentence)
        if known is None or rank(one) > rank(known):
            best[one.sentence] = one
    return list(best.values())
