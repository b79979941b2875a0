"""Parts of a page whose days are not its own: side columns, boxes of facts, lists of days."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from indexer.webpages.written_dates import labelled_dates, written_days

_SIDE = ("aside", "nav")
_LISTS = ("ul", "ol", "dl", "table")
_ITEMS = ("li", "tr", "dd")
_FACTS = re.compile(r"(?<![a-z])(?:info-?box|fact-?(?:box|file|sheet)|facts|vcard)(?![a-z])", re.I)
_OTHERS = re.compile(
    r"(?<![a-z])(?<!with[-_])(?<!has[-_])(?<!no[-_])(?:side-?bar|related|latest|most-?read|popular|trending|recommend(?:ed|ations)"
    r"|timeline|chronology|change-?log|revisions|comments?)(?![a-z])",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(
    r"\W*(?:date|datum|data|fecha|published|posted|issued|released?|veröffentlicht|publi)",
    re.IGNORECASE,
)
_TITLE_MIN_WORDS = 3
_MAX_SHARE = 1 / 3
_MAX_LISTS, _MAX_CHARS, _MAX_TEXTS, _MAX_ITEMS = 300, 5000, 500, 60


def boxes(root: HtmlElement) -> set[HtmlElement]:
    """Return the elements whose days are those of other stories or things, not of the article."""
    outer = _around_article(root)
    page_chars = sum(map(len, root.itertext()))
    found: set[HtmlElement] = set()
    candidates = (
        each for each in root.iter(*_SIDE, *_LISTS, "div", "section") if each not in outer
    )
    kept = (each for each in candidates if each.tag in (*_SIDE, *_LISTS) or _named(each))
    for element in islice(kept, _MAX_LISTS):
        parent = element.getparent()
        if parent in found or (_is_box(element) and not _holds_story(element, page_chars)):
            found.add(element)
    return found


def _around_article(root: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold the headline or the article."""
    title = " ".join((root.findtext(".//title") or "").split())
    found: set[HtmlElement] = set()
    for element in root.iter("h1", "h2", "h3", "main", "article", "body"):
        if element.tag in ("h2", "h3") and (_text(element) or title) not in title:
            continue
        while element is not None and element not in found:
            found.add(element)
            element = element.getparent()
    return found


def _holds_story(element: HtmlElement, page_chars: int) -> bool:
    """Tell whether an element has so much of the page's text that the story may be in it."""
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > _MAX_SHARE * page_chars:
            return True
    return False


def _named(element: HtmlElement) -> bool:
    name = _name(element)
    return bool(_FACTS.search(name) or _OTHERS.search(name))


def _name(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_box(element: HtmlElement) -> bool:
    name = _name(element)
    if _FACTS.search(name):
        return True
    if element.tag in _LISTS and (_lists_days(element) or _states_facts(element)):
        return True
    if element.tag in _SIDE or _OTHERS.search(name):
        text = _text(element)
        days = {day.iso or day.words for day in written_days(text)}
        # The side column of a blog says when "this article" was published.
        return len(days) > 1 or (
            bool(days) and _names_stories(element) and not labelled_dates(text)
        )
    return False


def _lists_days(element: HtmlElement) -> bool:
    """Tell whether two items have different days, unless labels say whose they are."""
    days: set[str] = set()
    for item in islice(element.iter(*_ITEMS), _MAX_ITEMS):
        written = written_days(_text(item))
        days.update(day.iso or day.words for day in written[:1])
    return len(days) > 1 and (_names_stories(element) or not labelled_dates(_text(element)))


def _states_facts(element: HtmlElement) -> bool:
    """Tell whether a table or list of terms gives a day to a name that is none of a date."""
    for label in islice(element.iter("th", "dt"), _MAX_ITEMS):
        value = label.getnext()
        if value is None or value.tag not in ("td", "dd") or not written_days(_text(value)):
            continue
        if not _DATE_NAME.match(_text(label)):
            return True
    return False


def _names_stories(element: HtmlElement) -> bool:
    links = islice(element.iter("a"), _MAX_ITEMS)
    return any(
        len(words.split()) >= _TITLE_MIN_WORDS and not written_days(words)
        for words in map(_text, links)
    )


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(_parts(element)).split())


def _parts(element: HtmlElement) -> Iterator[str]:
    length = 0
    for text in islice(element.itertext(), _MAX_TEXTS):
        yield text
        length += len(text)
        if length > _MAX_CHARS:
            break
