"""Cleaner that splits a text into article and boilerplate: regions, each with a reason.

Rules require several clues to remove anything, since a lost sentence is worse than a kept label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.header import ListItem, find_headline, find_items, mark_header
from indexer.cleaning.menus import mark_outside
from indexer.cleaning.page import Page
from indexer.cleaning.recurring_blocks import mark_recurring
from indexer.cleaning.sections import mark_labels, mark_sections, peel_tail
from indexer.cleaning.single_line import unfold
from indexer.documents import Region, Span
from indexer.recurring.lines import NO_LINES, OutletLines
from indexer.text.blocks import Block, split_blocks

CLEANER_VERSION = 6
"""Raised whenever the same text could be cleaned differently: written into the manifest."""

_MIN_REPEATED_CHARS = 60


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Article and boilerplate of a text.

    `regions` are in order, disjoint, and cover every code point that is not white space.
    `paragraphs` are the kept ones, with wrapped lines joined; `headline` is one of them, or None;
    `items` are the stories of a list page, and empty for an article.
    """

    regions: tuple[Region, ...]
    paragraphs: tuple[Span, ...] = ()
    headline: Span | None = None
    items: tuple[ListItem, ...] = ()


def clean(text: str, recurring: OutletLines = NO_LINES, headline: Span | None = None) -> Cleaning:
    """Return which regions of `text` are the article; all of them if nothing would be left.

    Args:
        text: the original text of a document.
        recurring: the recurring lines of its outlet.
        headline: the headline that the format gives.
    """
    lines = split_blocks(text)
    page = unfold(text, lines) or _mark(lines)
    if not page.kept:
        page = Page(lines)
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
    """Return a text as one kept region, with the headline that `clean` finds."""
    lines = split_blocks(text)
    page = unfold(text, lines)
    blocks = page.blocks if page else lines
    return Cleaning(
        regions=_regions(Page(blocks), {}),
        paragraphs=tuple(Span(block.start, block.end) for block in blocks),
        headline=clean(text).headline,
    )


def _mark(blocks: Sequence[Block]) -> Page:
    page = Page(blocks)
    mark_labels(page)
    mark_outside(page)
    mark_sections(page)
    peel_tail(page)
    mark_header(page)
    return page


def _mark_repeats(page: Page) -> None:
    """Remove repeated paragraphs; short ones (a refrain, "Yes.") only within a repeated run."""
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
    """Join neighbouring blocks with the same verdict."""
    regions: list[Region] = []
    for i, (block, reason) in enumerate(zip(page.blocks, page.reasons, strict=True)):
        start, detail = block.start, details.get(i, "")
        if regions and (regions[-1].reason, regions[-1].detail) == (reason, detail):
            start = regions.pop().start
        regions.append(Region(start, block.end, not reason, reason, detail))
    return tuple(regions)
