"""Where in a whole web page, menus and all, does the article stand?

Only texts that show menus are touched: runs of short lines with several words of site navigation in
them, or around the article. There a learned model (`page_model.py`) tells which blocks it is.
"""

import re
from collections.abc import Sequence

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.block_model import LINES, article_blocks
from indexer.cleaning.features import FOOTER_MIN_WORDS, SIGN
from indexer.cleaning.footers import FOOTER_SCORE, footer_score
from indexer.cleaning.header import SECTION_WORDS, is_header_line
from indexer.cleaning.page import Page
from indexer.cleaning.page_signs import Signs, page_signs
from indexer.text.blocks import Block

_MENU_LINES = 6
_MENU_HITS = 3
_SITE_HITS = 2
_MENU_MAX_WORDS = 5
_RUN_LINES, _LISTED = 4, 8
_OPEN_ENDED_SHARE = 0.4
_MIN_ARTICLE_WORDS = 30
_TITLE_REACH = 25
_TITLE_MIN_WORDS = 4
_PROSE_CAP = 60
_PENALTY_SHORT, _PENALTY_ITEM, _PENALTY_TEASER = -5.0, -7.0, -12.0
_LONG_WORDS = 20
SITE_WORDS = frozenset(
    "home search menu about contact careers jobs advertise privacy terms cookies help faq rss "
    "newsletter newsletters subscribe login register classifieds obituaries sitemap archive "
    "news sections opinion".split()
)
"""Words that the navigation of nearly every site has."""

_MENU_WORDS = (
    SECTION_WORDS
    | SITE_WORDS
    | frozenset(
        "podcasts podcast games weather shop events magazine food music movies tv books fashion "
        "style life soccer football basketball cricket tennis golf autos cars family".split()
    )
)


def mark_outside(page: Page) -> None:
    """Leave out the menus of a web page and everything above and below its article."""
    if not _shows_menus(page):
        return
    core = prose_core(page)
    signs = page_signs(page, core)
    chosen = article_blocks(signs, LINES).tolist()
    words = sum(page.blocks[i].words for i, is_article in enumerate(chosen) if is_article)
    if words < _MIN_ARTICLE_WORDS:
        if not any(page.blocks[i].is_prose for i in range(*core)):
            return
        chosen = [core[0] <= i < core[1] for i in range(len(chosen))]
    first = chosen.index(True)
    title = _title_above(page, first)
    for i, is_article in enumerate(chosen):
        if not is_article and i != title:
            page.remove(i, i + 1, _reason_outside(page.blocks[i], signs[i], above=i < first))


def prose_core(page: Page) -> tuple[int, int]:
    """Return the stretch of blocks in which running text outweighs everything else most."""
    return heaviest([_weight(page, i) for i in range(len(page.blocks))])


def _shows_menus(page: Page) -> bool:
    """Tell whether this is a whole page: menus by their words, or lists of short lines around it.

    Of 1,973 news articles that are lines of text, none is; of the pages that rules were made on,
    89 %. The others have next to nothing around their article, or name it in another language.
    """
    return bool(_menu_runs(page)) or _is_mostly_short(page) or _stands_between_lists(page)


def _is_mostly_short(page: Page) -> bool:
    blocks = page.blocks
    listed = sum(end - begin for begin, end in _runs(page, 0, len(blocks), _RUN_LINES))
    open_ended = sum(not block.ends_sentence for block in blocks)
    return (
        listed >= _LISTED
        and open_ended >= _OPEN_ENDED_SHARE * len(blocks)
        and sum(map(bool, page.reasons)) >= _SITE_HITS
    )


def _stands_between_lists(page: Page) -> bool:
    prose = [i for i, block in enumerate(page.blocks) if block.is_prose]
    if not prose or not any(map(_is_short, page.blocks[prose[-1] :])):
        return False
    return bool(_runs(page, 0, prose[0], _LISTED))


def _reason_outside(block: Block, signs: Signs, *, above: bool) -> str:
    """Name what stands outside the article: credits and footers still tell date and outlet."""
    if above and signs[SIGN["header"]]:
        return rules.CREDIT
    is_footer = signs[SIGN["footer"]] >= FOOTER_SCORE or (
        block.words < FOOTER_MIN_WORDS and footer_score(block.text) >= FOOTER_SCORE
    )
    return rules.FOOTER if is_footer else rules.NAVIGATION


def _menu_runs(page: Page) -> list[tuple[int, int]]:
    """Return the runs that are menus; a list of sports or subjects alone could be the story."""
    found: list[tuple[int, int]] = []
    for begin, end in _runs(page, 0, len(page.blocks), _MENU_LINES):
        labels = {
            page.blocks[i].bare.casefold()
            for i in range(begin, end)
            if page.reasons[i] in (rules.NAVIGATION, rules.SHARE)
        }
        lines = {page.blocks[i].bare.casefold() for i in range(begin, end)}
        named = {line for line in lines if _is_made_of(line, _MENU_WORDS)}
        site = labels | {line for line in named if _is_made_of(line, SITE_WORDS)}
        if len(labels | named) >= _MENU_HITS and len(site) >= _SITE_HITS:
            found.append((begin, end))
    return found


def _is_made_of(line: str, vocabulary: frozenset[str]) -> bool:
    words = re.findall(r"\w+", line)
    return bool(words) and all(word in vocabulary for word in words)


def _is_short(block: Block) -> bool:
    return not block.ends_sentence and block.words <= _MENU_MAX_WORDS


def _runs(page: Page, first: int, last: int, length: int) -> list[tuple[int, int]]:
    """Return the runs of at least `length` short lines that end like no sentence."""
    found: list[tuple[int, int]] = []
    begin = first
    for i in range(first, last + 1):
        if i == last or not _is_short(page.blocks[i]):
            if i - begin >= length:
                found.append((begin, i))
            begin = i + 1
    return found


def _weight(page: Page, i: int) -> float:
    block = page.blocks[i]
    if page.reasons[i]:
        return _PENALTY_SHORT
    if block.is_teaser:
        return _PENALTY_TEASER
    if block.is_prose:
        return float(min(block.words, _PROSE_CAP))
    if block.ends_sentence:
        return block.words / 2
    if block.words >= _LONG_WORDS:
        return 0.0
    return _PENALTY_ITEM if block.is_item else _PENALTY_SHORT


def heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """Return the half-open stretch with the largest sum (Kadane's algorithm)."""
    best, best_sum, begin, running = (0, 0), 0.0, 0, 0.0
    for i, weight in enumerate(weights):
        if running <= 0:
            begin, running = i, 0.0
        running += weight
        if running > best_sum:
            best, best_sum = (begin, i + 1), running
    return best


def _title_above(page: Page, first: int) -> int | None:
    """Return the line above the article that reads most like its headline, or None."""
    near = range(max(0, first - _TITLE_REACH), first)
    lines = [
        i
        for i in near
        if not page.reasons[i]
        and page.blocks[i].is_headline_like
        and page.blocks[i].words >= _TITLE_MIN_WORDS
        and not is_header_line(page.blocks[i].bare)
    ]
    marked = [i for i in lines if page.blocks[i].text.startswith("# ")]
    found = marked or lines
    return found[-1] if found else None
