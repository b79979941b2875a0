"""Which outlet published a text?

Read from credits, footers and agency datelines, never from the sentences of the story.
"""

import re

from indexer.boilerplate_rules import CREDIT, FOOTER
from indexer.cleaning import Cleaning
from indexer.documents import Finding

_REACH = 3000
_DATELINE_REACH = 160

_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|[0-9]+)"
_NAME = rf"(?P<name>{_WORD}(?:\s+(?:(?:of|and|the|for|on|&)\s+){{0,2}}{_WORD}){{0,5}})"
_ARTICLE = r"(?:[Tt]he\s+)?"
_KIND = (
    r"(?:online\s+)?(?:news\s+)?(?:website|web\s?site|newspaper|agency|magazine|portal|network|"
    r"outlet|daily|weekly|channel|broadcaster|service|organi[sz]ation)"
)
_YEAR = r"(?:19|20)[0-9]{2}(?:\s?[-–]\s?(?:19|20)?[0-9]{2})?"

_FOOTER_PATTERNS = (
    ("footer", re.compile(rf"{_ARTICLE}{_NAME}\s+\((?P<short>[A-Z][A-Za-z]{{1,9}})\)\s+{_KIND}\b")),
    (
        "copyright line",
        re.compile(
            rf"(?:©|ⓒ|\([cC]\)|\b[Cc]opyright\b|\bCOPYRIGHT\b)[\s:]*(?:©|\([cC]\))?\s*(?:{_YEAR})?,?\s*"
            rf"(?:by\s+)?{_ARTICLE}{_NAME}"
        ),
    ),
    (
        "credit line",
        re.compile(
            rf"\b(?:[Ff]irst|[Oo]riginally|[Pp]reviously)\s+(?:published|appeared)\s+(?:by|in|on|at)\s+"
            rf"{_ARTICLE}{_NAME}"
        ),
    ),
    (
        "footer",
        re.compile(
            rf"\b(?:published\s+by|opinions?\s+of|views\s+of)\s+{_ARTICLE}{_NAME}\s+{_KIND}\b"
        ),
    ),
)
_SOURCE_LINE = re.compile(
    rf"[ \t>*_-]*(?:[Ss]ource|SOURCE)[ \t]*:[ \t]*{_ARTICLE}{_NAME}[ \t.*_]*$", re.MULTILINE
)
_DATELINE = re.compile(
    rf"(?:[^\W\d_][^()\n]{{1,60}}\s)?\((?P<name>{_WORD}(?:\s{_WORD}){{0,2}})\)\s*(?:[-–—]|--)\s"
)
_NOT_A_NAME = re.compile(
    r"(?:all\s+rights|rights|reserved|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?\b", re.IGNORECASE
)
_TRAILING = re.compile(r"\W*(?:\bAll\b(?:\s+[Rr]ights.*)?)?$")


def find_outlet(text: str, cleaning: Cleaning, story: int) -> Finding | None:
    """Return the outlet that the text names as its publisher, or None.

    Args:
        text: the untouched text of a document.
        cleaning: what `clean` returned for it; footers and credits are read although removed.
        story: where the first paragraph below the header begins.
    """
    for found_in, pattern in _FOOTER_PATTERNS:
        for region in cleaning.regions:
            if region.reason in (FOOTER, CREDIT):
                end = min(region.end, region.start + _REACH)
                finding = _finding(pattern.search(text, region.start, end), found_in)
                if finding:
                    return finding
    return _source_line(text, cleaning, story) or _dateline(text, story)


def _source_line(text: str, cleaning: Cleaning, story: int) -> Finding | None:
    """Return the outlet of "Source: …" above or below the story; inside it, it credits a chart."""
    last_kept = max((region.end for region in cleaning.regions if region.kept), default=0)
    for region in cleaning.regions:
        if region.reason == CREDIT and (region.start < story or region.start >= last_kept):
            match = _SOURCE_LINE.search(text, region.start, min(region.end, region.start + _REACH))
            if match:
                return _finding(match, "credit line")
    return None


def _dateline(text: str, story: int) -> Finding | None:
    """Return the agency of a dateline such as "CITY (Reuters) - "."""
    return _finding(_DATELINE.match(text, story, story + _DATELINE_REACH), "dateline")


def _finding(match: re.Match[str] | None, found_in: str) -> Finding | None:
    if not match:
        return None
    start = match.start("name")
    value = _TRAILING.sub("", match["name"])
    if not value or _NOT_A_NAME.match(value) or value.isdigit():
        return None
    return Finding(value, found_in, start, start + len(value))
