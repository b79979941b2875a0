"""Of which sentences, and which runs of capitalised words, does a long line consist?

Where a page was saved as one line, menus are runs of capitalised words and the article is
sentences; a label like "Related stories" ends a piece too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from indexer.cleaning.menus import SITE_WORDS
from indexer.cleaning.section_labels import SECTION_LABEL
from indexer.text.blocks import Block

# Chosen on the odd half of the pages of `benchmarks/cleaning.py`.
_WINDOW, _MIN_RUN = 8, 6
_SENTENCE_CAP, _SENTENCE_MAX = 60, 80
_OPEN_SHARE = 0.5
_SECTION_COST = 50
_MIN_SENTENCE = 4
_SUBJECT_WORDS = 2
_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?…。][\"”’')\]]*$")
_ABBREVIATION = re.compile(r"\W?(?:[A-Z]|St|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|No|vs|Rev)\.")
_OPENING = "\"“‘'([«—–-¿¡"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: a sentence, a run of capitalised words, or the label of a section.

    `opens` tells whether it begins like a section, `is_label` whether it is nothing else.
    """

    start: int
    end: int
    weight: float
    opens: bool
    is_label: bool


@dataclass(slots=True)
class _Run:
    """Neighbouring words, [first, last), that are running text or not."""

    first: int
    last: int
    is_prose: bool


class Line:
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

    def pieces(self) -> Iterator[Piece]:
        """Yield the sentences, runs and section starts of the line, in order."""
        for run in self._runs:
            for first, last in self._sentences(run):
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
            if long and self._ends_sentence(i) and self._begins_sentence(i + 1):
                yield first, i + 1
                first = i + 1
        yield first, run.last

    def _cut(self, first: int, last: int, is_prose: bool) -> Iterator[Piece]:
        start, end = self._words[first].start(), self._words[last - 1].end()
        opens = {match.start() for match in SECTION_LABEL.finditer(self._text, start, end)}
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
            yield Piece(left, stripped, weight, left in opens, left in opens and not whole)

    def _ends_sentence(self, i: int) -> bool:
        word = self._words[i].group()
        if word[-1].isalnum():
            return False
        return bool(_SENTENCE_END.search(word[-4:])) and not _ABBREVIATION.fullmatch(word)

    def _begins_sentence(self, i: int) -> bool:
        return self._signs[i] <= 0 or not _has_case(self._words[i].group())


def _has_case(word: str) -> bool:
    return word.upper() != word.lower()


def _sign(word: str) -> float:
    """Return 1 for a small word, -1 for a capitalised one; without cases all are small."""
    letter = word.lstrip(_OPENING)[:1]
    if not letter:
        return 0.0
    if letter.isalpha():
        return -1.0 if letter.isupper() else 1.0
    return -0.5 if letter.isdigit() else -1.0
