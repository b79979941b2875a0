"""Web pages as text with their menus, as three kinds of tools make them.

Indented lines, wrapped Markdown, and one line.
"""

import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

KINDS = ("indented", "markdown", "line")

_HIDDEN = frozenset("script style noscript template head svg iframe object select".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul".split()
)
_DEEPER = frozenset("ul ol dl blockquote figure nav article section".split())
_DISPLAY_NONE = re.compile(r"display\s*:\s*none")
_WRAP = 78


class _Line(NamedTuple):
    text: str
    tag: str
    depth: int


def page_text(root: HtmlElement, kind: str) -> str:
    """Return a page as one of `KINDS` of text."""
    if kind == "line":
        title = " ".join(root.xpath("string(//title)").split())
        return " ".join([title, *(line.text for line in _lines(root))]).strip()
    write = _indented if kind == "indented" else _markdown
    return "\n".join(write(line) for line in _lines(root))


def _indented(line: _Line) -> str:
    mark = "* " if line.tag == "li" else ""
    return "\n" * _is_apart(line) + "  " * line.depth + mark + line.text


def _markdown(line: _Line) -> str:
    if line.tag == "li":
        return f"  * {line.text}"
    if re.fullmatch("h[1-6]", line.tag):
        return f"\n{'#' * int(line.tag[1])} {line.text}\n"
    return "\n" + textwrap.fill(line.text, _WRAP, break_long_words=False, break_on_hyphens=False)


def _is_apart(line: _Line) -> bool:
    return line.tag == "p" or line.tag.startswith("h")


def _lines(root: HtmlElement) -> Iterator[_Line]:
    """Yield the visible lines of a page; block elements delimit them."""
    pending: list[str] = []
    tag, depth = "div", 0

    def flush() -> Iterator[_Line]:
        text = " ".join("".join(pending).split())
        pending.clear()
        if text:
            yield _Line(text, tag, depth)

    for event, element in _walk(root):
        name = element.tag
        if name in _BLOCKS:
            yield from flush()
            depth += (event == "start") - (event == "end") if name in _DEEPER else 0
            tag = name if event == "start" else "div"
        if event == "start":
            pending.append(element.text or "")
        elif element is not root:
            pending.append(element.tail or "")
    yield from flush()


def _walk(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yield starts and ends of visible elements, and ends of hidden ones for their tails."""
    stack: list[tuple[HtmlElement, Iterator[HtmlElement]]] = [(root, iter(root))]
    yield "start", root
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif _is_hidden(child):
            yield "end", child
        else:
            yield "start", child
            stack.append((child, iter(child)))


def _is_hidden(element: HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _HIDDEN
        or bool(_DISPLAY_NONE.search(element.get("style", "")))
    )
