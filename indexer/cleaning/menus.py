"""Removal of the menus of a whole web page and of everything around its article.

Only pages that show menus are changed; there a learned model (`block_model`) finds the article.
"""

import re
from collections.abc import Sequence

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.block_model import LINES, article_blocks
from indexer.cleaning.features import COLUMN, FOOTER_MIN_WORDS, Features, page_features
from indexer.cleaning.footers import FOOTER_SCORE, footer_score
from indexer.cleaning.header import SECTION_WORDS, is_header_line
from indexer.cleaning.page import Page
from indexer.text.blocks import Block

_MIN_MENU_LINES = 6
_MIN_MENU_WORDS, _MIN_SITE_WORDS = 3, 2
_MENU_LINE_MAX_WORDS = 5
_MIN_RUN, _MIN_LISTED = 4, 8
_MIN_OPEN_ENDED_SHARE = 0.4
_MIN_LABELS = 2
_MIN_ARTICLE_WORDS = 30
_TITLE_REACH = 25
_TITLE_MIN_WORDS = 4
_MAX_PROSE_WEIGHT = 60
_SHORT_WEIGHT, _ITEM_WEIGHT, _TEASER_WEIGHT = -5.0, -7.0, -12.0
_LONG_WORDS = 20
SITE_WORDS = frozenset(
    "home search menu about contact careers jobs advertise privacy terms cookies help faq rss "
    "newsletter newsletters subscribe login register classifieds obituaries sitemap archive "
    "news sections opinion".split()
)
"""Words in the navigation of nearly every site."""

_MENU_WORDS = (
    SECTION_WORDS
    | SITE_WORDS
    | frozenset(
        "podcasts podcast games weather shop events magazine food music movies tv books fashion "
        "style life soccer football basketball cricket tennis golf autos cars family".split()
    )
)


def mark_outside(page: Page) -> None:
    """Remove the menus of a web page and everything above and below its article."""
    if not _shows_menus(page):
        return
    core = prose_core(page)
    features = page_features(page, core)
    chosen = article_blocks(features, LINES).tolist()
    words = sum(page.blocks[i].words for i, is_article in enumerate(chosen) if is_article)
    if words < _MIN_ARTICLE_WORDS:
        if not any(page.blocks[i].is_prose for i in range(*core)):
            return
        chosen = [core[0] <= i < core[1] for i in range(len(chosen))]
    first = chosen.index(True)
    title = _title_above(page, first)
    for i, is_article in enumerate(chosen):
        if not is_article and i != title:
            page.remove(i, i + 1, _reason_outside(page.blocks[i], features[i], above=i < first))


def prose_core(page: Page) -> tuple[int, int]:
    """Return the range of blocks in which running text dominates."""
    return heaviest([_weight(page, i) for i in range(len(page.blocks))])


def _weight(page: Page, i: int) -> float:
    block = page.blocks[i]
    if page.reasons[i]:
        return _SHORT_WEIGHT
    if block.is_teaser:
        return _TEASER_WEIGHT
    if block.is_prose:
        return float(min(block.words, _MAX_PROSE_WEIGHT))
    if block.ends_sentence:
        return block.words / 2
    if block.words >= _LONG_WORDS:
        return 0.0
    return _ITEM_WEIGHT if block.is_item else _SHORT_WEIGHT


def heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """Return the half-open range with the largest sum (Kadane's algorithm)."""
    best, best_sum, begin, running = (0, 0), 0.0, 0, 0.0
    for i, weight in enumerate(weights):
        if running <= 0:
            begin, running = i, 0.0
        running += weight
        if running > best_sum:
            best, best_sum = (begin, i + 1), running
    return best


def _shows_menus(page: Page) -> bool:
    """Return whether a text is a whole page, by the words of its menus or by its lists.

    True for 89 % of the pages that the rules were made on (the others have next to nothing around
    their article, or menus in another language), and for none of 1,973 plain news articles.
    """
    runs = _short_runs(page.blocks, _MIN_MENU_LINES)
    is_menu = any(_is_menu(page, begin, end) for begin, end in runs)
    return is_menu or _is_mostly_short(page) or _is_between_lists(page)


def _is_menu(page: Page, begin: int, end: int) -> bool:
    """Return whether short lines are a menu; a list of sports or subjects may be the story."""
    lines = {page.blocks[i].bare.casefold() for i in range(begin, end)}
    labels = {
        page.blocks[i].bare.casefold()
        for i in range(begin, end)
        if page.reasons[i] in (rules.NAVIGATION, rules.SHARE)
    }
    named = labels | {line for line in lines if _is_made_of(line, _MENU_WORDS)}
    site = labels | {line for line in lines if _is_made_of(line, SITE_WORDS)}
    return len(named) >= _MIN_MENU_WORDS and len(site) >= _MIN_SITE_WORDS


def _is_made_of(line: str, vocabulary: frozenset[str]) -> bool:
    words = re.findall(r"\w+", line)
    return bool(words) and vocabulary.issuperset(words)


def _is_mostly_short(page: Page) -> bool:
    listed = sum(end - begin for begin, end in _short_runs(page.blocks, _MIN_RUN))
    open_ended = sum(not block.ends_sentence for block in page.blocks)
    return (
        listed >= _MIN_LISTED
        and open_ended >= _MIN_OPEN_ENDED_SHARE * len(page.blocks)
        and sum(map(bool, page.reasons)) >= _MIN_LABELS
    )


def _is_between_lists(page: Page) -> bool:
    prose = [i for i, block in enumerate(page.blocks) if block.is_prose]
    if not prose or not any(map(_is_short, page.blocks[prose[-1] :])):
        return False
    return bool(_short_runs(page.blocks[: prose[0]], _MIN_LISTED))


def _is_short(block: Block) -> bool:
    return not block.ends_sentence and block.words <= _MENU_LINE_MAX_WORDS


def _short_runs(blocks: Sequence[Block], length: int) -> list[tuple[int, int]]:
    """Return the ranges of at least `length` consecutive short lines."""
    found: list[tuple[int, int]] = []
    begin = 0
    for i in range(len(blocks) + 1):
        if i == len(blocks) or not _is_short(blocks[i]):
            if i - begin >= length:
                found.append((begin, i))
            begin = i + 1
    return found


def _reason_outside(block: Block, features: Features, *, above: bool) -> str:
    """Return the reason for a block around the article; credits and footers are read later."""
    if above and features[COLUMN["header"]]:
        return rules.CREDIT
    is_footer = features[COLUMN["footer"]] >= FOOTER_SCORE or (
        block.words < FOOTER_MIN_WORDS and footer_score(block.text) >= FOOTER_SCORE
    )
    return rules.FOOTER if is_footer else rules.NAVIGATION


def _title_above(page: Page, first: int) -> int | None:
    """Return the line above the article that is most like its headline, or None."""
    lines = [
        i
        for i in range(max(0, first - _TITLE_REACH), first)
        if not page.reasons[i]
        and page.blocks[i].is_headline_like
        and page.blocks[i].words >= _TITLE_MIN_WORDS
        and not is_header_line(page.blocks[i].bare)
    ]
    marked = [i for i in lines if page.blocks[i].text.startswith("# ")]
    return max(marked or lines, default=None)
