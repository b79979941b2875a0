"""What do a model's logits say of a passage: how relevant is it, and which sentences answer?

In: logits of the windows of one passage. Out: its `Reading`. A sentence is judged in the windows
that hold it whole; one that no window holds whole is judged by its best part.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.evidence import ScoredSentence, choose_evidence
from retrieval.readers.protocol import Reading
from retrieval.readers.spans import Logits, best_span, tokens_of, weight_of_spans, whole_words
from retrieval.settings import SPAN_TOKENS

_LARGEST = 30.0  # beyond it a probability is 0 or 1 in print, and exp would overflow one day

Weights = tuple[float, float, float]
"""Weight of the relevance logit, weight of (all spans - no answer), intercept."""


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """Raw logits of one window; `start` and `end` of its passage tokens alone.

    `first` is the number of the first of them in the passage; `null` is the logit of no answer.
    """

    first: int
    start: Logits
    end: Logits
    null: float
    relevance: float


@dataclass(frozen=True, slots=True)
class _Found:
    """The best span of a sentence in one window: its tokens' numbers in the passage.

    `margin` counts all spans of the sentence: on questions held out from training, sentences ranked
    so were right more often than by their best span alone.
    """

    sentence: int
    first: int
    last: int
    margin: float
    relevance: float
    whole: bool


def probability(weights: Weights, relevance: float, margin: float) -> float:
    """Return what a logistic model makes of the relevance and of (all spans - no answer).

    >>> probability((0.5, 0.5, 0.0), 2.0, -2.0)
    0.5
    """
    total = weights[0] * relevance + weights[1] * margin + weights[2]
    # In this order what is not a number becomes 0, never 1.
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
        offsets: where each of its tokens stands in its text, in order.
        windows: the logits of its windows, which together hold every token.
        evidence_weights: for the score of a sentence.
        relevance_weights: for the relevance of the passage: its best window's.
    """
    start = stored.passage.start
    sentences = [Span(span.start - start, span.end - start) for span in stored.passage.sentences]
    tokens = [tokens_of(offsets, sentence) for sentence in sentences]
    found = [spans for window in windows for spans in _spans_in(window, tokens)]
    if not found:
        return Reading(0.0, ())
    relevance = max(probability(relevance_weights, one.relevance, one.margin) for one in found)
    scored = []
    for one in _best_of_each(found, evidence_weights):
        words = Span(offsets[one.first][0], offsets[one.last][1])
        highlight = whole_words(stored.text, words, sentences[one.sentence])
        scored.append(
            ScoredSentence(
                stored.passage.sentences[one.sentence],
                Span(highlight.start + start, highlight.end + start),
                probability(evidence_weights, one.relevance, one.margin),
            )
        )
    return Reading(relevance, choose_evidence(stored, scored))


def _spans_in(window: WindowLogits, sentences: Sequence[range]) -> Iterable[_Found]:
    """Yield the best span of every sentence, or part of one, that a window holds."""
    stop = window.first + len(window.start)
    for number, tokens in enumerate(sentences):
        first, last = max(tokens.start, window.first), min(tokens.stop, stop)
        if first >= last:
            continue
        part = slice(first - window.first, last - window.first)
        logits = window.start[part], window.end[part]
        _, begin, end = best_span(*logits, SPAN_TOKENS)
        whole = first == tokens.start and last == tokens.stop
        margin = weight_of_spans(*logits, SPAN_TOKENS) - window.null
        yield _Found(number, first + begin, first + end, margin, window.relevance, whole)


def _best_of_each(found: Iterable[_Found], weights: Weights) -> list[_Found]:
    """Return one span a sentence: the best of whole ones; of equal ones the earlier window's."""
    best: dict[int, _Found] = {}

    def rank(one: _Found) -> tuple[bool, float]:
        return one.whole, probability(weights, one.relevance, one.margin)

    for one in found:
        known = best.get(one.sentence)
        if known is None or rank(one) > rank(known):
            best[one.sentence] = one
    return list(best.values())
