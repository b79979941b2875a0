"""Recurring lines of outlets that are not article text, learned from the whole corpus.

A line must occur in several different articles of an outlet. Then either its words show that it is
not news (`service_lines`), or it is at the edge of half of the outlet's articles.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from indexer.recurring.counts import LineCount, LineCounts, fold, line_key
from indexer.recurring.service_lines import (
    has_quotation_marks,
    is_service,
    is_service_at_edge,
    reports_news,
)
from indexer.text.blocks import Block, split_blocks

# Chosen on the odd half of the outlets of `evaluation/components/recurring.py`.
MIN_ARTICLES = 5
"""Minimum number of articles with different contexts."""

# Fractions of a line's occurrences at the edge, with a known word and without.
_MIN_EDGE_WITH_WORD, _MIN_EDGE = 0.5, 0.8
_MIN_EDGE_ARTICLES, _MIN_EDGE_SHARE = 8, 0.5
_MAX_CHARS = 1000


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """Recurring line that is not article text.

    `line` is folded; with `at_edge`, the line is removed only above and below the story.
    """

    line: str
    documents: int
    at_edge: bool


ReadArticles: TypeAlias = Callable[[Collection[int]], Iterable[tuple[int, str, str]]]
"""Function that reads articles by number and yields number, outlet and original text."""


@dataclass(frozen=True, slots=True)
class OutletLines:
    """Recurring lines of one outlet, by folded text."""

    outlet: str
    lines: Mapping[str, RecurringLine] = field(repr=False)

    def find(self, block: Block) -> RecurringLine | None:
        """Return the recurring line that a block is; None for any other block."""
        return self.lines.get(fold(block.text)) if self.lines else None


class RecurringLines:
    """Recurring lines of all outlets of a corpus."""

    def __init__(self, lines: Iterable[tuple[str, RecurringLine]] = ()) -> None:
        self._lines: dict[str, dict[str, RecurringLine]] = {}
        for outlet, line in lines:
            self._lines.setdefault(outlet, {})[line.line] = line

    def of(self, outlet: str) -> OutletLines:
        """Return the lines of an outlet; none for an unknown outlet."""
        return OutletLines(outlet, self._lines.get(outlet, {}))

    def __iter__(self) -> Iterator[tuple[str, RecurringLine]]:
        """Yield every line with its outlet, sorted by both."""
        for outlet in sorted(self._lines):
            for _, line in sorted(self._lines[outlet].items()):
                yield outlet, line


NO_LINES = OutletLines("", {})


def find_recurring(
    counts: LineCounts, sizes: Mapping[str, int], read: ReadArticles
) -> RecurringLines:
    """Return the recurring lines that are not article text.

    Args:
        counts: the lines of every article of a corpus.
        sizes: the number of articles by outlet.
        read: reads the first article of each candidate line.
    """
    candidates = {
        key: count
        for key, count in counts.recurring(MIN_ARTICLES).items()
        if count.contexts >= MIN_ARTICLES
    }
    return RecurringLines(_classify(candidates, sizes, read))


def _classify(
    candidates: Mapping[int, LineCount], sizes: Mapping[str, int], read: ReadArticles
) -> Iterator[tuple[str, RecurringLine]]:
    for number, outlet, text in read({count.first_article for count in candidates.values()}):
        for block in split_blocks(text):
            count = candidates.get(line_key(outlet, block))
            if count is None or count.first_article != number:
                continue
            line = _recurring_line(block.text, outlet, count, sizes[outlet])
            if line:
                yield outlet, line


def _recurring_line(
    text: str, outlet: str, count: LineCount, articles: int
) -> RecurringLine | None:
    """Return the line to remove; None for a line of the story."""
    if len(text) > _MAX_CHARS or not any(map(str.isalpha, text)) or reports_news(text):
        return None
    if is_service(text, outlet):
        return RecurringLine(fold(text), count.documents, at_edge=False)
    edge = max(count.head, count.tail)
    has_word = edge >= _MIN_EDGE_WITH_WORD and is_service_at_edge(text, outlet)
    is_frequent = (
        edge >= _MIN_EDGE
        and count.contexts >= max(_MIN_EDGE_ARTICLES, _MIN_EDGE_SHARE * articles)
        and not has_quotation_marks(text)
    )
    if not (has_word or is_frequent):
        return None
    return RecurringLine(fold(text), count.documents, at_edge=True)
