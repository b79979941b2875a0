"""Publication and modification date of a web page.

In order of trust: declared dates, the URL, labelled dates, and what htmldate finds. A date in the
future is never accepted, and the file's own time never read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement

from indexer.documents import Finding
from indexer.text.dates import without_midnight
from indexer.text.urls import IN_URL, url_date
from indexer.webpages.date_boxes import boxes
from indexer.webpages.declared_dates import DateRole, PageDate, declared_dates
from indexer.webpages.tree import parse_page
from indexer.webpages.written_dates import (
    days_of_other_things,
    labelled_dates,
    visible_text,
    written_days,
)

# Share of right dates on the odd half of 300 pages (`evaluation/components/dates.py`).
CONFIRMED, DECLARED, LABELLED = 0.97, 0.92, 0.95
# The same for dates found by htmldate, on pages without a declared date or with it hidden.
NEAR_TITLE, ONLY_DAY, ONLY_MARKED, UNWRITTEN = 0.95, 0.85, 0.85, 0.75

_DAY_LENGTH = len("2021-03-05")
# Within 400 characters of the title 176 of 185 days were right, further away 12 of 22, and 3 of 14
# of those where the page states other days too (odd halves of two collections of pages).
_TITLE_REACH = 400
_TITLE_MIN_CHARS = 8
_TITLE_PARTS = re.compile(r"\s[|–—·»-]\s")
# The most on a page of the evaluation is 288; a page made of dates would take htmldate minutes.
_MAX_SEGMENTS, _SEGMENT_MAX_CHARS = 1000, 100
_MARKED = re.compile(r"date|datum|publish|posted|byline|timestamp|meta|info", re.IGNORECASE)
_MARKED_MAX_CHARS, _MARKED_MAX_ELEMENTS = 80, 10


@dataclass(frozen=True, slots=True)
class PageDates:
    """Dates of a page in ISO 8601 to the known precision; None means unknown, never a guess."""

    published: Finding | None = None
    modified: Finding | None = None


def find_page_dates(content: bytes, url: str | None, today: date) -> PageDates:
    """Return when the article of a web page was published and last changed.

    Args:
        content: the bytes of the page.
        url: its address, if known.
        today: later dates are not accepted.

    Raises:
        PageError: when the bytes are no web page.
    """
    return dates_of(parse_page(content).root, url, today)


def dates_of(root: HtmlElement, url: str | None, today: date) -> PageDates:
    """Return the same of a parsed page."""
    declared = [each for each in declared_dates(root) if _day(each.iso) <= today]
    text = visible_text(root)
    labelled = [each for each in labelled_dates(text) if _day(each.iso) <= today]
    address = url_date(url or "")
    if address and address > today:
        address = None
    published = (
        _from_metadata(declared, labelled, address)
        or (Finding(address.isoformat(), "URL", confidence=IN_URL) if address else None)
        or _from_label(root, labelled)
        or _from_search(root, text, today, _days(labelled, "modified") + days_of_other_things(text))
    )
    return PageDates(published, _modified(declared, labelled, published))


def _day(iso: str) -> date:
    """Return the calendar day, as stated, whatever the time zone."""
    return date.fromisoformat(iso[:_DAY_LENGTH])


def _days(found: Sequence[PageDate], role: DateRole) -> list[date]:
    return [_day(each.iso) for each in found if each.role == role]


def _finding(found: PageDate, confidence: float) -> Finding:
    return Finding(without_midnight(found.iso), found.found_in, confidence=confidence)


def _from_metadata(
    declared: Sequence[PageDate], labelled: Sequence[PageDate], address: date | None
) -> Finding | None:
    """Return the first declared publication date, confirmed or corrected by another source.

    A URL keeps the day of the first publication, whatever is declared later. A publishing system
    that declares UTC is a day off around midnight; a label has the newsroom's own day.
    """
    first = next((each for each in declared if each.role == "published"), None)
    if first is None:
        return None
    day = _day(first.iso)
    labels = _days(labelled, "published")[:1]
    if day == address or (address is None and day in labels):
        return _finding(first, CONFIRMED)
    if address:
        return Finding(address.isoformat(), "URL", confidence=IN_URL)
    for label in labels:
        if first.iso.endswith("+00:00") and abs(label - day) <= timedelta(days=1):
            return Finding(label.isoformat(), "published line", confidence=CONFIRMED)
    return _finding(first, DECLARED)


def _from_label(root: HtmlElement, labelled: Sequence[PageDate]) -> Finding | None:
    """Return the first labelled day of publication that is not only in a box."""
    if "published" not in [each.role for each in labelled]:
        return None
    outside = _outside(root)
    first = next(
        (each for each in labelled_dates(outside) if each.role == "published" and each in labelled),
        None,
    )
    return _finding(first, LABELLED) if first else None


def _modified(
    declared: Sequence[PageDate], labelled: Sequence[PageDate], published: Finding | None
) -> Finding | None:
    """Return the last declared change, else the first labelled one, unless before publication."""
    changes = [each for each in declared if each.role == "modified"]
    stated = [each for each in labelled if each.role == "modified"]
    if changes:
        found = _finding(max(changes, key=lambda each: each.iso), DECLARED)
    elif stated:
        found = _finding(stated[0], LABELLED)
    else:
        return None
    return None if published and _day(found.value) < _day(published.value) else found


def _from_search(
    root: HtmlElement, text: str, today: date, changes: Sequence[date]
) -> Finding | None:
    """Return the day that htmldate finds if the page supports it, else the only marked one.

    The day must be written near the title, or be the only one on the page, or be in the markup
    while the text states hardly any: htmldate completes a year or a month to its first day, and
    falls back to the day of printing, of a comment or of another story.

    Args:
        root: the element tree of the page.
        text: its visible text.
        today: later days are not accepted.
        changes: days that the text labels as modified or as those of other things, once for each
            label; a day that is stated no more often than that is not the day of publication.
    """
    quick = _htmldate(root, today, extensive=False)
    found = _htmldate(root, today, extensive=True) if _is_searchable(root) else quick
    if found is None:
        return None
    day, in_markup = date.fromisoformat(found), quick == found
    confidence = _confidence(root, text, day, in_markup=in_markup)
    if not confidence:
        marked = _only_marked_day(root)
        if marked is None:
            return None
        day, in_markup, confidence = marked, True, ONLY_MARKED
    stated = sum(each.may_be(day) for each in written_days(text))
    if day > today or 0 < changes.count(day) >= stated:
        return None
    if stated and not any(each.may_be(day) for each in written_days(_outside(root))):
        return None
    found_in = "date line" if in_markup else "date in the text"
    return Finding(day.isoformat(), found_in, confidence=confidence)


def _outside(root: HtmlElement) -> str:
    """Return the visible text without side columns, boxes of facts and lists of days."""
    return visible_text(root, boxes(root))


def _htmldate(root: HtmlElement, today: date, *, extensive: bool) -> str | None:
    latest = datetime.combine(today, time.max)
    try:
        return find_date(root, extensive_search=extensive, original_date=True, max_date=latest)
    except ValueError:  # htmldate 1.11.0 fails on a time zone of more than a day
        return None


def _is_searchable(root: HtmlElement) -> bool:
    """Tell whether the page has few enough short texts with digits, each of which is parsed."""
    texts = (
        text
        for text in root.itertext()
        if len(text) < _SEGMENT_MAX_CHARS and any(map(str.isdigit, text))
    )
    return sum(1 for _ in islice(texts, _MAX_SEGMENTS)) < _MAX_SEGMENTS


def _confidence(root: HtmlElement, text: str, day: date, *, in_markup: bool) -> float:
    """Return how often a day with this support was right; 0 if it has too little."""
    written = written_days(text)
    here = [each for each in written if each.may_be(day)]
    others = {each.iso or each.words for each in written if not each.may_be(day)}
    if not here:
        completed = day.day == 1
        return UNWRITTEN if in_markup and len(others) <= 1 and not completed else 0.0
    for start, end in _titles(root, text):
        if any(max(start - each.end, each.start - end) <= _TITLE_REACH for each in here):
            return NEAR_TITLE
    return 0.0 if others else ONLY_DAY


def _only_marked_day(root: HtmlElement) -> date | None:
    """Return the day in the elements that are named after a date, if it is the only one."""
    marked: set[str] = set()
    for element in root.iter("time", "span", "div", "p", "dd", "td", "li", "em", "small", "abbr"):
        name = f"{element.get('class', '')} {element.get('id', '')}"
        if (element.tag == "time" or _MARKED.search(name)) and _is_small(element):
            words = " ".join(f"{element.get('datetime', '')} {element.text_content()}".split())
            marked.update(each.iso for each in written_days(words[:_MARKED_MAX_CHARS]))
    if len(marked) != 1 or "" in marked:
        return None
    return date.fromisoformat(marked.pop())


def _is_small(element: HtmlElement) -> bool:
    """Tell whether an element has few others in it, so that its text is not half the page."""
    return sum(1 for _ in islice(element.iter(), _MARKED_MAX_ELEMENTS)) < _MARKED_MAX_ELEMENTS


def _titles(root: HtmlElement, text: str) -> list[tuple[int, int]]:
    """Return the spans of the page's headings and titles in its text."""
    wanted = {" ".join(heading.text_content().split()) for heading in root.iter("h1")}
    named = [
        meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:title"
    ]
    for title in (*named, *(element.text for element in root.iter("title"))):
        parts = _TITLE_PARTS.split(" ".join((title or "").split()))
        wanted.add(max(parts, key=len))
    return [
        match.span()
        for title in sorted(wanted)
        if len(title) > _TITLE_MIN_CHARS
        for match in re.finditer(re.escape(title), text)
    ]
