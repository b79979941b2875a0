"""Which text does a fragment of HTML show?

For markup that is all article: a feed's entry, a chapter, a column of an export. Whole web pages,
menus and all, go to `web_page` instead. Nothing is rendered, loaded or run.
"""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre "
    "section select summary table tbody td tfoot th thead title tr ul".split()
)
_UNSEEN = frozenset("script style template noscript title svg math iframe object textarea".split())
_HEADINGS = frozenset({"h1", "h2", "h3", "title"})
_MARKUP = re.compile(
    r"\s*<(?:!doctype|html|body|article|div|section|p|h[1-6]|figure|ul|br)\b", re.I
)
_END_TAG = re.compile(r"</[a-z]|<br\s*/?>|/>", re.IGNORECASE)
# `<![if IE]>` and the like, which the parser of the standard library trips over.
_CONDITIONS = re.compile(r"<!\[(?!CDATA\[)[^>]*>?")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def looks_like_markup(text: str) -> bool:
    """Tell whether a text is HTML: it begins with a tag of a block and has an end tag."""
    return bool(_MARKUP.match(text)) and bool(_END_TAG.search(text))


def text_of_markup(markup: str) -> str:
    r"""Return what a reader would see of a fragment of HTML, its paragraphs apart.

    >>> text_of_markup("<p>One &amp; <b>two</b>.</p><script>x()</script><ul><li>Three</ul>")
    'One & two.\n\nThree'
    """
    return "\n\n".join(_parsed(markup).paragraphs())


def first_heading(markup: str) -> str:
    """Return the text of the first heading of a page, else its title; empty without one."""
    headings = _parsed(markup).headings
    return headings.get("heading", "") or headings.get("title", "")


def _parsed(markup: str) -> "_Paragraphs":
    parser = _Paragraphs()
    parser.feed(_CONDITIONS.sub("", markup))
    parser.close()
    return parser


class _Paragraphs(HTMLParser):
    """Collects text, cut where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[list[str]] = [[]]
        self._unseen: list[str] = []
        self._heading: tuple[str, list[str]] | None = None
        self.headings: dict[str, str] = {}

    def paragraphs(self) -> list[str]:
        """Return the paragraphs that hold anything but white space."""
        texts = ("".join(part).strip(" \n") for part in self._parts)
        return [text for text in texts if text]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, a line, or something that nobody sees."""
        del attrs
        if tag in _HEADINGS:
            self._heading = ("title" if tag == "title" else "heading", [])
        if self._unseen or tag in _UNSEEN:
            if tag in _UNSEEN:
                self._unseen.append(tag)
        elif tag == "br":
            self._parts[-1].append("\n")
        elif tag in _BLOCKS:
            self._parts.append([])

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in _HEADINGS and self._heading:
            kind, parts = self._heading
            self._heading = None
            if text := " ".join("".join(parts).split()):
                self.headings.setdefault(kind, text)
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                continue
        elif tag in _BLOCKS and not self._unseen:
            self._parts.append([])

    def handle_data(self, data: str) -> None:
        """Keep text that is seen, its white space folded."""
        if self._heading:
            self._heading[1].append(data)
        if not self._unseen:
            folded = _SPACES.sub(" ", data)
            self._parts[-1].append(folded if self._parts[-1] else folded.lstrip(" "))
