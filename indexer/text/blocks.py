"""Blocks of a text: its paragraphs, each one line or several lines of a wrapped text.

Offsets count code points of the unchanged text, each of which but white space is in one block.
"""

import re
from itertools import pairwise
from typing import NamedTuple

TITLE_MAX_CHARS = 250

_TITLE_MAX_WORDS = 30
_PROSE_MIN_WORDS = 12
_MIN_WRAP, _MAX_WRAP = 55, 110
_WRAP_SLACK = 15
_WRAPPED_SHARE = 0.4
_WIDTH_QUANTILE = 0.95
_MIN_WRAPPED_LINES = 3
_ITEM_REACH = 8
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]")
_LETTERS_A_WORD = 2
_SENTENCE_END = re.compile(r"[.!?。！？؟۔।॥።…‥]\W{0,6}$")
_ENDS = frozenset(".!?")
_OPEN_END = re.compile(r"[.。۔।॥።,;:，：；،]\W{0,6}$")
_TEASER_ENDS = ("…", "..", "[…]", "[...]")
_ITEM = re.compile(r"(?:[*•·▪◦+-]|\d{1,3}[.)])\s|#{1,6}\s|\|")
_MARKS_BEFORE, _MARKS_AFTER = " #*_•·▪◦|>+-", " #*_|"


class Block(NamedTuple):
    """Span of a paragraph without outer white space, and its features.

    Attributes:
        start: offset of the first code point.
        end: offset after the last one.
        text: the span with white space folded.
        indent: columns before it.
        blanks: empty lines before it.
        words: number of words; in scripts without spaces, an estimate from the letters.
        bare: the text without list marks, heading marks and emphasis around it.
        ends_sentence: whether it ends like a sentence, quotes and brackets aside.
        is_teaser: whether it breaks off with an ellipsis.
    """

    # Not a frozen dataclass, whose creation takes three times as long.
    start: int
    end: int
    text: str
    indent: int
    blanks: int
    words: int
    bare: str
    ends_sentence: bool
    is_teaser: bool

    @property
    def is_item(self) -> bool:
        """Tell whether the block starts like a list item, a heading or a table row."""
        return bool(_ITEM.match(self.text))

    @property
    def is_prose(self) -> bool:
        """Tell whether the block is long and ends like a sentence."""
        return self.ends_sentence and not self.is_teaser and self.words >= _PROSE_MIN_WORDS

    @property
    def is_headline_like(self) -> bool:
        """Tell whether the block is short and ends with no period, comma or colon."""
        return (
            len(self.text) <= TITLE_MAX_CHARS
            and self.words <= _TITLE_MAX_WORDS
            and any(map(str.isalpha, self.text))
            and not _OPEN_END.search(self.text[-8:])
            and not self.is_teaser
        )


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    blanks: int

    @property
    def length(self) -> int:
        return self.end - self.start


def block_of(raw: str, start: int, end: int, indent: int = 0, blanks: int = 0) -> Block:
    """Return the block of a paragraph, given its unchanged text and position."""
    words = raw.split()
    text = " ".join(words)
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    short = len(text) <= TITLE_MAX_CHARS
    bare = text.lstrip(_MARKS_BEFORE).rstrip(_MARKS_AFTER) if short else text
    count = len(words) + unspaced // _LETTERS_A_WORD
    ends, teaser = _ends_sentence(text), text.endswith(_TEASER_ENDS)
    return Block(start, end, text, indent, blanks, count, bare, ends, teaser)


def split_blocks(text: str) -> list[Block]:
    """Return the blocks of `text`, in order."""
    lines = _lines(text)
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    first = 0
    for i, line in enumerate(lines, 1):
        if width and i < len(lines) and _is_wrapped(text, line, lines[i], width):
            continue
        start, _, indent, blanks = lines[first]
        blocks.append(block_of(text[start : line.end], start, line.end, indent, blanks))
        first = i
    return blocks


def _ends_sentence(text: str) -> bool:
    last = text[-1:]
    # Looked up first, because most lines end with one of these or a letter.
    return last in _ENDS or (not last.isalnum() and bool(_SENTENCE_END.search(text[-8:])))


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    position = blanks = 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            indent = len(raw) - len(raw.lstrip())
            start = position + indent
            found.append(_Line(start, start + len(body), indent, blanks))
            blanks = 0
        else:
            blanks += 1
        position += len(raw)
    return found


def _wrap_width(text: str, lines: list[_Line]) -> int | None:
    """Return the width that the text was wrapped to; None if each line is a paragraph.

    In a wrapped text, many lines with another right below nearly fill the width and stop in
    mid-sentence.
    """
    above = [
        line
        for line, below in pairwise(lines)
        if not below.blanks and line.length >= _MIN_WRAP - _WRAP_SLACK
        if not _starts_item(text, line)
    ]
    if len(above) < _MIN_WRAPPED_LINES:
        return None
    width = sorted(line.length for line in above)[int(_WIDTH_QUANTILE * (len(above) - 1))]
    full = [line for line in above if width - _WRAP_SLACK <= line.length <= width]
    broken = [line for line in full if not _SENTENCE_END.search(text[line.end - 8 : line.end])]
    wrapped = _MIN_WRAP <= width <= _MAX_WRAP and len(broken) >= _WRAPPED_SHARE * len(above)
    return width if wrapped else None


def _starts_item(text: str, line: _Line) -> bool:
    return bool(_ITEM.match(text[line.start : line.start + _ITEM_REACH]))


def _is_wrapped(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether `line` was broken because the next word did not fit."""
    if following.blanks or _starts_item(text, following):
        return False
    next_word = text[following.start : following.start + width].split(maxsplit=1)[0]
    return line.length + 1 + len(next_word) > width
