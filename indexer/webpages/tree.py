"""Element tree of a web page, with line breaks of the source as spaces, as a browser shows them."""

import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import load_html

from indexer.errors import PageError
from indexer.text.encodings import decode_page

# lxml parses them but raises when text with them is set, which trafilatura does.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINE_BREAK = re.compile(r"[\r\n][ \t\f\r\n]*")
_KEEPS_BREAKS = ("pre", "textarea", "listing", "xmp")
# The most in 300 news pages is 9,748; the time of a page grows with its elements.
_MAX_ELEMENTS = 60_000
_NO_TEXT = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True)
class PageTree:
    """Root element of a page, and its encoding."""

    root: HtmlElement
    encoding: str


def parse_page(content: bytes) -> PageTree:
    """Return the element tree of a page; broken markup is repaired.

    Raises:
        PageError: when the bytes have no markup, or too many elements.
    """
    text, encoding = decode_page(content)
    root = load_html(text) if "<" in text else None
    if root is None:
        raise PageError(
            f"no web page: {len(content)} bytes without the markup of one; expected HTML. Save "
            "plain text with the ending .txt"
        )
    count = sum(1 for _ in islice(root.iter(), _MAX_ELEMENTS + 1))
    if count > _MAX_ELEMENTS:
        raise PageError(
            f"the page has more than {_MAX_ELEMENTS} elements; expected one article with what is "
            "around it. Split the file, or convert it to plain text"
        )
    if root.tag != "html":  # libraries remove elements, and fail on one in no other
        fragment, root = root, root.makeelement("html")
        root.append(fragment)
    _blank_controls(root)
    _fold_line_breaks(root)
    return PageTree(root, encoding)


def blank(element: HtmlElement) -> None:
    """Take an element and what it holds out of the text, but not what follows it.

    An empty inline element stays, because joining the texts around it takes as long as they are.
    """
    element.clear(keep_tail=True)
    element.tag = "ins"


def _blank_controls(root: HtmlElement) -> None:
    for element in root.iter():
        if element.text and _CONTROLS.search(element.text):
            element.text = _CONTROLS.sub(" ", element.text)
        if element.tail and _CONTROLS.search(element.tail):
            element.tail = _CONTROLS.sub(" ", element.tail)


def _fold_line_breaks(root: HtmlElement) -> None:
    protected = {inner for outer in root.iter(*_KEEPS_BREAKS) for inner in outer.iter()}
    for element in root.iter():
        if element.text and element not in protected and element.tag not in _NO_TEXT:
            element.text = _LINE_BREAK.sub(" ", element.text)
        if element.tail and (element not in protected or element.tag in _KEEPS_BREAKS):
            element.tail = _LINE_BREAK.sub(" ", element.tail)
