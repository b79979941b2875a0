"""What stands above the article: section names, dates, bylines, and which line is the headline?"""

import re
from collections.abc import Sequence

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.page import Page
from indexer.cleaning.page_lists import ListItem
from indexer.text.blocks import Block
from indexer.text.bylines import is_byline
from indexer.text.dates import is_date_line

HEADER_BLOCKS = 12
"""A header is no longer than this; dates further down are part of the story."""

_KICKER_MAX_WORDS = 3
_HEADLINE_MIN_WORDS = 4
SECTION_WORDS = frozenset(
    "news world wire media politics political opinion opinions business sport sports local "
    "national international economy technology tech science health culture arts lifestyle "
    "entertainment travel analysis exclusive editorial editorials breaking live video "
    "videos photos feature features commentary comment op-ed oped top stories story us uk "
    "eu un middle east west north south asia africa europe americas america latest update "
    "updates press release special report reports column columns interview interviews "
    "society environment climate education markets finance money home front page and & the".split()
)


def is_header_line(line: str) -> bool:
    """Tell whether a line only says when or by whom."""
    return is_date_line(line) or is_byline(line)


def mark_header(page: Page) -> None:
    """Leave out section names above the headline, and date lines and bylines above the story."""
    header = _header(page)
    if _is_timeline(page, header):
        header = [i for i in header if not is_date_line(page.blocks[i].bare)]
    for i in header:
        line = page.blocks[i].bare
        if is_header_line(line):
            page.reasons[i] = rules.CREDIT
    left = [i for i in header if not page.reasons[i]]
    if len(left) > 1 and _is_kicker(page.blocks[left[0]], page.blocks[left[1]]):
        page.reasons[left[0]] = rules.NAVIGATION


def _header(page: Page) -> list[int]:
    """Return the kept blocks above the first paragraph of running text."""
    found: list[int] = []
    for i in page.kept:
        if page.blocks[i].is_prose or len(found) == HEADER_BLOCKS:
            return found
        found.append(i)
    return found


def _is_timeline(page: Page, header: Sequence[int]) -> bool:
    """Tell whether dates are the headings of the story: more of them stand between its parts."""
    if not header:
        return False
    return any(
        is_date_line(page.blocks[i].bare)
        for i in range(header[-1] + 1, len(page.blocks))
        if not page.reasons[i]
    )


def _is_kicker(block: Block, following: Block) -> bool:
    words = re.findall(r"[\w&-]+", block.bare.casefold())
    return (
        0 < len(words) <= _KICKER_MAX_WORDS
        and all(word in SECTION_WORDS for word in words)
        and not block.ends_sentence
        and following.is_headline_like
        and following.words >= _HEADLINE_MIN_WORDS
    )


def find_headline(kept: Sequence[Block], items: Sequence[ListItem]) -> Block | None:
    """Return the headline among the kept blocks, or None when the text starts with its story.

    A very short first line gives way to a longer headline right below it.
    """
    first_item = items[0].headline.start if items else None
    lines: list[Block] = []
    for block in kept[:HEADER_BLOCKS]:
        if block.is_prose or block.start == first_item or not block.is_headline_like:
            break
        lines.append(block)
    if not lines or (len(lines) == len(kept) and len(kept) > 1 and not items):
        return lines[0] if lines else None
    if len(kept) == 1:
        return None
    if len(lines) > 1 and not items and lines[0].words < _KICKER_MAX_WORDS:
        return lines[1] if lines[1].words > _HEADLINE_MIN_WORDS else lines[0]
    return lines[0]
