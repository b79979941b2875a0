"""Quotations of a draft, and the pieces of each that an ellipsis or brackets separate."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from retrieval.drafts.marks import CLOSERS, SINGLE, Marked, pair_marks
from retrieval.drafts.words import Word, words_in

BLOCK_OPEN, BLOCK_CLOSE = "⟦", "⟧"
"""Marks that stand around a block quote in the text of a draft, in place of its markup."""

LONGEST = 10_000
"""Characters of a quotation that are checked."""

Join = Literal["", "ellipsis", "brackets"]

_BLOCK = re.compile(f"{BLOCK_OPEN}([^{BLOCK_OPEN}{BLOCK_CLOSE}]*){BLOCK_CLOSE}")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_BLANK = re.compile(r"\n[^\S\n]*\n")
_WRAPPED_LINES = 12
_MOST_PARAGRAPHS = 40
_MOST_TRIES = 3  # unclosed marks of a line, most of which are apostrophes
_CREDIT = re.compile(r"\s*\n\s*(?:[—–]|--?)\s*(?=[^\W\d_])([^\n]{2,120})\s*$")
_SPECIAL = re.compile(
    r"(?P<sic>\s*[\[(]\s*sic\s*[.!]?\s*[\])])"
    r"|(?P<dots>[\[(]\s*(?:…|\.(?:\s?\.)+)\s*[\])]|…|\.(?:\s?\.){2,})"
    r"|(?P<letter>(?<!\w)\[(?P<one>\w)\](?=\w))"
    r"|\w*\[(?P<put>[^\[\]\n]{1,200})\]\w*"
    r"|(?P<again>\n\s*(?P<mark>[“„«»‹›‘‚「『\"'])?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a quotation that must stand in the archive word for word.

    Attributes:
        text: without what the writer of the draft put in.
        words: its words; offsets are in `text`.
        join: what separates it from the piece before: "" if nothing does.
        put_in: the words in the brackets before it.
        adapted: whether brackets change the case of a letter.
    """

    text: str
    words: tuple[Word, ...] = field(repr=False)
    join: Join = ""
    put_in: str = ""
    adapted: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of its words."""
        return [word.key for word in self.words]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quotation of a draft.

    Attributes:
        text: its text without the marks, as the draft has it.
        start: offset in the draft's text, without the mark.
        end: where it ends, half-open.
        line: line of the draft where it starts, from 1.
        is_block: whether it is a block quote.
        is_closed: whether a mark closes it; else it goes on to the next mark or its line's end.
        credit: line under a block quote that names who said it.
        pieces: what must stand in the archive.
    """

    text: str
    start: int
    end: int
    line: int
    is_block: bool = False
    is_closed: bool = True
    credit: str = ""
    pieces: tuple[Piece, ...] = field(default=(), repr=False)


def find_quotations(text: str) -> list[Quotation]:
    """Return the outermost quotations of a draft in order; those without a word are left out.

    >>> [found.text for found in find_quotations("“We ‘may’ go,” she said in the '90s.")]
    ['We ‘may’ go,']
    """
    line_ends = list(accumulate(len(line) for line in text.splitlines(keepends=True)))
    found: list[Quotation] = []
    position = 0
    for block in _BLOCK.finditer(text):
        found += _quoted(text, position, block.start(), line_ends)
        found += _block(text, block.start(1), block.end(1), line_ends)
        position = block.end()
    found += _quoted(text, position, len(text), line_ends)
    return found


def _quoted(text: str, start: int, end: int, line_ends: list[int]) -> Iterator[Quotation]:
    for marked in _marked(text, start, end):
        pieces = split_pieces(text[marked.start : min(marked.end, marked.start + LONGEST)])
        if pieces and (marked.closed or marked.mark not in SINGLE):
            yield Quotation(
                text[marked.start : marked.end],
                marked.start,
                marked.end,
                bisect_right(line_ends, marked.start) + 1,
                is_closed=marked.closed,
                pieces=pieces,
            )


def _block(text: str, start: int, end: int, line_ends: list[int]) -> Iterator[Quotation]:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    credit = _CREDIT.search(text, start, end)
    if credit:
        end = credit.start()
    if end - start > 1 and text[end - 1] in CLOSERS.get(text[start], ""):
        inner = pair_marks(text, start, end)
        if len(inner) == 1 and inner[0].start == start + 1 and inner[0].end == end - 1:
            start, end = start + 1, end - 1
    pieces = split_pieces(text[start : min(end, start + LONGEST)])
    if pieces:
        line = bisect_right(line_ends, start) + 1
        said = credit[1].strip() if credit else ""
        yield Quotation(text[start:end], start, end, line, True, True, said, pieces)


def _marked(text: str, start: int, end: int) -> Iterator[Marked]:
    """Yield the ranges between marks, line by line; a quotation may go on in the lines below."""
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    number, position = 0, start
    while number < len(lines):
        position = max(position, lines[number][0])
        line_end = lines[number][1]
        number += 1
        if position >= line_end:
            continue
        tries = _MOST_TRIES
        for marked in pair_marks(text, position, line_end):
            longer = None
            if not marked.closed and tries:
                tries -= 1
                longer = _continued(text, marked, lines, number)
            yield longer or marked
            if longer:
                position = longer.end + 1
                while number < len(lines) and lines[number][1] <= position:
                    number += 1
                break


def _continued(
    text: str, opened: Marked, lines: list[tuple[int, int]], number: int
) -> Marked | None:
    """Return a quotation that a line leaves open, if the lines below close it.

    Below are the other lines of its paragraph, and paragraphs that begin with its mark again.
    """
    again: set[int] = set()
    wrapped = paragraphs = 0
    end = lines[number - 1][1]
    for start, stop in lines[number:]:
        first = start + len(text[start:stop]) - len(text[start:stop].lstrip())
        reopens = text[first] == opened.mark or text[first] in CLOSERS[opened.mark] == "»"
        if reopens:
            again.add(first)
        if _BLANK.search(text, end, first):
            paragraphs, wrapped = paragraphs + 1, 0
            if not reopens or paragraphs > _MOST_PARAGRAPHS:
                break
        wrapped += 1
        if wrapped > _WRAPPED_LINES:
            break
        end = stop
    longer = pair_marks(text, opened.start - 1, end, again)[0]
    return longer if longer.closed and longer.start == opened.start else None


def split_pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a quotation; [sic] and marks that only reopen it are left out.

    >>> [(piece.text, piece.join) for piece in split_pieces("[W]e will … follow [the president].")]
    [('We will', ''), ('follow', 'ellipsis')]
    """
    pieces: list[Piece] = []
    parts: list[str] = []
    join: Join = ""
    put_in, adapted, position = "", False, 0

    def finish() -> bool:
        said = "".join(parts)
        words = tuple(words_in(said))
        if not words:
            return False
        shown = said[words[0].start :].rstrip()
        first = words[0].start
        moved = tuple(w._replace(start=w.start - first, end=w.end - first) for w in words)
        pieces.append(
            Piece(shown, moved, join if pieces else "", put_in if pieces else "", adapted)
        )
        return True

    for match in _SPECIAL.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match["letter"]:
            parts.append(match["one"])
            adapted = True
        elif match["again"]:
            parts.append("\n")
        elif not match["sic"]:
            if finish():
                join, put_in, adapted = "", "", False
            join = "ellipsis" if match["dots"] or join == "ellipsis" else "brackets"
            put_in = f"{put_in} {match.group() if match['put'] else ''}".strip()
            parts = []
    parts.append(text[position:])
    finish()
    return tuple(pieces)
