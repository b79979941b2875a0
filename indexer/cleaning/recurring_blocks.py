"""Removal of the lines that an outlet prints in many articles."""

from collections.abc import Mapping, Sequence

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.page import Page
from indexer.documents import Span
from indexer.recurring.lines import OutletLines, RecurringLine
from indexer.text.blocks import Block


def mark_recurring(page: Page, lines: OutletLines, headline: Span | None = None) -> dict[int, str]:
    """Remove the recurring lines of an outlet, unless only the headline would be left.

    Args:
        page: the page after all other rules.
        lines: the recurring lines of the outlet.
        headline: the headline that the format gives, which is never removed.

    Returns:
        A description of each removed block, by index. It has no count of documents, which would
        make every build clean differently.
    """
    kept = page.kept
    found = {i: line for i in kept if (line := lines.find(page.blocks[i]))}
    if not found:
        return {}
    titles = {i for i in kept if headline and _overlap(page.blocks[i], headline)}
    edges = _edges(kept, found, titles)
    out = [i for i in found if i not in titles and (i in edges or not found[i].at_edge)]
    if len(out) == len(kept) or set(kept) - set(out) <= titles:
        return {}
    for i in out:
        page.reasons[i] = rules.RECURRING
    return dict.fromkeys(out, f"repeated across documents of {lines.outlet}")


def _edges(kept: Sequence[int], found: Mapping[int, RecurringLine], titles: set[int]) -> set[int]:
    """Return the recurring blocks with only recurring ones and the headline above or below."""
    edges: set[int] = set()
    for order in (kept, kept[::-1]):
        for i in order:
            if i not in found and i not in titles:
                break
            edges.add(i)
    if len(kept) > 1 and kept[0] in edges and kept[1] not in found and not titles:
        edges.discard(kept[0])  # a single line at the top is a regular headline, not a menu
    return edges


def _overlap(block: Block, span: Span) -> bool:
    return block.start < span.end and span.start < block.end
