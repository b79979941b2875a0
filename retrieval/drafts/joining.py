"""Cover of a quotation by parts that stand in different places of the archive."""

from collections.abc import Sequence

from indexer.documents import Span
from indexer.store import StoredPassage
from indexer.text.analyzer import is_function_word
from retrieval.drafts.archive import Archive
from retrieval.drafts.quotations import Piece
from retrieval.drafts.words import WordText

# Fewer words stand in some article by chance.
_LEAST_WORDS, _LEAST_CONTENT = 5, 2
_LEAST_IN_SAME_ARTICLE = 3
_MOST_PARTS = 4
# Words of the phrases that are looked up, one after the other: short ones are common.
_PROBES = (10, 8, 6, _LEAST_WORDS)


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
