"""Spans of tokens: the best of a sentence, and the whole words of the text that it covers."""

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

    Ties go to the earliest, then the shortest span.

    >>> best_span(np.array([0, 5, 1], np.float32), np.array([9, 0, 2], np.float32), 2)
    (9.0, 0, 0)
    """
    sums = _sums(start, end, limit)
    first, last = divmod(int(np.argmax(sums)), len(end))
    return float(sums[first, last]), first, last


def logsumexp_of_spans(start: Logits, end: Logits, limit: int) -> float:
    """Return the logarithm of the sum of exp(`start[i] + end[j]`) with i <= j < i + limit.

    Minus the logit of no answer, these are the log odds that the answer lies among the tokens.

    >>> logsumexp_of_spans(np.array([1], np.float32), np.array([2], np.float32), 3)
    3.0
    """
    sums = _sums(start, end, limit).astype(np.float64)
    highest = sums.max()
    return float(highest + np.log(np.exp(sums - highest).sum()))


def tokens_in(offsets: Sequence[tuple[int, int]], span: Span) -> range:
    """Return the indices of the tokens that begin in a span, given the offsets of all in order.

    >>> tokens_in([(0, 3), (4, 9), (9, 10), (11, 14)], Span(4, 10))
    range(1, 3)
    """
    return range(
        bisect_left(offsets, span.start, key=lambda offset: offset[0]),
        bisect_left(offsets, span.end, key=lambda offset: offset[0]),
    )


def whole_words(text: str, span: Span, within: Span) -> Span:
    """Return a span widened to whole words inside `within`, without white space at its ends.

    Combining characters, joined emoji, "don't" and "4.7" stay together.

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
    """Return start plus end of every span, shape (tokens, tokens); -inf where there is none."""
    if not 0 < len(start) == len(end):
        raise ValueError(
            f"start and end must have the same length above 0, got {len(start)} and {len(end)}"
        )
    sums: Logits = start[:, None] + end[None, :]
    lengths = np.arange(len(end))[None, :] - np.arange(len(start))[:, None]
    sums[(lengths < 0) | (lengths >= limit)] = -np.inf
    return sums


def _joined(text: str, index: int) -> bool:
    """Tell whether a word or a character continues from `index - 1` to `index`."""
    left, right = text[index - 1], text[index]
    if right == _JOINER or left == _JOINER or _extends(right):
        return not left.isspace()
    if _in_word(left) and _in_word(right):
        return not (_is_word(left) or _is_word(right))
    before = text[index - 2 : index - 1]
    after = text[index + 1 : index + 2]
    return _links(before, left, right) or _links(left, right, after)


def _links(before: str, mark: str, after: str) -> bool:
    """Tell whether a mark is inside a word, such as an apostrophe, or inside a number."""
    if mark not in _INSIDE_WORDS or not before or not after:
        return False
    if before.isdigit() and after.isdigit():
        return True
    return mark in _APOSTROPHES and before.isalpha() and after.isalpha()


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or _extends(character)


def _extends(character: str) -> bool:
    """Tell whether a character modifies the one before it: an accent, a skin tone."""
    return unicodedata.category(character).startswith("M") or "🏻" <= character <= "🏿"


def _is_word(character: str) -> bool:
    """Tell whether a character is a token by itself: Chinese characters."""
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"
