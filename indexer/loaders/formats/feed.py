"""Loader of saved RSS and Atom feeds, one article an entry; linked pages are never fetched."""

import html
import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
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
from indexer.text.markup import text_of_markup

NO_FEED = "no RSS or Atom feed"

_Entry = Mapping[str, Any]


class FeedLoader:
    """Reader of feeds, also of those that are not quite XML."""

    suffixes = frozenset({".rss", ".atom", ".rdf", ".xml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield each entry that has text; its key is its id, else its URL, else its number."""
        content = read_content(stream, reading)
        feedparser = library("feedparser")
        # As a stream, because bytes that look like a URL or a path would be opened.
        try:
            found = feedparser.parse(
                io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False
            )
        except PARSER_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        flaw = dict.get(found, "bozo_exception")
        is_damaged = isinstance(flaw, SAXException)
        if not dict.get(found, "version"):
            raise SkippedFileError(NO_FEED, str(flaw) if is_damaged else "")
        feed = dict.get(found, "feed", {})
        for number, entry in enumerate(found.entries, start=1):
            yield _article(entry, number, feed)
        if is_damaged:
            raise SkippedFileError(DAMAGED, str(flaw))
        if not found.entries:
            raise SkippedFileError(NO_TEXT, "the feed has no entry")


def _article(entry: _Entry, number: int, feed: _Entry) -> Loaded:
    key = row_key(_get(entry, "id") or _get(entry, "link"), number)
    bodies = [*(_get(entry, "content") or ()), _get(entry, "summary_detail") or {}]
    text = max((_plain(body) for body in bodies), key=len)
    if not text.strip():
        return SkippedArticle(key, NO_TEXT)
    return headed(text, "utf-8", key, _given(entry, feed))


def _given(entry: _Entry, feed: _Entry) -> Metadata:
    outlet = _get(_get(entry, "source") or {}, "title") or _get(feed, "title")
    authors = [_get(author, "name") for author in _get(entry, "authors") or ()]
    return Metadata(
        title=finding(_plain(_get(entry, "title_detail") or {}), "title of the entry"),
        source=finding(outlet, "title of the feed"),
        published=date_finding(_get(entry, "published"), "date of the entry"),
        authors=name_findings(authors, "author of the entry"),
        url=url_finding(_get(entry, "link"), "link of the entry"),
        modified=date_finding(_get(entry, "updated"), "change of the entry"),
        language=language_finding(_get(feed, "language"), "language of the feed"),
    )


def _get(values: _Entry, name: str) -> Any:  # noqa: ANN401 - feedparser has no types
    """Return a value of a feed; feedparser's own lookup falls back from one date to another."""
    return dict.get(values, name) if isinstance(values, dict) else None


def _plain(detail: _Entry) -> str:
    """Return a text of a feed, without its markup if it has any."""
    value = _get(detail, "value") or ""
    if _get(detail, "type") == "text/plain" and "</" not in value:
        return str(value)
    return text_of_markup(value) if "<" in value else html.unescape(value)
