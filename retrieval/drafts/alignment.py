"""Alignment of a quotation with an article: runs of words that agree, and what differs.

Where no article has all of it, parts of it may stand in several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from indexer.documents import Span
from indexer.store import StoredPassage
from indexer.text.analyzer import is_function_word
from retrieval.drafts.archive import Archive
from retrieval.drafts.quotations import Piece
from retrieval.drafts.words import WordText

# Words that brackets may stand for.
_LONGEST_REPLACED = 12
# A word that stands alone behind a gap this much longer than in the quotation agrees by chance.
_STRAY_GAP = 3
_STRAY_WORDS = 2
_LEAST_SLACK = 6
_TRIES = 100
# Fewer words stand in some article by chance.
_LEAST_WORDS, _LEAST_CONTENT = 5, 2
_LEAST_IN_SAME_ARTICLE = 3
_MOST_PARTS = 4
# Words of the phrases that are looked up, one after the other: short ones are common.
_PROBES = (10, 8, 6, _LEAST_WORDS)


class Gap(NamedTuple):
    """Words of a quotation and of an article that differ, as half-open ranges of word numbers.

    `piece` is the number of the quotation's piece, to whose words `first` and `last` belong.
    """

    piece: int
    first: int
    last: int
    there_first: int
    there_last: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a quotation stands in an article.

    Attributes:
        spans: where each piece stands: half-open ranges of word numbers of the article.
        gaps: what differs.
        matched: how many words agree.
        total: how many words the quotation has.
    """

    spans: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]
    matched: int
    total: int

    @property
    def first(self) -> int:
        """Number of the first word in the article."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """Number after the last word in the article."""
        return self.spans[-1][1]


def exact_alignments(pieces: Sequence[Piece], text: WordText) -> list[Alignment]:
    """Return every place where all pieces stand word for word, in their order."""
    total = sum(len(piece.words) for piece in pieces)
    if not all(text.has(piece.keys) for piece in pieces):
        return []
    places = [text.places(piece.keys, _TRIES) for piece in pieces]
    found: list[Alignment] = []
    for begin in places[0]:
        spans = [(begin, begin + len(pieces[0].words))]
        for piece, starts in zip(pieces[1:], places[1:], strict=True):
            end = spans[-1][1]
            limit = end + _LONGEST_REPLACED if piece.join == "brackets" else len(text.keys)
            later = next((start for start in starts if end <= start <= limit), None)
            if later is None:
                break
            spans.append((later, later + len(piece.words)))
        else:
            if found and found[-1].last == spans[-1][1]:
                found.pop()  # the same end, begun later: less is left out
            found.append(Alignment(tuple(spans), (), total, total))
    return found


def align(pieces: Sequence[Piece], text: WordText) -> Alignment | None:
    """Return the best alignment of the pieces, in their order; None if nothing agrees."""
    order = sorted(range(len(pieces)), key=lambda number: -len(pieces[number].words))
    spans: dict[int, tuple[int, int]] = {}
    gaps: list[Gap] = []
    matched = 0
    for number in order:
        before = [spans[each][1] for each in spans if each < number]
        after = [spans[each][0] for each in spans if each > number]
        low, high = max(before, default=0), min(after, default=len(text.keys))
        aligned = _align_piece(number, pieces[number].keys, text, low, high)
        if aligned is None:
            if not spans:
                return None
            place = max(before, default=0) if before else min(after)
            gaps.append(Gap(number, 0, len(pieces[number].words), place, place))
            spans[number] = (place, place)
            continue
        spans[number], found, agree = aligned
        gaps += found
        matched += agree
    total = sum(len(piece.words) for piece in pieces)
    ordered = tuple(spans[number] for number in range(len(pieces)))
    return Alignment(ordered, tuple(sorted(gaps)), matched, total)


def _align_piece(
    number: int, keys: list[str], text: WordText, low: int, high: int
) -> tuple[tuple[int, int], list[Gap], int] | None:
    count, there = len(keys), text.keys
    matcher = SequenceMatcher(None, there, keys, autojunk=False)
    anchor = matcher.find_longest_match(low, high, 0, count)
    if not anchor.size:
        return None
    slack = max(_LEAST_SLACK, count // 2)
    begin = max(low, anchor.a - anchor.b - slack)
    end = min(high, anchor.a + count - anchor.b + slack)
    matcher.set_seq1(there[begin:end])
    blocks = [
        (block.b, block.a + begin, block.size) for block in matcher.get_matching_blocks()[:-1]
    ]
    blocks = _without_strays(blocks)
    return _gaps_between(number, keys, text, blocks, (low, high))


def _without_strays(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Leave out blocks at both ends that are short and far away."""

    def is_stray(edge: tuple[int, int, int], one: int, other: int) -> bool:
        return edge[2] <= _STRAY_WORDS and other > one + _STRAY_GAP

    while len(blocks) > 1:
        (q0, d0, size), (q1, d1, _) = blocks[0], blocks[1]
        if not is_stray(blocks[0], q1 - q0 - size, d1 - d0 - size):
            break
        blocks = blocks[1:]
    while len(blocks) > 1:
        (q0, d0, size), (q1, d1, _) = blocks[-2], blocks[-1]
        if not is_stray(blocks[-1], q1 - q0 - size, d1 - d0 - size):
            break
        blocks = blocks[:-1]
    return blocks


def _gaps_between(
    number: int,
    keys: list[str],
    text: WordText,
    blocks: list[tuple[int, int, int]],
    limits: tuple[int, int],
) -> tuple[tuple[int, int], list[Gap], int]:
    there = text.keys
    matched = sum(size for _, _, size in blocks)
    head, tail = blocks[0], blocks[-1]
    end, left = tail[1] + tail[2], len(keys) - tail[0] - tail[2]
    # What stands beside the ends, in their sentences, stands for what the quotation has there.
    low, high = max(limits[0], head[1] - head[0] - 3), min(limits[1], end + left + 3)
    low = max([low, *(n for n in range(low, head[1] + 1) if text.begins_sentence(n))])
    high = min([high, *(n for n in range(end, high) if text.begins_sentence(n))])
    first = head[1] - _beside(keys[: head[0]], there[low : head[1]], -1)
    last = end + _beside(keys[len(keys) - left :], there[end:high], 1)
    ranges = [(0, head[0], first, head[1])]
    for (q0, d0, size), (q1, d1, _) in pairwise(blocks):
        ranges.append((q0 + size, q1, d0 + size, d1))
    ranges.append((len(keys) - left, len(keys), end, last))
    gaps = []
    for q0, q1, d0, d1 in ranges:
        if q0 < q1 and "".join(keys[q0:q1]) == "".join(there[d0:d1]):
            matched += q1 - q0  # "health care" and "healthcare"
        elif q0 < q1 or d0 < d1:
            gaps.append(Gap(number, q0, q1, d0, d1))
    return (first, last), gaps, matched


def _beside(keys: list[str], there: list[str], direction: int) -> int:
    """Return how many words of the article, counted from a run, stand for the words beside it."""
    for count in range(1, min(len(there), len(keys) + 3) + 1):
        beside = there[:count] if direction > 0 else there[-count:]
        if "".join(beside) == "".join(keys):
            return count
    return min(len(keys), len(there))


def find_parts(
    archive: Archive, pieces: Sequence[Piece], near: Sequence[StoredPassage]
) -> list[tuple[str, Span]]:
    """Return where the parts of a quotation stand, in their order; empty if no four cover it.

    Each part is as long as possible, and too long to stand somewhere by chance.

    Args:
        archive: all articles.
        pieces: of the quotation.
        near: passages to try first.
    """
    parts: list[tuple[str, Span]] = []
    for piece in pieces:
        first = 0
        while first < len(piece.words):
            part = None
            if len(parts) < _MOST_PARTS:
                part = _next_part(archive, piece, first, [doc_id for doc_id, _ in parts], near)
            if part is None:
                return []
            doc_id, span, first = part
            parts.append((doc_id, span))
    return parts


def _next_part(
    archive: Archive,
    piece: Piece,
    first: int,
    used: Sequence[str],
    near: Sequence[StoredPassage],
) -> tuple[str, Span, int] | None:
    """Return the longest run of words from `first` on, and after which word it ends."""
    doc_id = _article_with_longest_run(archive, piece, first, used, near)
    if doc_id is None:
        return None
    text = archive.words(doc_id)
    last = _end_of_run(text, piece.keys, first)
    begin = first
    while begin > 0 and text.has(piece.keys[begin - 1 : last]):
        begin -= 1
    if not _is_long(piece.keys[begin:last], same_article=doc_id in used):
        return None
    place = text.places(piece.keys[first:last], 1)[0]
    words = text.words[place : place + last - first]
    return doc_id, Span(words[0].start, words[-1].end), last


def _article_with_longest_run(
    archive: Archive,
    piece: Piece,
    first: int,
    used: Sequence[str],
    near: Sequence[StoredPassage],
) -> str | None:
    ends = {doc_id: _end_of_run(archive.words(doc_id), piece.keys, first) for doc_id in used}
    for stored in near:
        end = _end_of_run(WordText(stored.text), piece.keys, first)
        ends[stored.passage.doc_id] = max(end, ends.get(stored.passage.doc_id, first))
    for count in _PROBES:
        if max(ends.values(), default=first) >= min(first + count, len(piece.words)):
            break
        rest = piece.words[first : first + count]
        for stored in archive.with_phrase(piece.text[rest[0].start : rest[-1].end]):
            end = _end_of_run(WordText(stored.text), piece.keys, first)
            ends[stored.passage.doc_id] = max(end, ends.get(stored.passage.doc_id, first))
    # The first of equally long ones.
    best = max(ends, key=ends.__getitem__, default=None)
    return best if best is not None and ends[best] > first else None


def _end_of_run(text: WordText, keys: list[str], first: int) -> int:
    """Return after which word the longest run from `first` on ends."""
    low, high = first, len(keys)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text.has(keys[first:middle]) else (low, middle - 1)
    return low


def _is_long(keys: list[str], *, same_article: bool) -> bool:
    if same_article:
        return len(keys) >= _LEAST_IN_SAME_ARTICLE
    content = sum(not is_function_word(key) for key in keys)
    return len(keys) >= _LEAST_WORDS and content >= _LEAST_CONTENT
