"""Which paragraphs of a page does its outlet print elsewhere too?"""

from collections.abc import Mapping, Sequence

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.page import Page
from indexer.documents import Span
from indexer.recurring.lines import OutletLines, RecurringLine


def mark_recurring(page: Page, lines: OutletLines, headline: Span | None = None) -> dict[int, str]:
    """Leave out the recurring lines of an outlet, but never all that is left.

    Args:
        page: what the other rules have kept.
        lines: what was learned of the outlet.
        headline: where the format says that the headline is, which is never left out.

    Returns:
        For each block that was left out, of which outlet it is. In how many documents it stands is
        in the catalog's table of lines: a count in here would make every build clean differently.
    """
    kept = page.kept
    found = {i: line for i in kept if (line := lines.find(page.blocks[i]))}
    if not found:
        return {}
    titles = {i for i in kept if headline and _overlaps(page, i, headline)}
    edges = _edges(kept, found, titles)
    out = [i for i in found if i not in titles and (i in edges or not found[i].at_edge)]
    if len(out) == len(kept) or set(kept) - set(out) <= titles:
        return {}
    for i in out:
        page.reasons[i] = rules.RECURRING
    return dict.fromkeys(out, f"repeated across documents of {lines.outlet}")


def _edges(kept: Sequence[int], found: Mapping[int, RecurringLine], titles: set[int]) -> set[int]:
    """Return the recurring blocks with nothing but such, and the headline, above or below them."""
    edges: set[int] = set()
    for order in (kept, kept[::-1]):
        for i in order:
            if i not in found and i not in titles:
                break
            edges.add(i)
    if len(kept) > 1 and kept[0] in edges and kept[1] not in found and not titles:
        edges.discard(kept[0])  # alone on top: a standing headline rather than a menu
    return edges


def _overlaps(page: Page, i: int, span: Span) -> bool:
    return page.blocks[i].start < span.end and span.start < page.blocks[i].end
