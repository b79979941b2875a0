"""Where does the article stand in a web page that was saved as one line?

Tools that strip tags join menus, article and footer into a single line. There the article is the
stretch with the most sentences: menus are runs of capitalised words, and what follows an article
begins with words like "Related stories".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, islice, pairwise

from indexer import boilerplate_rules as rules
from indexer.blocks import Block
from indexer.footers import FOOTER_SCORE, footer_score
from indexer.page import Page
from indexer.page_core import SITE_WORDS, heaviest

_LINE_MIN_CHARS = 1000
_LINE_MIN_SHARE = 0.5
_MIN_MENU_SIGNS = 3

# Chosen on the odd half of the pages of `benchmarks/cleaning.py`: F1 0.877 with recall 0.926 there.
_WINDOW, _MIN_RUN = 8, 6
_SENTENCE_CAP, _SENTENCE_MAX = 60, 80
_OPEN_SHARE = 0.5
_SECTION_COST = 50
_MIN_SENTENCE = 4
_SUBJECT_WORDS = 2

_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?…。][\"”’')\]]*$")
_OPENING = "\"“‘'([«—–-¿¡"
_SECTION = re.compile(
    r"(?:Share|SHARE) (?:[Tt]his|on|via|your)\b"
    r"|(?:Related|RELATED) (?:[Aa]rticles?|[Ss]tor(?:y|ies)|[Cc]ontent|[Tt]opics?|[Ll]inks"
    r"|[Pp]osts|[Nn]ews|[Cc]overage|[Ii]tems|[Vv]ideos?)"
    r"|(?:Most|MOST) (?:[Pp]opular|[Rr]ead|Viewed|Recent|Shared|POPULAR|READ)"
    r"|Leave a (?:[Rr]eply|[Cc]omment)|\d+ [Cc]omments?\b|Comments? (?=[A-Z(\d])"
    r"|(?:Post|Add|View|Write|Show) (?:a |[Aa]ll )?[Cc]omments?"
    r"|Tags?\s?:|Filed (?:[Uu]nder|in)|Posted in|Read (?:[Nn]ext|Also)|Recommended\b|Trending\b"
    r"|(?:You|YOU) (?:[Mm]ay|MAY|might) (?:[Aa]lso|ALSO)"
    r"|More (?:[Ff]rom|[Ii]n|[Oo]n|[Ss]tories|News|[A-Z]\w+ (?:News|Stories))\b"
    r"|(?:Previous|Next) (?:[Aa]rticle|[Pp]ost|[Ss]tory)|Sign [Uu]p (?:for|to)|SIGN UP|Subscribe\b"
    r"|(?:All|ALL) (?:[Rr]ights|RIGHTS)|©|Copyright |Privacy Policy|Terms of (?:Use|Service)"
    r"|Follow (?:us|@|[A-Z])|Like this|Click to share|Latest (?:[Nn]ews|[Ss]tories|[Vv]ideos)"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line: a sentence, a run of capitalised words, or the label of a section."""

    start: int
    end: int
    weight: float
    is_label: bool


@dataclass(slots=True)
class _Run:
    """Neighbouring words, [first, last), that are running text or not."""

    first: int
    last: int
    is_prose: bool


def unfold(text: str, blocks: Sequence[Block]) -> Page | None:
    """Return a page that was saved as one line with its verdicts, or None for any other text.

    Args:
        text: the untouched text of a document.
        blocks: its blocks.
    """
    longest = max((block.end - block.start for block in blocks), default=0)
    if longest < max(_LINE_MIN_CHARS, _LINE_MIN_SHARE * len(text)):
        return None
    lines = [_Line(text, block) for block in blocks]
    if not _shows_a_menu(text, lines):
        return None
    pieces = [piece for line in lines for piece in line.pieces()]
    first, last = heaviest([piece.weight for piece in pieces])
    return _page(text, pieces, range(first, last)) if first < last else None


def _shows_a_menu(text: str, lines: Sequence["_Line"]) -> bool:
    """Tell whether words of navigation and headings of sections both occur, three in all.

    Of 2,000 clean news articles whose lines were joined, 0.1 % of the text was lost so; without
    this condition 2.4 %.
    """
    words = set[str]().union(*(line.site_words() for line in lines))
    sections = sum(1 for _ in islice(_SECTION.finditer(text), _MIN_MENU_SIGNS))
    return bool(words) and sections > 0 and len(words) + sections >= _MIN_MENU_SIGNS


def _page(text: str, pieces: Sequence[_Piece], core: range) -> Page:
    """Join neighbouring pieces of one verdict to blocks."""
    blocks: list[Block] = []
    reasons: list[str] = []
    for i, piece in enumerate(pieces):
        reason, start = "", piece.start
        if i not in core or piece.is_label:
            footer = footer_score(text[piece.start : piece.end]) >= FOOTER_SCORE
            reason = rules.FOOTER if footer else rules.NAVIGATION
        if reasons and reasons[-1] == reason:
            start = blocks.pop().start
            reasons.pop()
        blocks.append(Block(start, piece.end, " ".join(text[start : piece.end].split()), 0, 0))
        reasons.append(reason)
    return Page(blocks, reasons)


class _Line:
    """The words of one line, and which runs of them are running text."""

    def __init__(self, text: str, block: Block) -> None:
        self._text = text
        self._words = list(_WORD.finditer(text, block.start, block.end))
        self._signs = [_sign(word.group()) for word in self._words]
        self._sums = list(accumulate(self._signs, initial=0.0))
        self._runs = self._find_runs()
        for before, after in pairwise(self._runs):
            before.last = after.first = self._boundary(before, after)

    def site_words(self) -> set[str]:
        """Return the words of site navigation outside running text."""
        return {
            word
            for run in self._runs
            if not run.is_prose
            for i in range(run.first, run.last)
            if (word := self._words[i].group().strip(".,:;|>»!").casefold()) in SITE_WORDS
        }

    def pieces(self) -> Iterator[_Piece]:
        """Yield the sentences, runs and section starts of the line, in order."""
        for run in self._runs:
            for first, last in self._sentences(run) if run.is_prose else [(run.first, run.last)]:
                if first < last:
                    yield from self._cut(first, last, run.is_prose)

    def _find_runs(self) -> list[_Run]:
        """Return the runs by the share of small words around each word.

        A short run is part of the one before it.
        """
        runs: list[_Run] = []
        first, count = 0, len(self._words)
        flags = [
            self._sums[min(count, i + _WINDOW + 1)] >= self._sums[max(0, i - _WINDOW)]
            for i in range(count)
        ]
        for is_prose, group in groupby(flags):
            last = first + sum(1 for _ in group)
            if runs and (last - first < _MIN_RUN or runs[-1].is_prose == is_prose):
                runs[-1].last = last
            else:
                runs.append(_Run(first, last, is_prose))
            first = last
        return runs

    def _boundary(self, before: _Run, after: _Run) -> int:
        """Return the word near the start of `after` at which it really begins."""
        middle = after.first
        near = range(max(before.first + 1, middle - _WINDOW), min(after.last, middle + _WINDOW + 1))
        if not near:
            return middle
        if not after.is_prose:
            ends = [i for i in near if self._ends_sentence(i - 1)]
            return max(ends or near, key=lambda i: (self._sums[i], -i))
        first = min(near, key=lambda i: (self._sums[i], -i))
        # A sentence begins with capitalised words: its subject.
        for _ in range(_SUBJECT_WORDS):
            if first <= near[0] or self._signs[first - 1] >= 0 or self._ends_sentence(first - 1):
                break
            first -= 1
        return first

    def _sentences(self, run: _Run) -> Iterator[tuple[int, int]]:
        first = run.first
        for i in range(run.first, run.last - 1):
            long = i + 1 - first >= _MIN_SENTENCE
            if long and self._signs[i + 1] <= 0 and self._ends_sentence(i):
                yield first, i + 1
                first = i + 1
        yield first, run.last

    def _cut(self, first: int, last: int, is_prose: bool) -> Iterator[_Piece]:
        start, end = self._words[first].start(), self._words[last - 1].end()
        opens = {match.start() for match in _SECTION.finditer(self._text, start, end)}
        for left, right in pairwise(sorted({start, end, *opens})):
            words = self._text[left:right].split()
            whole = bool(_SENTENCE_END.search(words[-1][-4:])) and len(words) <= _SENTENCE_MAX
            weight = -float(len(words))
            if is_prose:
                weight = min(len(words), _SENTENCE_CAP) * (1.0 if whole else _OPEN_SHARE)
            if left in opens:
                weight = min(weight, 0.0) - _SECTION_COST
            stripped = left + len(self._text[left:right].rstrip())
            # What ends like a sentence is kept with the label in front of it, not lost.
            yield _Piece(left, stripped, weight, left in opens and not whole)

    def _ends_sentence(self, i: int) -> bool:
        return bool(_SENTENCE_END.search(self._words[i].group()[-4:]))


def _sign(word: str) -> float:
    """Return 1 for a small word, -1 for a capitalised one; without cases all are small."""
    letter = word.lstrip(_OPENING)[:1]
    if not letter:
        return 0.0
    if letter.isalpha():
        return -1.0 if letter.isupper() else 1.0
    return -0.5 if letter.isdigit() else -1.0
