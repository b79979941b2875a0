"""Text of an HTML fragment that is all article: a feed's entry, a chapter, a column.

Whole web pages, with menus and all, are for `indexer.webpages`.
"""

import html
import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre "
    "section select summary table tbody td tfoot th thead title tr ul".split()
)
_INVISIBLE = frozenset(
    "script style template noscript title svg math iframe object textarea".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "title"})
_MARKUP = re.compile(
    r"\s*<(?:!doctype|html|body|article|div|section|p|h[1-6]|figure|ul|br)\b", re.I
)
_END_TAG = re.compile(r"</[a-z]|<br\s*/?>|/>", re.IGNORECASE)
# `<![if IE]>` and the like, which html.parser misreads.
_CONDITIONS = re.compile(r"<!\[(?!CDATA\[)[^>]*>?")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
# With its semicolon, because addresses hold "&copy=2".
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MOST_ESCAPES = 4


def looks_like_markup(text: str) -> bool:
    """Tell whether a text begins with a block's tag and has an end tag."""
    return bool(_MARKUP.match(text)) and bool(_END_TAG.search(text))


def text_of_markup(markup: str) -> str:
    r"""Return the visible text of HTML, with an empty line between paragraphs.

    >>> text_of_markup("<p>One &amp; <b>two</b>.</p><script>x()</script><ul><li>Three</ul>")
    'One & two.\n\nThree'
    """
    return "\n\n".join(_parsed(markup).paragraphs())


def text_of_value(value: str) -> str:
    """Return the text of a value that is plain text or HTML, however often it was escaped.

    >>> text_of_value("&lt;p&gt;Brenner &amp;amp; Sons&lt;/p&gt;"), text_of_value("a < b")
    ('Brenner & Sons', 'a < b')
    """
    for _ in range(_MOST_ESCAPES):
        if looks_like_markup(value):
            value = text_of_markup(value)
        elif _REFERENCE.search(value):
            value = _REFERENCE.sub(lambda match: html.unescape(match.group()), value)
        else:
            break
    return value


def first_heading(markup: str) -> str:
    """Return the first heading of a page, else its title, else an empty string."""
    headings = _parsed(markup).headings
    return headings.get("heading", "") or headings.get("title", "")


def links_of(markup: str) -> list[tuple[str, str]]:
    """Return the address and the text of each link, the text without white space.

    >>> links_of('<a href="1.html#b">One two</a> and <a>none</a>')
    [('1.html#b', 'Onetwo')]
    """
    return [(href, "".join("".join(label).split())) for href, label in _parsed(markup).links]


def _parsed(markup: str) -> "_Paragraphs":
    parser = _Paragraphs()
    parser.feed(_CONDITIONS.sub("", markup))
    parser.close()
    return parser


class _Paragraphs(HTMLParser):
    """Parser that splits text at the beginnings and ends of blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[list[str]] = [[]]
        self._invisible: list[str] = []
        self._heading: tuple[str, list[str]] | None = None
        self._in_link = False
        self.headings: dict[str, str] = {}
        self.links: list[tuple[str, list[str]]] = []

    def paragraphs(self) -> list[str]:
        """Return the paragraphs that are not blank."""
        texts = ("".join(part).strip(" \n") for part in self._parts)
        return [text for text in texts if text]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, a line or an invisible element."""
        if tag == "a" and (href := dict(attrs).get("href")):
            self._in_link = True
            self.links.append((href, []))
        if tag in _HEADINGS:
            self._heading = ("title" if tag == "title" else "heading", [])
        if self._invisible or tag in _INVISIBLE:
            if tag in _INVISIBLE:
                self._invisible.append(tag)
        elif tag == "br":
            self._parts[-1].append("\n")
        elif tag in _BLOCKS:
            self._parts.append([])

    def handle_endtag(self, tag: str) -> None:
        """End a link, a heading, an invisible element or a paragraph."""
        self._in_link = self._in_link and tag != "a"
        if tag in _HEADINGS and self._heading:
            kind, parts = self._heading
            self._heading = None
            if text := " ".join("".join(parts).split()):
                self.headings.setdefault(kind, text)
        if tag in self._invisible:
            while self._invisible.pop() != tag:
                continue
        elif tag in _BLOCKS and not self._invisible:
            self._parts.append([])

    def handle_data(self, data: str) -> None:
        """Add visible text with white space folded."""
        if self._heading:
            self._heading[1].append(data)
        if self._in_link:
            self.links[-1][1].append(data)
        if not self._invisible:
            folded = _SPACES.sub(" ", data)
            self._parts[-1].append(folded if self._parts[-1] else folded.lstrip(" "))
