"""Which day does a page that declares none seem to be of, and how sure is that?

htmldate searches the markup and the words; its answer is taken only where the page supports it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement

from indexer.webpages.written_dates import written_days

NEAR_TITLE, ONLY_DAY, ONLY_MARKED, UNWRITTEN = 0.95, 0.85, 0.85, 0.75
"""How often such a day was right on pages that declare none, or whose declared date was hidden."""

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
class FoundDay:
    """A day, and how often a day that is so supported was right, from 0 to 1."""

    day: date
    in_markup: bool
    confidence: float


def search_day(
    root: HtmlElement, text: str, today: date, changes: Sequence[date]
) -> FoundDay | None:
    """Return the day that htmldate finds when the page bears it out, else the only marked one.

    The day must be written out near the title, or be the only one on the page, or stand in the
    markup while the text states hardly any: htmldate completes a year or a month to its first day,
    and takes the day of printing, of a comment or of another story where it finds no better.

    Args:
        root: the element tree of the page.
        text: its visible text.
        today: later days are not accepted.
        changes: days that the text labels as those of a change, once for each label; a day that
            is stated only so often is none of publication.
    """
    quick = _htmldate(root, today, extensive=False)
    found = _htmldate(root, today, extensive=True) if _is_searchable(root) else quick
    if found is None:
        return None
    day = date.fromisoformat(found)
    confidence = _confidence(root, text, day, in_markup=quick == found)
    candidate = FoundDay(day, quick == found, confidence) if confidence else _only_marked(root)
    if candidate is None or candidate.day > today:
        return None
    stated = sum(each.may_be(candidate.day) for each in written_days(text))
    return None if 0 < changes.count(candidate.day) >= stated else candidate


def _htmldate(root: HtmlElement, today: date, *, extensive: bool) -> str | None:
    latest = datetime.combine(today, time.max)
    try:
        return find_date(root, extensive_search=extensive, original_date=True, max_date=latest)
    except ValueError:  # htmldate 1.11.0 fails on a time zone of more than a day
        return None


def _is_searchable(root: HtmlElement) -> bool:
    """Tell whether the page has so few short texts with digits that each may be parsed slowly."""
    texts = (
        text
        for text in root.itertext()
        if len(text) < _SEGMENT_MAX_CHARS and any(map(str.isdigit, text))
    )
    return sum(1 for _ in islice(texts, _MAX_SEGMENTS)) < _MAX_SEGMENTS


def _confidence(root: HtmlElement, text: str, day: date, *, in_markup: bool) -> float:
    """Return how often a day with this support was right, 0 when it has too little."""
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


def _only_marked(root: HtmlElement) -> FoundDay | None:
    """Return the day in the elements that are named after a date, when it is the only one."""
    marked: set[str] = set()
    for element in root.iter("time", "span", "div", "p", "dd", "td", "li", "em", "small", "abbr"):
        name = f"{element.get('class', '')} {element.get('id', '')}"
        if (element.tag == "time" or _MARKED.search(name)) and _is_small(element):
            words = " ".join(f"{element.get('datetime', '')} {element.text_content()}".split())
            marked.update(each.iso for each in written_days(words[:_MARKED_MAX_CHARS]))
    if len(marked) != 1 or "" in marked:
        return None
    return FoundDay(date.fromisoformat(marked.pop()), True, ONLY_MARKED)


def _is_small(element: HtmlElement) -> bool:
    """Tell whether an element has few others in it: text is not collected from half the page."""
    return sum(1 for _ in islice(element.iter(), _MARKED_MAX_ELEMENTS)) < _MARKED_MAX_ELEMENTS


def _titles(root: HtmlElement, text: str) -> list[tuple[int, int]]:
    """Return where the headings and the titles of the page stand in its text."""
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
