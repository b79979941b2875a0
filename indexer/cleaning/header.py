"""Header of an article (section names, dates, bylines, headline), and stories of list pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.page import Page
from indexer.documents import Span
from indexer.text.blocks import Block
from indexer.text.bylines import is_byline
from indexer.text.dates import is_date_line

_MAX_HEADER_BLOCKS = 12  # dates further down belong to the story
_KICKER_MAX_WORDS = 3
_HEADLINE_MIN_WORDS = 4
_MIN_ITEMS = 5
_MIN_ITEM_SHARE = 0.8
_ITEM_HEADLINE_MIN_WORDS = 3
_SUMMARY_MIN_WORDS, _SUMMARY_MAX_WORDS = 8, 120
SECTION_WORDS = frozenset(
    "news world wire media politics political opinion opinions business sport sports local "
    "national international economy technology tech science health culture arts lifestyle "
    "entertainment travel analysis exclusive editorial editorials breaking live video "
    "videos photos feature features commentary comment op-ed oped top stories story us uk "
    "eu un middle east west north south asia africa europe americas america latest update "
    "updates press release special report reports column columns interview interviews "
    "society environment climate education markets finance money home front page and & the".split()
)


@dataclass(frozen=True, slots=True)
class ListItem:
    """Story on a list page: its headline and its summary."""

    headline: Span
    summary: Span


def is_header_line(line: str) -> bool:
    """Return whether a line only says when or by whom."""
    return is_date_line(line) or is_byline(line)


def mark_header(page: Page) -> None:
    """Remove section names above the headline, and date lines and bylines above the story."""
    top = page.kept[:_MAX_HEADER_BLOCKS]
    header = list(takewhile(lambda i: not page.blocks[i].is_prose, top))
    if _is_timeline(page, header):
        header = [i for i in header if not is_date_line(page.blocks[i].bare)]
    left = []
    for i in header:
        if is_header_line(page.blocks[i].bare):
            page.reasons[i] = rules.CREDIT
        else:
            left.append(i)
    if len(left) > 1 and _is_kicker(page.blocks[left[0]], page.blocks[left[1]]):
        page.reasons[left[0]] = rules.NAVIGATION


def _is_timeline(page: Page, header: Sequence[int]) -> bool:
    """Return whether dates head the parts of the story: more of them follow below the header."""
    below = [i for i in page.kept if i > header[-1]] if header else []
    return any(is_date_line(page.blocks[i].bare) for i in below)


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
    """Return the headline among the kept blocks; None when the text starts with its story.

    A longer headline takes precedence over a very short line right above it.
    """
    first_item = items[0].headline.start if items else None
    lines: list[Block] = []
    for block in kept[:_MAX_HEADER_BLOCKS]:
        if block.is_prose or block.start == first_item or not block.is_headline_like:
            break
        lines.append(block)
    if not lines or len(kept) == 1:
        return None
    is_kicker = lines[0].words < _KICKER_MAX_WORDS and not items and 1 < len(lines) < len(kept)
    return lines[1] if is_kicker and lines[1].words > _HEADLINE_MIN_WORDS else lines[0]


def find_items(kept: Sequence[Block]) -> tuple[ListItem, ...]:
    """Return the stories of a list page; none for an article.

    Headlines and summaries must alternate almost throughout: an article may have subheadings.
    """
    pairs: list[tuple[Block, Block]] = []
    i = 0
    while i + 1 < len(kept):
        if _is_pair(kept[i], kept[i + 1]):
            pairs.append((kept[i], kept[i + 1]))
            i += 1
        i += 1
    if len(pairs) < _MIN_ITEMS or 2 * len(pairs) < _MIN_ITEM_SHARE * len(kept):
        return ()
    if median(head.words for head, _ in pairs) >= median(body.words for _, body in pairs):
        return ()
    return tuple(
        ListItem(Span(head.start, head.end), Span(body.start, body.end)) for head, body in pairs
    )


def _is_pair(head: Block, body: Block) -> bool:
    return (
        head.is_headline_like
        and head.words >= _ITEM_HEADLINE_MIN_WORDS
        and body.ends_sentence
        and not body.is_teaser
        and _SUMMARY_MIN_WORDS <= body.words <= _SUMMARY_MAX_WORDS
    )
