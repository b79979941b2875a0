"""Where does one passage end and the next begin?

In: a document's text and the regions that cleaning kept. Out: passages made of whole sentences.
A passage never crosses a removed region and never splits a sentence, unless the sentence alone is
longer than the budget.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from indexer.cleaning import Cleaning
from indexer.documents import Passage, PassageKind, Span

SPLITTER_VERSION = 1

# The encoder truncates at 256 tokens; 128 leaves room for a title or a prompt and keeps a passage
# on one subject.
TARGET_TOKENS = 128

TokenCounter = Callable[[Sequence[str]], list[int]]

_WORD = re.compile(r"\S+\s*")

# sentencex panics on "B .", where the space is one of these: it takes every space for one byte.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of an overlong one, with its length in model tokens."""

    span: Span
    tokens: int


def sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of a paragraph, without the white space around them.

    Every code point of the paragraph that is not white space lies in exactly one sentence.

    >>> text = "He left. The U.S. stayed."
    >>> [sentence.slice(text) for sentence in sentences(text, Span(0, len(text)))]
    ['He left.', 'The U.S. stayed.']
    """
    # One space for one space: the offsets stay.
    plain = _WIDE_SPACE.sub(" ", span.slice(text))
    found = [
        trimmed(text, span.start + boundary["start_index"], span.start + boundary["end_index"])
        for boundary in get_sentence_boundaries("en", plain)
    ]
    return [sentence for sentence in found if sentence]


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends, or None when nothing else is in it."""
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    right = len(part.rstrip())
    return Span(start + left, start + right) if left < right else None


def split(doc_id: str, text: str, cleaning: Cleaning, count_tokens: TokenCounter) -> list[Passage]:
    """Return the passages of a document in the order of the text.

    Args:
        doc_id: the document's id.
        text: its untouched text.
        cleaning: which spans are the article, which line is its headline, which are list items.
        count_tokens: counts model tokens of each of a list of texts.
    """
    runs = [
        (kind, [span for paragraph in paragraphs for span in sentences(text, paragraph)])
        for paragraphs, kind in _blocks(cleaning)
    ]
    counts = iter(count_tokens([span.slice(text) for _, spans in runs for span in spans]))
    found: list[Passage] = []
    for kind, spans in runs:
        pieces = [
            piece for span in spans for piece in _pieces(text, span, next(counts), count_tokens)
        ]
        found.extend(_passage(doc_id, kind, group) for group in _groups(pieces))
    return found


def _passage(doc_id: str, kind: PassageKind, pieces: Sequence[_Piece]) -> Passage:
    spans = tuple(piece.span for piece in pieces)
    return Passage(doc_id, spans[0].start, spans[-1].end, kind, spans)


def _pieces(text: str, sentence: Span, tokens: int, count_tokens: TokenCounter) -> Iterator[_Piece]:
    """Cut a sentence that is longer than the budget at white space, else at any code point."""
    if tokens <= TARGET_TOKENS:
        yield _Piece(sentence, tokens)
        return
    parts = _parts(text, sentence)
    counts = count_tokens([part.slice(text) for part in parts])
    start, total = sentence.start, 0
    for part, count in zip(parts, counts, strict=True):
        if total and total + count > TARGET_TOKENS:
            span = trimmed(text, start, part.start)
            if span:
                yield _Piece(span, total)
            start, total = part.start, 0
        total += count
    span = trimmed(text, start, sentence.end)
    if span:
        yield _Piece(span, total)


def _parts(text: str, sentence: Span) -> list[Span]:
    """Return the words of a sentence; a word longer than the budget is cut into equal slices."""
    return [
        Span(start, min(start + TARGET_TOKENS, word.end()))
        for word in _WORD.finditer(text, sentence.start, sentence.end)
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
    """Tell whether one more sentence stays in the budget and brings the passage to its share."""
    return filled + tokens <= TARGET_TOKENS and filled + tokens / 2 <= goal


def _blocks(cleaning: Cleaning) -> Iterator[tuple[list[Span], PassageKind]]:
    """Yield runs of paragraphs that may share a passage: nothing removed lies between them."""
    removed = [region.start for region in cleaning.regions if not region.kept]
    items = {item.headline: item for item in cleaning.items}
    summaries = {item.summary for item in cleaning.items}
    run: list[Span] = []
    for paragraph in cleaning.paragraphs:
        alone = paragraph == cleaning.headline or paragraph in items or paragraph in summaries
        if run and (alone or _any_between(removed, run[-1].end, paragraph.start)):
            yield run, "body"
            run = []
        if paragraph in items:
            summary = items[paragraph].summary
            if _any_between(removed, paragraph.end, summary.start):
                yield [paragraph], "list_item"
                yield [summary], "list_item"
            else:
                yield [paragraph, summary], "list_item"
        elif paragraph == cleaning.headline:
            yield [paragraph], "headline"
        elif paragraph not in summaries:
            run.append(paragraph)
    if run:
        yield run, "body"


def _any_between(starts: Sequence[int], first: int, last: int) -> bool:
    """Tell whether one of the ascending offsets lies in [first, last)."""
    position = bisect_left(starts, first)
    return position < len(starts) and starts[position] < last
