"""Paragraphs, lists and tables that extraction lost inside of the story, and the lead above it.

Each is found by what the page shows between two paragraphs that extraction kept.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from indexer.text.blocks import block_of
from indexer.text.dates import is_date_line
from indexer.webpages.beside import PageParts, around, name_of
from indexer.webpages.sentences import BLOCKS

_UNITS = ("p", "pre", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table")
_GROUPS = frozenset({"ul", "ol", "dl", "table"})
_LEAD_NAMES = re.compile(
    r"(?<![a-z])(?:stand-?first|lead(?:-?(?:text|paragraph|in))?|lede|dec?k|sub-?(?:title|head(?:line|ing)?"
    r"|deck)|summary|intro(?:duction|-?text)?|abstract|excerpt|synopsis|strap-?line|ingress|chapo|chapeau"
    r"|vorspann|anreisser|teaser-?text|entradilla|bajada|sumario|sommario|occhiello|preamble|blurb"
    r"|description|tag-?line)(?![a-z])"
)
_INLINE = ("span", "strong", "em", "b", "i", "ins")
_LEAD_ITEMS = frozenset({"description", "alternativeheadline", "abstract"})
_MIN_LEAD_WORDS, _MAX_LEAD_WORDS = 6, 90
_MIN_PROSE_WORDS = 8
_MIN_ITEMS = 2
_MAX_LINK_SHARE = 0.5
_LEAD_REACH = 40
_MIN_END_CHARS = 20
_MAX_OTHER_SHARE, _MIN_SAID_SHARE = 0.1, 0.5
_NO_TEXT = frozenset(
    {"rt", "rp", "script", "style", "noscript", "select", "textarea", "button", "template"}
)
_KEY = re.compile(r"\w+")
_MARKS = "-|•– \t"


@dataclass(slots=True)
class _Unit:
    """Paragraph, heading, list or table of a page, with the lines that it shows."""

    element: HtmlElement
    lines: list[str]
    kept: bool = False


class Story:
    """Lines that extraction found, beside what the page shows."""

    def __init__(self, root: HtmlElement, lines: list[str]) -> None:
        self._root = root
        self._lines = lines
        self._parts = PageParts(root)
        self._beside = self._parts.beside()
        self._units = list(_units(root))
        self._places: dict[str, list[int]] = {}
        for i, line in enumerate(lines):
            self._places.setdefault(_key(line), []).append(i)
        for unit in self._units:
            known = sum(_key(line) in self._places for line in unit.lines)
            unit.kept = known > 0 and known >= len(unit.lines) / 2
        self._mend()

    def whole(self) -> list[str]:
        """Return the lines with those that were lost between them."""
        first, last = self._reach()
        added: dict[int, list[str]] = {}
        place = -1
        before: HtmlElement | None = None
        for number, unit in enumerate(self._units):
            if unit.kept:
                places = self._places.get(_key(unit.lines[-1]), [])
                after = bisect_right(places, place)
                place = places[after] if after < len(places) else place
                before = unit.element
            elif place >= 0 and self._is_lost(unit, number, first, last, before):
                added.setdefault(place, []).extend(unit.lines)
        whole: list[str] = []
        for i, line in enumerate(self._lines):
            whole.append(line)
            whole += added.get(i, ())
        return whole

    def _mend(self) -> None:
        """Replace lines that lack words by the paragraphs that have them."""
        shown = {_key(line) for unit in self._units for line in unit.lines}
        ends: dict[str, int] = {}
        for i, line in enumerate(self._lines):
            key = _key(line)
            if len(key) >= _MIN_END_CHARS and key not in shown:
                ends[key[:_MIN_END_CHARS]] = ends[key[-_MIN_END_CHARS:]] = i
        for unit in self._units if ends else ():
            if unit.kept or len(unit.lines) != 1 or unit.element in self._beside:
                continue
            text = unit.lines[0]
            key = _key(text)
            near = ends.get(key[:_MIN_END_CHARS], ends.get(key[-_MIN_END_CHARS:]))
            if near is not None and _lacks_words(self._lines[near], text):
                self._lines[near] = text
                self._places.setdefault(key, []).append(near)
                unit.kept = True

    def _reach(self) -> tuple[dict[HtmlElement, int], dict[HtmlElement, int]]:
        """Return the first and the last kept unit directly in each element that holds some."""
        first: dict[HtmlElement, int] = {}
        last: dict[HtmlElement, int] = {}
        for number, unit in enumerate(self._units):
            parent = unit.element.getparent()
            if unit.kept and parent is not None and unit.element.tag == "p":
                first.setdefault(parent, number)
                last[parent] = number
        return first, last

    def _is_lost(
        self,
        unit: _Unit,
        number: int,
        first: dict[HtmlElement, int],
        last: dict[HtmlElement, int],
        before: HtmlElement | None,
    ) -> bool:
        """Tell whether a unit is of the story: prose, a list or a table between kept paragraphs."""
        element = unit.element
        if element in self._beside or _is_linked(element, self._parts):
            return False
        if element.tag in _GROUPS:
            fits = len(unit.lines) >= _MIN_ITEMS
        else:
            text = " ".join(unit.lines)
            read = block_of(text, 0, len(text))
            fits = read.words >= _MIN_PROSE_WORDS and read.ends_sentence
        if not fits:
            return False
        follows = before is not None and element.getprevious() is before
        if element.tag in _GROUPS and follows and _announces(before):
            return True
        return any(
            first[outer] < number < last[outer]
            for outer in element.iterancestors()
            if outer in first
        )

    def lead(self, title: str | None, description: str | None) -> str | None:
        """Return what stands between the headline and the story, and is none of both."""
        heading = self._heading(title)
        if heading is None:
            return None
        seen = "\n".join(map(_key, self._lines))
        found: list[str] = []
        for element in islice(self._below(heading), _LEAD_REACH):
            text = " ".join("".join(element.itertext()).split())
            key = _key(text)
            if key in self._places:
                break
            if (
                self._reads_like_lead(element, text)
                and key not in seen
                and key != _key(title or "")
                and self._is_lead(element, heading, key, _key(description or ""))
            ):
                found.append(text)
                seen += f"\n{key}"
        return "\n\n".join(found) or None

    def _heading(self, title: str | None) -> HtmlElement | None:
        headings = list(islice(self._root.iter("h1", "h2"), _LEAD_REACH))
        for each in headings:
            if title and _key("".join(each.itertext())) == _key(title):
                return each
        return next((each for each in headings if each.tag == "h1"), None)

    def _below(self, heading: HtmlElement) -> Iterator[HtmlElement]:
        """Yield the elements below a heading that hold text, and no block."""
        passed = set(heading.iter())
        begun = False
        for element in self._root.iter("h1", "h2", "h3", "h4", "p", "div", "li", *_INLINE):
            if element is heading:
                begun = True
            elif (
                begun and element not in passed and not any(each.tag in BLOCKS for each in element)
            ):
                passed.update(element.iter())
                if "".join(element.itertext()).strip():
                    yield element

    def _reads_like_lead(self, element: HtmlElement, text: str) -> bool:
        read = block_of(text, 0, len(text))
        return (
            _MIN_LEAD_WORDS <= read.words <= _MAX_LEAD_WORDS
            and not is_date_line(text)
            and not _is_linked(element, self._parts)
        )

    def _is_lead(
        self, element: HtmlElement, heading: HtmlElement, key: str, description: str
    ) -> bool:
        if key == description:
            return True
        titled = around([heading])
        outer: HtmlElement | None = element
        while outer is not None and outer not in titled:
            name = name_of(outer)
            if _LEAD_NAMES.search(name) or _is_item(outer):
                return True
            outer = outer.getparent()
        if element in self._beside or element.tag not in ("p", "h2", "h3"):
            return False
        above = element.getprevious()
        while above is not None and above is not heading and not "".join(above.itertext()).strip():
            above = above.getprevious()
        text = "".join(element.itertext())
        return above is heading and block_of(text, 0, len(text)).ends_sentence


def _announces(element: HtmlElement) -> bool:
    """Tell whether a paragraph ends with a colon."""
    return "".join(element.itertext()).rstrip().endswith((":", "\uff1a"))


def _is_item(element: HtmlElement) -> bool:
    return (element.get("itemprop") or "").casefold() in _LEAD_ITEMS


def _is_linked(element: HtmlElement, parts: PageParts) -> bool:
    linked = sum(parts.chars.get(link, 0) for link in element.iter("a"))
    return linked > _MAX_LINK_SHARE * parts.chars.get(element, 0)


def _units(root: HtmlElement) -> Iterator[_Unit]:
    """Yield the paragraphs, headings, lists and tables of a page, none in another."""
    inside: set[HtmlElement] = set()
    for element in root.iter(*_UNITS):
        if element in inside:
            continue
        if element.tag in _GROUPS:
            lines = list(_group_lines(element))
            inside.update(element.iter(*_UNITS))
        else:
            lines = list(_lines(element))
        if lines:
            yield _Unit(element, lines)


def _group_lines(group: HtmlElement) -> Iterator[str]:
    if group.tag == "table":
        for row in group.iter("tr"):
            cells = (" ".join("".join(each.itertext()).split()) for each in row)
            if line := " | ".join(cell for cell in cells if cell):
                yield f"| {line} |"
        return
    for item in group.iter("li", "dt", "dd"):
        if text := " ".join("".join(_own_text(item)).split()):
            yield f"- {text}"


def _own_text(item: HtmlElement) -> Iterator[str]:
    """Yield the text of an item without that of the items in it."""
    yield item.text or ""
    for child in item:
        if isinstance(child.tag, str) and child.tag not in _GROUPS | _NO_TEXT:
            yield from _pieces(child)
        yield child.tail or ""


def _lines(element: HtmlElement) -> Iterator[str]:
    """Yield the lines of a paragraph, which line breaks separate."""
    for line in "".join(_pieces(element)).split("\n"):
        if text := " ".join(line.split()):
            yield text


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            yield from _pieces(child)
        yield child.tail or ""


def _lacks_words(line: str, text: str) -> bool:
    """Tell whether a line is most of a text, and holds hardly another word."""
    if not len(line) < len(text) <= len(line) / _MIN_SAID_SHARE:
        return False
    said, shown = Counter(line.split()), Counter(text.split())
    return (
        said - shown
    ).total() <= _MAX_OTHER_SHARE * said.total() and said.total() < shown.total()


def _key(line: str) -> str:
    return "".join(_KEY.findall(line.strip(_MARKS).casefold()))
