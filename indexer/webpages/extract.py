"""Article of a web page, without menus, comments and related stories, by trafilatura.

Its settings were best on the article extraction benchmark (`evaluation/components/extraction.py`).
"""

import re
from copy import copy
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from trafilatura import bare_extraction, extract_metadata
from trafilatura.settings import Document

from indexer.errors import PageError
from indexer.text.bylines import credited_names
from indexer.text.dates import MONTHS
from indexer.webpages.beside import remove_beside
from indexer.webpages.hidden import remove_hidden
from indexer.webpages.restore import Story
from indexer.webpages.sentences import whole_sentences
from indexer.webpages.tree import PageTree, parse_page

# trafilatura's precise mode: F1 0.977 instead of 0.967 on the odd half of the benchmark's pages.
# On pages of unusual markup (6 of 169 others) it finds nothing or a stray line; the balanced mode
# reads these, because a lost article is worse than an extra label.
_MIN_SHARE_OF_BALANCED = 0.5

_NEVER_READ = frozenset(
    """
    head script style template aside nav footer form select option textarea svg iframe
    """.split()
)

_FIRST_DAY = "1995-01-01"
_TITLE_REACH = 3
_TITLE_SEPARATOR = re.compile(r"\s[|»–—-]\s|\s?::?\s")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?![a-zA-Z])")
_LANGUAGE_PATHS = (
    "//html/@lang",
    "//html/@*[local-name() = 'lang']",
    "//meta[translate(@http-equiv, 'CLANGUE', 'clangue') = 'content-language']/@content",
    "//meta[@property = 'og:locale']/@content",
)
_UNSPACED_NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]{2,12}")
_CREDIT_WORDS = re.compile(
    r"^(?:(?:written|text|story|analysis|opinion|reporting) )?by\s+"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*$"
    rf"|\b(?:{'|'.join(name for name in MONTHS if name != 'may')})$",  # May is a surname, too
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageArticle:
    """Article of a web page; None means unknown, never a guess.

    `text` has a paragraph, subheading, list item or table row a line, with blank lines between, and
    neither the title nor the `lead`, which stands between the title and the story. `language` is
    declared, as a code of two or three letters. `url` is the canonical address, else the given one.
    """

    text: str = field(repr=False)
    encoding: str
    lead: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    site_name: str | None = None
    language: str | None = None
    url: str | None = None


def read_page(content: bytes, url: str | None) -> PageArticle:
    """Return the article of a web page.

    Args:
        content: the bytes of the page.
        url: its address, if known.

    Raises:
        PageError: when the bytes are no web page, or the page has no article text.
    """
    return read_tree(parse_page(content), url)


def read_tree(page: PageTree, url: str | None) -> PageArticle:
    """Return the article of a parsed web page, which stays as it is.

    Raises:
        PageError: when the page has no article text.
    """
    root = copy(page.root)
    about = _metadata(root, url)
    site_name = _folded(about.sitename)
    title = _title(root, about, site_name)
    language = _language(root)
    remove_hidden(root)
    remove_beside(root)
    whole_sentences(root)
    lines = [" ".join(line.split()) for line in _article_text(root, url).splitlines()]
    story = Story(root, _without_title([line for line in lines if line], title))
    text = "\n\n".join(story.whole())
    if not text:
        raise PageError(
            "no article in the page: its markup has no running text; expected a page with an "
            "article on it. Save the page again after it has loaded"
        )
    return PageArticle(
        text=text,
        encoding=page.encoding,
        lead=story.lead(title, about.description),
        title=title,
        authors=_authors(about.author, site_name),
        site_name=site_name,
        language=language,
        url=_web_address(about.url) or _web_address(url),
    )


def _article_text(root: HtmlElement, url: str | None) -> str:
    """Extract in the precise mode, or in the balanced one if that finds over twice as much."""
    precise = _extract(root, url, precise=True)
    if len(precise) >= _MIN_SHARE_OF_BALANCED * _most_chars(root):
        return precise
    balanced = _extract(root, url, precise=False)
    return precise if len(precise) >= _MIN_SHARE_OF_BALANCED * len(balanced) else balanced


def _most_chars(root: HtmlElement) -> int:
    """Return how many characters extraction may find in a page at most."""
    without: set[HtmlElement] = set()
    chars = 0
    for element in root.iter():
        parent = element.getparent()
        if parent in without or element.tag in _NEVER_READ or not isinstance(element.tag, str):
            without.add(element)
        elif element.text:
            chars += len(" ".join(element.text.split()))
        if element.tail and parent not in without:
            chars += len(" ".join(element.tail.split()))
    return chars


def _extract(root: HtmlElement, url: str | None, *, precise: bool) -> str:
    found = bare_extraction(root, url=url, favor_precision=precise, include_comments=False)
    # Without `as_dict` it returns a document, or None for a page without text.
    document = cast("Document | None", found)
    return (document.text if document else None) or ""


def _metadata(root: HtmlElement, url: str | None) -> Document:
    """Read the metadata of a page, except its dates (see `page_dates.py`)."""
    settings = {"extensive_search": False}
    try:
        return extract_metadata(root, url, date_config=settings)
    except ValueError:
        # htmldate 1.11.0 fails on a time zone of more than a day, unless the date is too late.
        return extract_metadata(root, url, date_config=settings | {"max_date": _FIRST_DAY})


def _folded(value: str | None) -> str | None:
    return " ".join((value or "").split()) or None


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def _without_title(lines: list[str], title: str | None) -> list[str]:
    """Remove the title from the top of the body, because it is metadata."""
    for i, line in enumerate(lines[:_TITLE_REACH]):
        if title and _key(title) and _key(line) == _key(title):
            return lines[:i] + lines[i + 1 :]
    return lines


def _title(root: HtmlElement, about: Document, site_name: str | None) -> str | None:
    title = _folded(about.title)
    if title and site_name and _key(title) == _key(site_name):
        title = _folded(root.findtext(".//title"))
    return _without_site(title, site_name)


def _without_site(title: str | None, site_name: str | None) -> str | None:
    """Remove the site's name from a title such as "Council votes - The Example"."""
    if not title or not site_name:
        return title
    for separator in _TITLE_SEPARATOR.finditer(title):
        head, tail = title[: separator.start()].strip(), title[separator.end() :].strip()
        if _key(tail) == _key(site_name) and _key(head):
            return head
        if _key(head) == _key(site_name) and _key(tail):
            return tail
    return title


def _authors(credit: str | None, site_name: str | None) -> tuple[str, ...]:
    """Return the names of persons in a credit, without staff and agencies."""
    names: dict[str, None] = {}
    for part in (credit or "").split(";"):
        name = _CREDIT_WORDS.sub("", " ".join(part.split())).strip(" ,|")
        if not name or (site_name and _key(name) == _key(site_name)):
            continue
        credited = credited_names(f"By {name}")
        if (credited and credited[0].name == name) or _UNSPACED_NAME.fullmatch(name):
            names[name] = None
    return tuple(names)


def _language(root: HtmlElement) -> str | None:
    for path in _LANGUAGE_PATHS:
        for value in cast("list[str]", root.xpath(path)):
            if code := _LANGUAGE.match(value.strip()):
                return code.group().lower()
    return None


def _web_address(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
