"""Which span of tokens is best, and which words are it?

In: logits of the tokens of one sentence. Out: the best span, widened to whole words of the text,
and how much all its spans weigh together.
Pure functions; tokens are numbers and half-open ranges, text is counted in code points.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Span

Logits = NDArray[np.float32]

_JOINER = "\N{ZERO WIDTH JOINER}"
_INSIDE_WORDS = frozenset("'’.,:·")
_APOSTROPHES = frozenset("'’·")


def best_span(start: Logits, end: Logits, limit: int) -> tuple[float, int, int]:
    """Return the highest `start[i] + end[j]` with i <= j < i + limit, then i and j.

    Of equal sums the one that begins first, and of these the shortest.

    >>> best_span(np.array([0, 5, 1], np.float32), np.array([9, 0, 2], np.float32), 2)
    (9.0, 0, 0)
    """
    sums = _sums(start, end, limit)
    place = int(np.argmax(sums))
    first, last = divmod(place, len(end))
    return float(sums[first, last]), first, last


def weight_of_spans(start: Logits, end: Logits, limit: int) -> float:
    """Return the logarithm of the sum of exp(`start[i] + end[j]`) with i <= j < i + limit.

    Less the logit of no answer, that is the log odds that the answer lies among these tokens,
    wherever it begins and ends.

    >>> weight_of_spans(np.array([1], np.float32), np.array([2], np.float32), 3)
    3.0
    """
    sums = _sums(start, end, limit).astype(np.float64)
    highest = sums.max()
    return float(highest + np.log(np.exp(sums - highest).sum()))


def tokens_of(offsets: Sequence[tuple[int, int]], span: Span) -> range:
    """Return the numbers of the tokens that begin in a span of the text.

    Args:
        offsets: where each token stands in the text, in order.
        span: a sentence, say.

    >>> tokens_of([(0, 3), (4, 9), (9, 10), (11, 14)], Span(4, 10))
    range(1, 3)
    """
    return range(
        bisect_left(offsets, span.start, key=lambda offset: offset[0]),
        bisect_left(offsets, span.end, key=lambda offset: offset[0]),
    )


def whole_words(text: str, span: Span, within: Span) -> Span:
    """Return a span widened to whole words, inside `within`, without white space at its ends.

    A combining character, what an emoji is joined from, "don't" and "4.7" are not taken apart.

    >>> whole_words("It cost $4.75 then.", Span(9, 10), Span(0, 19)).slice("It cost $4.75 then.")
    '4.75'
    """
    start, end = max(span.start, within.start), min(span.end, within.end)
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while start > within.start and _joined(text, start):
        start -= 1
    while end < within.end and _joined(text, end):
        end += 1
    return Span(start, end)


def _sums(start: Logits, end: Logits, limit: int) -> Logits:
    """Return start plus end of every span, shape (tokens, tokens); what is no span is -inf."""
    if not 0 < len(start) == len(end):
        raise ValueError(
            f"start and end must be equally long and not empty, got {len(start)} and {len(end)}"
        )
    sums: Logits = start[:, None] + end[None, :]
    lengths = np.arange(len(end))[None, :] - np.arange(len(start))[:, None]
    sums[(lengths < 0) | (lengths >= limit)] = -np.inf
    return sums


def _joined(text: str, place: int) -> bool:
    """Tell whether a word or a character goes on from `place - 1` to `place`."""
    left, right = text[place - 1], text[place]
    if right == _JOINER or left == _JOINER or _extends(right):
        return not left.isspace()
    if _in_word(left) and _in_word(right):
        return not (_is_word(left) or _is_word(right))
    before = text[place - 2 : place - 1]
    after = text[place + 1 : place + 2]
    return _links(before, left, right) or _links(left, right, after)


def _links(before: str, mark: str, after: str) -> bool:
    """Tell whether a mark stands inside a word, as an apostrophe does, or inside a number."""
    if mark not in _INSIDE_WORDS or not before or not after:
        return False
    if before.isdigit() and after.isdigit():
        return True
    return mark in _APOSTROPHES and before.isalpha() and after.isalpha()


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or _extends(character)


def _extends(character: str) -> bool:
    """Tell whether a character changes the one before it: an accent, a skin tone."""
    return unicodedata.category(character).startswith("M") or "🏻" <= character <= "🏿"


def _is_word(character: str) -> bool:
    """Tell whether a character is a word by itself, for the model too: Chinese characters."""
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"
