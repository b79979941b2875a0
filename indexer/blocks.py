"""Where are the paragraphs of a text, and what do they look like?

A block is one line, or several lines that were one paragraph before somebody wrapped it to a
width. All offsets count code points of the untouched text; every non-white-space code point lies
in exactly one block.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

PROSE_WORDS = 12
"""A block this long that ends like a sentence is taken for prose."""

TITLE_MAX_WORDS = 30
TITLE_MAX_CHARS = 250

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


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its span without outer white space, and its shape.

    `text` is the span with white space folded; `indent` and `blanks` count the columns and the
    empty lines before it. `words` is how many words; for scripts without spaces, an estimate from
    the letters. `bare` is the text without list marks, heading marks and emphasis around it;
    `ends_sentence` tells whether the last thing, quotes and brackets aside, is a sentence's end,
    `is_teaser` whether the text breaks off with an ellipsis.
    """

    start: int
    end: int
    text: str = field(repr=False)
    indent: int
    blanks: int
    words: int = field(init=False, repr=False, compare=False)
    bare: str = field(init=False, repr=False, compare=False)
    ends_sentence: bool = field(init=False, repr=False, compare=False)
    is_teaser: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find out once what every rule asks for."""
        text = self.text
        unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
        short = len(text) <= TITLE_MAX_CHARS
        bare = text.lstrip(_MARKS_BEFORE).rstrip(_MARKS_AFTER) if short else text
        object.__setattr__(self, "words", len(text.split()) + unspaced // _LETTERS_A_WORD)
        object.__setattr__(self, "bare", bare)
        object.__setattr__(self, "ends_sentence", _ends_sentence(text))
        object.__setattr__(self, "is_teaser", text.endswith(_TEASER_ENDS))

    @property
    def is_item(self) -> bool:
        """Tell whether the block starts like a list item, a heading mark or a table row."""
        return bool(_ITEM.match(self.text))

    @property
    def is_prose(self) -> bool:
        """Tell whether this reads as running text: long, and ending like a sentence."""
        return self.ends_sentence and not self.is_teaser and self.words >= PROSE_WORDS

    @property
    def is_headline_like(self) -> bool:
        """Tell whether this could be a headline: short, and ending in no period, comma or colon."""
        return (
            len(self.text) <= TITLE_MAX_CHARS
            and self.words <= TITLE_MAX_WORDS
            and any(map(str.isalpha, self.text))
            and not _OPEN_END.search(self.text[-8:])
            and not self.is_teaser
        )


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    blanks: int

    @property
    def length(self) -> int:
        return self.end - self.start


def split_blocks(text: str) -> list[Block]:
    """Return the blocks of `text`, in order."""
    lines = list(_lines(text))
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    first = 0
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following and width and _is_wrapped(text, line, following, width):
            continue
        start, head = lines[first].start, lines[first]
        folded = " ".join(text[start : line.end].split())
        blocks.append(Block(start, line.end, folded, head.indent, head.blanks))
        first = i + 1
    return blocks


def _ends_sentence(text: str) -> bool:
    last = text[-1:]
    # Most lines end with one of these, or with a letter: that is looked up first.
    return last in _ENDS or (not last.isalnum() and bool(_SENTENCE_END.search(text[-8:])))


def _lines(text: str) -> Iterator[_Line]:
    position = blanks = 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            indent = len(raw) - len(raw.lstrip())
            start = position + indent
            yield _Line(start, start + len(body), indent, blanks)
            blanks = 0
        else:
            blanks += 1
        position += len(raw)


def _wrap_width(text: str, lines: list[_Line]) -> int | None:
    """Return the width that the text was wrapped to, or None: lines are paragraphs.

    Only lines with another right below them can have been broken; in a wrapped text, many of them
    nearly fill the width and stop in mid-sentence.
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
    """Tell whether the break after `line` is only there because the next word did not fit."""
    if following.blanks or _starts_item(text, following):
        return False
    next_word = text[following.start : following.start + width].split(maxsplit=1)[0]
    return line.length + 1 + len(next_word) > width
