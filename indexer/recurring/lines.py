"""Which lines does an outlet print under everything, or over it?

Learned from the whole corpus before any article is cleaned. A line has to stand in several
articles of one outlet that are otherwise different; then either its words say that it is no news
(`recurring_signs`), or it stands at the edge of articles, and of half of the outlet's.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from indexer.recurring.counts import LineCount, LineCounts, fold, line_key
from indexer.recurring.service_lines import (
    is_service,
    is_service_at_edge,
    quotes_somebody,
    reports_news,
)
from indexer.text.blocks import Block, split_blocks

# Chosen on the odd half of the outlets of `benchmarks/recurring.py`.
MIN_ARTICLES = 5
"""In so many articles, of different surroundings, a line must stand at least."""

_MOSTLY_AT_EDGE, _AT_EDGE = 0.5, 0.8
_EDGE_ARTICLES, _EDGE_SHARE = 8, 0.5
_MAX_CHARS = 1000


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """A line of an outlet that is no article text.

    `line` is folded; `at_edge` tells that it is left out above and below the story only.
    """

    line: str
    documents: int
    at_edge: bool


class OutletText(NamedTuple):
    """An article as it is learned from: its outlet and its untouched text."""

    outlet: str
    text: str


ChosenTexts: TypeAlias = Callable[[Collection[int]], Iterable[tuple[int, OutletText]]]
"""Gives articles by their numbers, each with its number, in ascending order."""


@dataclass(frozen=True, slots=True)
class OutletLines:
    """The recurring lines of one outlet."""

    outlet: str
    lines: Mapping[str, RecurringLine] = field(repr=False)

    def find(self, block: Block) -> RecurringLine | None:
        """Return what is known of a line, or None when it is like any other."""
        return self.lines.get(fold(block.text)) if self.lines else None


class RecurringLines:
    """The recurring lines of every outlet of a corpus."""

    def __init__(self, lines: Iterable[tuple[str, RecurringLine]] = ()) -> None:
        """Take lines, each with its outlet."""
        self._lines: dict[str, dict[str, RecurringLine]] = {}
        for outlet, line in lines:
            self._lines.setdefault(outlet, {})[line.line] = line

    def of(self, outlet: str) -> OutletLines:
        """Return the lines of an outlet; of one that is not known, none."""
        return OutletLines(outlet, self._lines.get(outlet, {}))

    def __iter__(self) -> Iterator[tuple[str, RecurringLine]]:
        """Yield every line with its outlet, sorted by both."""
        for outlet in sorted(self._lines):
            for _, line in sorted(self._lines[outlet].items()):
                yield outlet, line


NO_LINES = OutletLines("", {})


def judged(counts: LineCounts, sizes: Mapping[str, int], chosen: ChosenTexts) -> RecurringLines:
    """Return which of the lines that recur are no article text.

    Args:
        counts: the lines of every article of a corpus.
        sizes: how many articles each outlet has.
        chosen: gives articles by their numbers: where a line stands first, it is read.
    """
    found = {
        key: count
        for key, count in counts.recurring(MIN_ARTICLES).items()
        if count.surroundings >= MIN_ARTICLES
    }
    return RecurringLines(_judged(chosen, found, sizes)) if found else RecurringLines()


def _judged(
    chosen: ChosenTexts, found: Mapping[int, LineCount], sizes: Mapping[str, int]
) -> Iterator[tuple[str, RecurringLine]]:
    """Read the lines that were counted again, where they stand first, and judge them."""
    for number, article in chosen({count.first_article for count in found.values()}):
        for block in split_blocks(article.text):
            count = found.get(line_key(article.outlet, block))
            if count is None or count.first_article != number:
                continue
            line = _recurring_line(block, article.outlet, count, sizes[article.outlet])
            if line:
                yield article.outlet, line


def _recurring_line(
    block: Block, outlet: str, count: LineCount, articles: int
) -> RecurringLine | None:
    """Return what is left out; None for a line of the story."""
    text = block.text
    if len(text) > _MAX_CHARS or not any(map(str.isalpha, text)) or reports_news(text):
        return None
    if is_service(text, outlet):
        return RecurringLine(fold(text), count.documents, at_edge=False)
    edge = max(count.head, count.tail)
    told = edge >= _MOSTLY_AT_EDGE and is_service_at_edge(text, outlet)
    shown = (
        edge >= _AT_EDGE
        and count.surroundings >= max(_EDGE_ARTICLES, _EDGE_SHARE * articles)
        and not quotes_somebody(text)
    )
    return RecurringLine(fold(text), count.documents, at_edge=True) if told or shown else None
