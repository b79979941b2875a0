"""Loader of saved RSS and Atom feeds, one article an entry; linked pages are never fetched."""

import io
import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any, BinaryIO
from urllib.parse import urljoin
from xml.sax import SAXException

from indexer.corpus.scan import DAMAGED, NO_TEXT, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.optional import library
from indexer.loaders.protocol import PARSER_ERRORS, Loaded, Reading, SkippedArticle, read_content
from indexer.loaders.rows import headed, row_key
from indexer.metadata.values import (
    date_finding,
    finding,
    language_finding,
    name_findings,
    url_finding,
)
from indexer.text.encodings import decode_page
from indexer.text.markup import text_of_markup, text_of_value

NO_FEED = "no RSS or Atom feed"

_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--[^<>]*-->\s*)*\Z", re.IGNORECASE)
_END_REACH = 1000
_CDATA = b"<![CDATA["
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
_AMPERSAND = re.compile(
    rb"&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)?"
)
# What publishing systems add to each entry of a feed.
_MORE = re.compile(
    r"(?:continue reading|read more|read the full (?:story|article|post)|read on|weiterlesen|"
    r"lire la suite|leer m[áa]s|leggi tutto|lees verder)\b.{0,200}|comments?|\[?(?:…|\.\.\.)\]?",
    re.IGNORECASE,
)
_TAIL_MAX_CHARS = 120

_Entry = Mapping[str, Any]


class FeedLoader:
    """Reader of feeds, also of those that are not quite XML."""

    suffixes = frozenset({".rss", ".atom", ".rdf", ".xml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield each entry that has text; its key is its id, else its URL, else its number."""
        text, encoding = decode_page(read_content(stream, reading), told=reading.encoding)
        content = text.encode()
        try:
            found = _parsed(content)
            if isinstance(_get(found, "bozo_exception"), SAXException):
                found = _parsed(_repaired(content))
        except PARSER_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        flaw = _get(found, "bozo_exception")
        # Of what is not quite XML, nothing is lost if its end is there.
        is_damaged = isinstance(flaw, SAXException) and not _END.search(content[-_END_REACH:])
        if not _get(found, "version"):
            raise SkippedFileError(NO_FEED, str(flaw) if is_damaged else "")
        feed, dublin_core = _get(found, "feed") or {}, _dates_by_dublin_core(found, content)
        for number, entry in enumerate(found.entries, start=1):
            yield _article(entry, number, feed, dublin_core, encoding)
        if is_damaged:
            raise SkippedFileError(DAMAGED, str(flaw))
        if not found.entries:
            raise SkippedFileError(NO_TEXT, "the feed has no entry")


def _parsed(content: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    # As a stream, because bytes that look like a URL or a path would be opened.
    return library("feedparser").parse(
        io.BytesIO(content),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )


def _repaired(content: bytes) -> bytes:
    """Return a feed without control characters, bare ampersands and the entities of HTML."""
    if b"<!ENTITY" in content:  # names of its own
        return content
    first, *others = content.lstrip().translate(None, _CONTROLS).split(_CDATA)
    pieces = [_AMPERSAND.sub(_escaped, first)]
    for other in others:
        inside, end, outside = other.partition(b"]]>")
        pieces.append(inside + end + _AMPERSAND.sub(_escaped, outside))
    return _CDATA.join(pieces)


def _escaped(match: re.Match[bytes]) -> bytes:
    name = (match.group(1) or b"").decode()
    return "".join(f"&#{ord(each)};" for each in html5.get(name, f"&{name}")).encode()


def _dates_by_dublin_core(found: Any, content: bytes) -> bool:  # noqa: ANN401 - as below
    """Tell whether RSS dates entries by `dc:date`, which feedparser calls a change."""
    spaces = _get(found, "namespaces") or {}
    prefixes = [prefix for prefix, space in spaces.items() if space == _DUBLIN_CORE]
    is_rss = str(_get(found, "version")).startswith("rss")
    return is_rss and any(f"<{prefix}:date>".encode() in content for prefix in prefixes)


def _article(entry: _Entry, number: int, feed: _Entry, dublin_core: bool, encoding: str) -> Loaded:
    key = row_key(_get(entry, "id") or _get(entry, "link"), number)
    given = _given(entry, feed, dublin_core)
    bodies = [*(_get(entry, "content") or ()), _get(entry, "summary_detail") or {}]
    text = _without_tail(max((_plain(body) for body in bodies), key=len), given)
    if not text.strip():
        return SkippedArticle(key, NO_TEXT)
    return headed(text, encoding, key, given)


def _given(entry: _Entry, feed: _Entry, dublin_core: bool) -> Metadata:
    outlet = _get(_get(entry, "source") or {}, "title") or _get(feed, "title")
    authors = [_get(author, "name") for author in _get(entry, "authors") or ()]
    stated = _get(entry, "published") or _get(entry, "prism_publicationdate")
    published = date_finding(stated, "date of the entry")
    changed = _get(entry, "updated")
    if published is None and dublin_core:
        published, changed = date_finding(changed, "date of the entry"), None
    return Metadata(
        title=finding(_plain(_get(entry, "title_detail") or {}), "title of the entry"),
        source=finding(outlet, "title of the feed"),
        published=published,
        authors=name_findings(authors, "author of the entry"),
        url=url_finding(_address(entry, feed), "link of the entry"),
        modified=date_finding(changed, "change of the entry"),
        language=language_finding(_get(feed, "language"), "language of the feed"),
    )


def _address(entry: _Entry, feed: _Entry) -> str | None:
    """Return the address of an entry, which may be relative to that of the feed."""
    link = str(_get(entry, "link") or "").strip()
    bases = [_get(feed, "link"), *(_get(each, "href") for each in _get(feed, "links") or ())]
    base = next((base for base in bases if base and "://" in base), "")
    try:
        return urljoin(base, link) if link else None
    except ValueError:  # brackets that are no IPv6 address
        return None


def _without_tail(text: str, given: Metadata) -> str:
    """Return a text without what the publishing system added below it, such as its own address."""
    paragraphs = text.split("\n\n")
    while len(paragraphs) > 1 and _is_tail(paragraphs[-1].strip(), given):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _is_tail(paragraph: str, given: Metadata) -> bool:
    if not paragraph or _MORE.fullmatch(paragraph):
        return True
    # "The post TITLE appeared first on OUTLET.", in any language.
    title, outlet = (_words(found.value) if found else [] for found in (given.title, given.source))
    words = _words(paragraph)
    places = [i for i in range(len(words)) if title and words[i : i + len(title)] == title]
    rest = len(paragraph) - len(given.title.value) if given.title else 0
    return bool(places) and 0 < rest <= _TAIL_MAX_CHARS and words[-1] in outlet and places[0] > 0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _get(values: _Entry, name: str) -> Any:  # noqa: ANN401 - feedparser has no types
    """Return a value of a feed; feedparser's own lookup falls back from one date to another."""
    return dict.get(values, name) if isinstance(values, dict) else None


def _plain(detail: _Entry) -> str:
    """Return a text of a feed, without its markup if it has any."""
    value = str(_get(detail, "value") or "")
    if "<" in value and (_get(detail, "type") != "text/plain" or "</" in value):
        value = text_of_markup(value)
    return text_of_value(value)
