"""Which parts of a page are the article, and which are menu, comment, footer or repetition?

The text is never edited: the answer is spans, each kept or removed with a reason. Rules ask for
several signs before they remove anything, because a lost sentence is worse than a kept label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.header import find_headline, mark_header
from indexer.cleaning.menus import mark_outside
from indexer.cleaning.page import Page
from indexer.cleaning.page_lists import ListItem, find_items
from indexer.cleaning.recurring_blocks import mark_recurring
from indexer.cleaning.sections import mark_labels, mark_sections, peel_tail
from indexer.cleaning.single_line import unfold
from indexer.cleaning.vocabulary import (
    COMMENTS,
    CREDIT,
    FOOTER,
    FORM,
    NAVIGATION,
    REASONS,
    RECURRING,
    RELATED,
    REPEATED,
    SHARE,
)
from indexer.documents import Region, Span
from indexer.recurring.lines import NO_LINES, OutletLines
from indexer.text.blocks import Block, split_blocks

__all__ = [
    "CLEANER_VERSION",
    "COMMENTS",
    "CREDIT",
    "FOOTER",
    "FORM",
    "NAVIGATION",
    "REASONS",
    "RECURRING",
    "RELATED",
    "REPEATED",
    "SHARE",
    "Cleaning",
    "ListItem",
    "clean",
    "keep_all",
]

CLEANER_VERSION = 4
"""Raised whenever the same text could be cleaned differently: written into the manifest."""

_MIN_REPEATED_CHARS = 60


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is article and what is not.

    `regions` are in order, disjoint, and cover every code point that is not white space.
    `paragraphs` are the kept paragraphs in order (lines that were wrapped to a width are joined
    again); `headline` is one of them, or None; `items` are the headline-and-summary pairs of a
    page that is a list of stories, and empty for an article.
    """

    regions: tuple[Region, ...]
    paragraphs: tuple[Span, ...] = ()
    headline: Span | None = None
    items: tuple[ListItem, ...] = ()


def clean(text: str, recurring: OutletLines = NO_LINES, headline: Span | None = None) -> Cleaning:
    """Return which regions of `text` are the article.

    A text of which nothing would be left is kept whole: it may be all there is to find, and a
    reader who put it into the corpus would rather see it than have it vanish.

    Args:
        text: the untouched text of a document, of any length.
        recurring: the lines that its outlet prints under everything.
        headline: where the format says that the headline is.
    """
    lines = split_blocks(text)
    page = unfold(text, lines) or _judged(lines)
    if not page.kept:
        page = Page(lines, [""] * len(lines))
    details = mark_recurring(page, recurring, headline)
    _mark_repeats(page)
    kept = [page.blocks[i] for i in page.kept]
    items = find_items(kept)
    title = find_headline(kept, items)
    return Cleaning(
        regions=_regions(page, details),
        paragraphs=tuple(Span(block.start, block.end) for block in kept),
        headline=Span(title.start, title.end) if title else None,
        items=items,
    )


def keep_all(text: str) -> Cleaning:
    """Return a text as one kept region; only its headline is told apart, as `clean` finds it.

    Args:
        text: the untouched text of a document, of any length.
    """
    lines = split_blocks(text)
    unfolded = unfold(text, lines)
    blocks = unfolded.blocks if unfolded else lines
    return Cleaning(
        regions=_regions(Page(blocks, [""] * len(blocks)), {}),
        paragraphs=tuple(Span(block.start, block.end) for block in blocks),
        headline=clean(text).headline,
    )


def _judged(blocks: Sequence[Block]) -> Page:
    page = Page(blocks, [""] * len(blocks))
    mark_labels(page)
    mark_outside(page)
    mark_sections(page)
    peel_tail(page)
    mark_header(page)
    return page


def _mark_repeats(page: Page) -> None:
    """Leave out paragraphs that were there before, and short ones inside a repeated run.

    A short line may recur for its own reasons (a refrain, "Yes."), so it alone proves nothing.
    """
    first: dict[str, int] = {}
    earlier: dict[int, int] = {}
    kept = page.kept
    for position, i in enumerate(kept):
        text = page.blocks[i].text
        if text in first:
            earlier[position] = first[text]
        else:
            first[text] = position
    repeated = {p for p in earlier if len(page.blocks[kept[p]].text) >= _MIN_REPEATED_CHARS}
    for positions, step in ((sorted(earlier), -1), (sorted(earlier, reverse=True), 1)):
        for p in positions:
            if p + step in repeated and earlier[p + step] == earlier[p] + step:
                repeated.add(p)
    for p in repeated:
        page.reasons[kept[p]] = rules.REPEATED


def _regions(page: Page, details: Mapping[int, str]) -> tuple[Region, ...]:
    """Join neighbouring blocks of one verdict."""
    regions: list[Region] = []
    for i, (block, reason) in enumerate(zip(page.blocks, page.reasons, strict=True)):
        start, detail = block.start, details.get(i, "")
        if regions and (regions[-1].reason, regions[-1].detail) == (reason, detail):
            start = regions.pop().start
        regions.append(Region(start, block.end, not reason, reason, detail))
    return tuple(regions)
