"""Splitting of a cleaned document into passages of whole sentences.

A passage never crosses a removed region; only a sentence longer than the budget is cut.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from sentencex import get_sentence_boundaries

from indexer.cleaning.cleaner import Cleaning
from indexer.documents import Passage, PassageKind, Span

SPLITTER_VERSION = 3

# The encoder truncates at 256 tokens; 128 leaves room for a title or a prompt and keeps a passage
# on one subject.
TARGET_TOKENS = 128

TokenCounter = Callable[[Sequence[str]], list[int]]

_WORD = re.compile(r"\S+\s*")

# sentencex takes quadratic time: 20 ms for this many characters of short sentences, 50 s for eighty
# times as many.
_MOST_CHARACTERS = 5_000

# sentencex panics on "B ." with such a space, because it takes every space for one byte.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")


class _Piece(NamedTuple):
    """Sentence, or part of an overlong one, with its length in model tokens."""

    start: int
    end: int
    tokens: int


_Offsets: TypeAlias = tuple[int, int]


def sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of a paragraph, which cover all but the white space between them.

    >>> text = "He left. The U.S. stayed."
    >>> [sentence.slice(text) for sentence in sentences(text, Span(0, len(text)))]
    ['He left.', 'The U.S. stayed.']
    """
    return [Span(start, end) for start, end in _sentences(text, span)]


def _sentences(text: str, span: Span) -> list[_Offsets]:
    paragraph = text[span.start : span.end]
    # One space for another: the offsets stay.
    plain = paragraph if paragraph.isascii() else _WIDE_SPACE.sub(" ", paragraph)
    found: list[_Offsets] = []
    for first, last in _boundaries(plain):
        if offsets := trimmed(text, span.start + first, span.start + last):
            found.append(offsets)
    return found


def _boundaries(paragraph: str) -> Iterator[_Offsets]:
    """Yield the sentences of a paragraph, which is split piece by piece.

    The last sentence of a piece may go on in the next one, which therefore begins with it.
    """
    begin = 0
    while begin < len(paragraph):
        end = begin + _MOST_CHARACTERS
        boundaries = get_sentence_boundaries("en", paragraph[begin:end])
        found = [(begin + each["start_index"], begin + each["end_index"]) for each in boundaries]
        if end < len(paragraph) and len(found) > 1:
            end = found.pop()[0]
        yield from found
        begin = end


def trimmed(text: str, start: int, end: int) -> _Offsets | None:
    """Return the span without white space at its ends; None when nothing is left."""
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    right = len(part.rstrip())
    return (start + left, start + right) if left < right else None


def split(doc_id: str, text: str, cleaning: Cleaning, count_tokens: TokenCounter) -> list[Passage]:
    """Return the passages of a document in the order of its untouched text.

    `count_tokens` counts the model tokens of each of a list of texts.
    """
    runs = [
        (kind, [offsets for paragraph in paragraphs for offsets in _sentences(text, paragraph)])
        for paragraphs, kind in _blocks(cleaning)
    ]
    counts = iter(count_tokens([text[start:end] for _, found in runs for start, end in found]))
    passages: list[Passage] = []
    for kind, found in runs:
        pieces: list[_Piece] = []
        for (start, end), tokens in zip(found, counts, strict=False):
            if tokens <= TARGET_TOKENS:
                pieces.append(_Piece(start, end, tokens))
            else:
                pieces.extend(_cut(text, start, end, count_tokens))
        passages.extend(_passage(doc_id, kind, group) for group in _groups(pieces))
    return passages


def _passage(doc_id: str, kind: PassageKind, pieces: Sequence[_Piece]) -> Passage:
    spans = tuple(Span(start, end) for start, end, _ in pieces)
    return Passage(doc_id, pieces[0].start, pieces[-1].end, kind, spans)


def _cut(text: str, begin: int, end: int, count_tokens: TokenCounter) -> Iterator[_Piece]:
    """Cut a sentence that is longer than the budget at white space, else at any code point."""
    parts = _parts(text, begin, end)
    counts = count_tokens([text[first:last] for first, last in parts])
    start, total = begin, 0
    for (first, _), count in zip(parts, counts, strict=True):
        if total and total + count > TARGET_TOKENS:
            if offsets := trimmed(text, start, first):
                yield _Piece(*offsets, total)
            start, total = first, 0
        total += count
    if offsets := trimmed(text, start, end):
        yield _Piece(*offsets, total)


def _parts(text: str, begin: int, end: int) -> list[_Offsets]:
    """Return the words of a sentence; a word longer than the budget is cut into slices."""
    return [
        (start, min(start + TARGET_TOKENS, word.end()))
        for word in _WORD.finditer(text, begin, end)
        for start in range(word.start(), word.end(), TARGET_TOKENS)
    ]


def _groups(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """Fill passages evenly up to the budget, so that the last one is not a fragment."""
    position = 0
    left = sum(piece.tokens for piece in pieces)
    while position < len(pieces):
        passages_left = max(1, math.ceil(left / TARGET_TOKENS))
        goal = left / passages_left
        first, filled = position, 0
        while position < len(pieces) and (
            position == first or _fits(filled, pieces[position].tokens, goal)
        ):
            filled += pieces[position].tokens
            position += 1
        left -= filled
        yield pieces[first:position]


def _fits(filled: int, tokens: int, goal: float) -> bool:
    """Tell whether one more sentence fits the budget and brings the passage closer to its share."""
    return filled + tokens <= TARGET_TOKENS and filled + tokens / 2 <= goal


def _blocks(cleaning: Cleaning) -> Iterator[tuple[list[Span], PassageKind]]:
    """Yield runs of paragraphs that may share a passage: nothing removed lies between them."""
    removed = [region.start for region in cleaning.regions if not region.kept]
    # By their starts, which compare faster than spans; no two paragraphs share one.
    items = {item.headline.start: item for item in cleaning.items}
    summaries = {item.summary.start for item in cleaning.items}
    headline = cleaning.headline.start if cleaning.headline else -1
    run: list[Span] = []
    for paragraph in cleaning.paragraphs:
        start = paragraph.start
        alone = start == headline or start in items or start in summaries
        if run and (alone or _any_between(removed, run[-1].end, paragraph.start)):
            yield run, "body"
            run = []
        if start in items:
            summary = items[start].summary
            if _any_between(removed, paragraph.end, summary.start):
                yield [paragraph], "list_item"
                yield [summary], "list_item"
            else:
                yield [paragraph, summary], "list_item"
        elif start == headline:
            yield [paragraph], "headline"
        elif start not in summaries:
            run.append(paragraph)
    if run:
        yield run, "body"


def _any_between(starts: Sequence[int], first: int, last: int) -> bool:
    """Tell whether one of the ascending offsets lies in [first, last)."""
    position = bisect_left(starts, first)
    return position < len(starts) and starts[position] < last
