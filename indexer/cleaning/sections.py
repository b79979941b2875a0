"""Removal of the sections around an article: comments, related stories, tags, footers.

A label opens a section only below the beginning of the article; prose ends a list of teasers.
"""

import re
from collections.abc import Callable

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.footers import FOOTER_SCORE, footer_score
from indexer.cleaning.page import Page
from indexer.text.blocks import Block
from indexer.text.dates import is_date_line

_EVIDENCE_REACH = 6
_NUMBERED = re.compile(r"[0-9]{1,4}[.)]\s")
_COMMENT_TRACE = re.compile(
    r".{1,60}\b(?:says|wrote|commented|replied)\s?:?|(?:reply|report|like|upvote|flag)"
    r"|(?:log in to )?reply(?: to .{1,60})?|.{1,60}\bat \d{1,2}:\d{2}.{0,10}",
    re.IGNORECASE,
)
_READ_MORE = re.compile(
    r"\W{0,4}(?:read|see|learn|continue) (?:more|reading)\W{0,4}", re.IGNORECASE
)
_TAG_MAX_WORDS = 5
_COMMENT_SCORE = 3
_LONG_COMMENT_WORDS = 40
_HEADING_MAX_WORDS = 6
_TEASER_MIN_WORDS = 4  # a shorter line right above running text is its subheading
_MIN_TEASERS = 1


def mark_labels(page: Page) -> None:
    """Remove paragraphs that are boilerplate in any context."""
    for i, block in enumerate(page.blocks):
        page.reasons[i] = page.reasons[i] or rules.line_reason(block.bare)
    for i, block in enumerate(page.blocks):
        reason = "" if page.reasons[i] else rules.bare_word_reason(block.bare)
        if not reason:
            continue
        around = page.reasons[max(0, i - 2) : i] + page.reasons[i + 1 : i + 3]
        if not {rules.SHARE, rules.NAVIGATION}.isdisjoint(around):
            page.reasons[i] = reason


def mark_sections(page: Page) -> None:
    """Remove comment sections, lists of related stories and tags below running text."""
    last_prose = max((i for i, block in enumerate(page.blocks) if block.is_prose), default=-1)
    # Above running text, the same words may be the title of the page.
    begun = False
    for i, block in enumerate(page.blocks):
        if page.reasons[i] == rules.COMMENTS:
            return
        if begun:
            _open_section(page, i, last_prose)
        begun = begun or (block.is_prose and not page.reasons[i])


def _open_section(page: Page, i: int, last_prose: int) -> None:
    label = page.blocks[i].bare
    if len(label) > rules.LABEL_MAX_CHARS or page.reasons[i] in (rules.FORM, rules.RELATED):
        return
    if rules.COMMENT_OPENER.fullmatch(label) and (last_prose <= i or _has_comments(page, i + 1)):
        page.remove(i, len(page.blocks), rules.COMMENTS)
    elif rules.TAG_OPENER.fullmatch(label):
        page.remove(i, _while(page, i + 1, _is_tag), rules.SHARE)
    elif rules.RELATED_OPENER.fullmatch(label):
        page.remove(i, _while(page, i + 1, _is_teaser), rules.RELATED)
    elif rules.RELATED_HEADING.fullmatch(label):
        last = _while(page, i + 1, _is_teaser)
        if last - i > _MIN_TEASERS or last == len(page.blocks):
            page.remove(i, last, rules.RELATED)
    elif rules.is_teaser(label) or (
        rules.RELATED_LINE.match(label) and not page.blocks[i].ends_sentence
    ):
        page.remove(i, i + 1, rules.RELATED)


def _has_comments(page: Page, first: int) -> bool:
    """Return whether comments or their form follow, as below a heading "Comments"."""
    near = range(first, min(first + _EVIDENCE_REACH, len(page.blocks)))
    return any(_is_comment_trace(page, i) for i in near)


def _is_comment_trace(page: Page, i: int) -> bool:
    text = page.blocks[i].bare
    return page.reasons[i] == rules.FORM or (
        len(text) <= rules.LABEL_MAX_CHARS
        and bool(_COMMENT_TRACE.fullmatch(text) or rules.RELATIVE_TIME.fullmatch(text))
    )


def _while(page: Page, first: int, belongs: Callable[[Page, int], bool]) -> int:
    last = first
    while last < len(page.blocks) and belongs(page, last):
        last += 1
    return last


def _is_tag(page: Page, i: int) -> bool:
    block = page.blocks[i]
    return (
        not page.reasons[i]
        and not block.ends_sentence
        and block.words <= _TAG_MAX_WORDS
        and not rules.COMMENT_OPENER.fullmatch(block.bare)
        and not rules.RELATED_OPENER.fullmatch(block.bare)
    )


def _is_teaser(page: Page, i: int) -> bool:
    """Return whether a block below "Related stories" belongs to that list."""
    if page.reasons[i] in (rules.FORM, rules.COMMENTS, rules.SHARE):
        return False
    block = page.blocks[i]
    following = page.blocks[i + 1] if i + 1 < len(page.blocks) else None
    if following is not None and _ends_teaser(following):
        return True
    if block.ends_sentence and not block.is_teaser:
        return block.is_item and not block.is_prose
    return following is None or not following.is_prose or block.words >= _TEASER_MIN_WORDS


def _ends_teaser(block: Block) -> bool:
    text = block.bare
    return len(text) <= rules.LABEL_MAX_CHARS and bool(
        rules.RELATIVE_TIME.fullmatch(text) or _READ_MORE.fullmatch(text)
    )


def peel_tail(page: Page) -> None:
    """Remove what is below the article, from the bottom up."""
    for i in reversed(range(len(page.blocks))):
        page.reasons[i] = page.reasons[i] or _tail_reason(page, i)
        if not page.reasons[i]:
            return


def _tail_reason(page: Page, i: int) -> str:
    block = page.blocks[i]
    below = page.reasons[i + 1] if i + 1 < len(page.blocks) else ""
    if below == rules.RELATED and _belongs_to_teaser(page, i):
        return rules.RELATED
    if rules.RELATIVE_TIME.fullmatch(block.bare[: rules.LABEL_MAX_CHARS]):
        return rules.RELATED
    if below in (rules.FORM, rules.COMMENTS) and _comment_score(page, i) >= _COMMENT_SCORE:
        return rules.COMMENTS
    if footer_score(block.text) >= FOOTER_SCORE or (
        below == rules.FOOTER and _is_heading_of(block, page.blocks[i + 1])
    ):
        return rules.FOOTER
    return rules.CREDIT if is_date_line(block.bare) else ""


def _belongs_to_teaser(page: Page, i: int) -> bool:
    """Return whether this is the text above "5 hours ago", or the headline above such a text."""
    block, below = page.blocks[i], page.blocks[i + 1]
    return (_ends_teaser(below) and block.is_teaser) or (below.is_teaser and block.is_headline_like)


def _comment_score(page: Page, i: int) -> int:
    """Count the clues that a numbered paragraph above a form is a comment, not part of a list."""
    block = page.blocks[i]
    mark = _NUMBERED.match(block.text)
    if not mark:
        return 0
    body = block.text[mark.end() :]
    above = footer_score(page.blocks[i - 1].text) if i else 0
    return sum(
        (
            2 * (above >= FOOTER_SCORE),
            block.indent > 0,
            block.blanks > 1,
            body[:1].islower(),
            not block.ends_sentence,
            block.words >= _LONG_COMMENT_WORDS and not block.ends_sentence,
        )
    )


def _is_heading_of(block: Block, footer: Block) -> bool:
    """Return whether a short line is the heading of the footer below it."""
    words = set(re.findall(r"\w+", block.text.casefold()))
    return (
        block.words <= _HEADING_MAX_WORDS
        and not block.ends_sentence
        and words <= set(re.findall(r"\w+", footer.text.casefold()))
    )
