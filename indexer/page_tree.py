"""What is the element tree of a web page?

Parsed by lxml as trafilatura does, with white space as a browser shows it: a line break in the
source is a space, since only elements break lines. Scripts are never run, nothing is fetched.
"""

import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import load_html

from indexer.errors import PageError
from indexer.page_encoding import decode_page

_LINE_BREAK = re.compile(r"[\r\n][ \t\f\r\n]*")
_KEEPS_BREAKS = ("pre", "textarea", "listing", "xmp")
# The most in 300 news pages is 9,748; the time that a page takes grows with its elements.
_MAX_ELEMENTS = 60_000
_NO_TEXT = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True)
class PageTree:
    """The root element of a page, and how its bytes were decoded."""

    root: HtmlElement
    encoding: str


def parse_page(content: bytes) -> PageTree:
    """Return the element tree of a page.

    Args:
        content: the bytes of the page, as they were saved; broken markup is repaired.

    Raises:
        PageError: when there is no markup in the bytes, or more than a page has.
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
    _fold_line_breaks(root)
    return PageTree(root, encoding)


def _fold_line_breaks(root: HtmlElement) -> None:
    protected = {inner for outer in root.iter(*_KEEPS_BREAKS) for inner in outer.iter()}
    for element in root.iter():
        if element.text and element not in protected and element.tag not in _NO_TEXT:
            element.text = _LINE_BREAK.sub(" ", element.text)
        if element.tail and (element not in protected or element.tag in _KEEPS_BREAKS):
            element.tail = _LINE_BREAK.sub(" ", element.tail)
