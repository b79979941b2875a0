"""Name of the outlet in an article's credits, footers or agency dateline."""

import re
from collections.abc import Sequence

from indexer.cleaning.cleaner import Cleaning
from indexer.cleaning.vocabulary import CREDIT, FOOTER
from indexer.documents import Finding, Region
from indexer.text.dates import MONTH_NAMES

_REACH = 3000
_DATELINE_REACH = 160

_NOT_IN_NAMES = (
    r"(?!(?:All|ALL|Rights|RIGHTS|Reserved|Copyright|COPYRIGHT|By|BY|Read|Click|This|Mon|Tues|Wednes|"
    rf"Thurs|Fri|Satur|Sun)(?:day)?\b)(?!(?:{MONTH_NAMES.title()})[a-z]*\.?\s+[0-9])"
)
_WORD = rf"(?:{_NOT_IN_NAMES}(?:(?:[A-Z]\.)+|[^\W\d_a-zß-öø-ÿ][\w'’-]*(?:\.\w+)*))"
_NUMBER = r"[0-9]{1,3}(?![\w.,/:-])"
_NAME = rf"(?P<name>{_WORD}(?:\s+(?:(?:of|and|the|for|on|&)\s+){{0,2}}{_WORD}|\s+{_NUMBER}){{0,5}})"
_KIND = (
    r"(?:online\s+)?(?:news\s+)?(?:website|web\s?site|newspaper|agency|magazine|portal|network|"
    r"outlet|daily|weekly|channel|broadcaster|service|organi[sz]ation)"
)
_YEAR = r"(?:19|20)[0-9]{2}(?:\s?[-–]\s?(?:19|20)?[0-9]{2})?"
_RIGHT = r"(?:©|ⓒ|\([cC]\)|\b[Cc]opyright\b|\bCOPYRIGHT\b)[\s:]*(?:©|\([cC]\))?\s*"
_PHOTO = r"\b(?!\s*/|\s+(?:[Pp]hoto|via\b))"

_IN_ANY_FOOTER = (
    ("footer", re.compile(rf"{_NAME}\s+\([A-Z][A-Za-z]{{1,9}}\)\s+{_KIND}\b")),
    ("copyright line", re.compile(rf"{_RIGHT}{_YEAR},?\s*(?:by\s+)?(?:the\s+)?{_NAME}{_PHOTO}")),
    (
        "credit line",
        re.compile(
            r"\b(?:[Ff]irst|[Oo]riginally|[Pp]reviously)\s+(?:published|appeared)\s+"
            rf"(?:by|in|on|at)\s+(?:the\s+)?{_NAME}"
        ),
    ),
    (
        "footer",
        re.compile(
            rf"\b(?:published\s+by|opinions?\s+of|views\s+of)\s+(?:the\s+)?{_NAME}\s+{_KIND}\b"
        ),
    ),
)
_BELOW_THE_STORY = (
    ("copyright line", re.compile(rf"{_RIGHT}(?:by\s+)?(?:the\s+)?{_NAME}{_PHOTO}")),
)
_SOURCE_LINE = re.compile(
    rf"^[ \t>*_-]*(?:[Ss]ource|SOURCE)[ \t]*:[ \t]*(?:the\s+)?{_NAME}[ \t.*_]*$", re.MULTILINE
)
_DATELINE = re.compile(
    rf"(?:[^\W\d_][^()\n]{{1,60}}\s)?\((?P<name>{_WORD}(?:\s{_WORD}){{0,2}})\)\s*(?:[-–—]|--)\s"
)


def find_outlet(text: str, cleaning: Cleaning, story: int) -> Finding | None:
    """Return the outlet that the text names as its publisher, or None.

    Args:
        text: the unchanged text of a document.
        cleaning: result of `clean` for it, whose removed footers and credits count.
        story: offset of the first paragraph below the header.
    """
    below = max((region.end for region in cleaning.regions if region.kept), default=0)
    credits_ = [region for region in cleaning.regions if region.reason in (FOOTER, CREDIT)]
    edges = [region for region in credits_ if region.start < story or region.start >= below]
    return (
        _first(text, credits_, _IN_ANY_FOOTER)
        or _first(text, [region for region in edges if region.start >= below], _BELOW_THE_STORY)
        or _first(text, edges, (("credit line", _SOURCE_LINE),))
        or _finding(_DATELINE.match(text, story, story + _DATELINE_REACH), "dateline")
    )


def _first(
    text: str, regions: Sequence[Region], patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Finding | None:
    for found_in, pattern in patterns:
        for region in regions:
            end = min(region.end, region.start + _REACH)
            finding = _finding(pattern.search(text, region.start, end), found_in)
            if finding:
                return finding
    return None


def _finding(match: re.Match[str] | None, found_in: str) -> Finding | None:
    if not match:
        return None
    return Finding(" ".join(match["name"].split()), found_in, *match.span("name"))
