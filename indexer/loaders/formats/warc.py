"""Loader of web archives, one article a fetched page.

Requests, redirects, errors and what a crawler writes of itself are passed over; images and the like
are skips.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from indexer.corpus.scan import DAMAGED, EMPTY, NO_TEXT, OTHER_FORMAT, TOO_LARGE, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.decoding import decode
from indexer.loaders.formats.html import PAGE_TYPES, article_of_page
from indexer.loaders.optional import library
from indexer.loaders.protocol import PARSER_ERRORS, Loaded, LoadedArticle, Reading, SkippedArticle
from indexer.loaders.rows import row_key
from indexer.metadata.values import url_finding
from indexer.text.encodings import utf8_text

_ERRORS = (*PARSER_ERRORS, EOFError, OSError, zlib.error)
_HOLDS_CONTENT = frozenset({"response", "resource", "conversion"})
_PLAIN = "text/plain"
_TEXT_TYPES = PAGE_TYPES | {_PLAIN}
_FETCHED = frozenset({"200", "203"})  # 203: a proxy answered
_UNKNOWN_TYPES = frozenset({"", "unknown", "application/octet-stream", "application/unknown"})
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,1000}?-->\s*|<\?xml[^>]{0,200}>\s*)*"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
# Logs, texts and screenshots of a crawler have addresses such as `metadata:` and `urn:text:`.
_PLACES = re.compile(r"(?:https?|ftps?|file):|[^:]*$", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"/(?:robots|humans|security|ads|app-ads|llms)\.txt$|/\.well-known/"
    r"|\.(?:log|js|mjs|css|json|map|vtt|srt|m3u8?|ics|manifest|csv|tsv)$",
    re.IGNORECASE,
)
# Encodings that warcio does not know, as pyarrow names them.
_PACKINGS = {"br": "brotli", "zstd": "zstd"}
_LONGEST_MESSAGE = 200
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)


class WarcLoader:
    """Reader of WARC and ARC files, one record at a time; WET files hold plain text."""

    suffixes = frozenset({".warc", ".arc", ".wet"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each page; its key is its URL, else its number."""
        archives, errors = library("warcio", "archiveiterator"), library("warcio", "exceptions")
        number, any_wanted = 0, False
        records = iter(archives.ArchiveIterator(_Piecewise(stream), arc2warc=True))
        while True:
            try:
                record = next(records, None)
                if record is None:
                    break
                number += 1
                content, wanted = _content(record, reading)
            except (errors.ArchiveLoadFailed, *_ERRORS) as error:
                message = " ".join(str(error).split())[:_LONGEST_MESSAGE]
                raise SkippedFileError(DAMAGED, message) from error
            any_wanted = any_wanted or wanted
            if wanted:
                yield _article(record, content, number, reading)
            if wanted and _is_cut_off(record, content, reading):
                raise SkippedFileError(DAMAGED, f"record {number} ends too early")
        if not any_wanted:
            raise SkippedFileError(NO_TEXT if number else EMPTY)


class _Piecewise:
    """Stream whose reads return what there is, so that a damaged end costs no page before it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read = getattr(stream, "read1", stream.read)


def _content(record: Any, reading: Reading) -> tuple[bytes, bool]:  # noqa: ANN401 - its library is loaded late
    """Return the bytes of a record, and whether it holds fetched content at all."""
    headers = record.http_headers
    if record.rec_type not in _HOLDS_CONTENT or _is_service(_url_of(record)):
        return b"", False
    if headers is not None and headers.get_statuscode() not in _FETCHED:
        return b"", False
    if _type_of(record) not in _TEXT_TYPES | _UNKNOWN_TYPES:
        return b"", True
    content = _body(record, reading.max_bytes + 1)
    reading.unpacking.count_bytes(len(content))
    return content, True


def _is_service(url: str) -> bool:
    """Tell whether an address is none of a page, but of a crawler or for programs."""
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    return not _PLACES.match(url) or bool(_NO_ARTICLE.search(path))


def _body(record: Any, limit: int) -> bytes:  # noqa: ANN401 - as above
    """Return the first bytes of a body, unpacked; as they are when they are not packed as said."""
    headers, packing = record.http_headers, ""
    if headers is not None:
        coding = str(headers.get_header("Content-Encoding") or "").strip().lower()
        packing = _PACKINGS.get(coding, "")
        # warcio knows these names only.
        headers.replace_header("Content-Encoding", "" if packing else coding.removeprefix("x-"))
        if "chunked" in str(headers.get_header("Transfer-Encoding") or "").lower():
            headers.replace_header("Transfer-Encoding", "chunked")
    content: bytes = record.content_stream().read(limit)
    if not packing:
        return content
    arrow = library("pyarrow")
    try:
        unpacked: bytes = arrow.CompressedInputStream(arrow.BufferReader(content), packing).read(
            limit
        )
    except OSError:
        return content if utf8_text(content) is not None else b""
    return unpacked


def _url_of(record: Any) -> str:  # noqa: ANN401 - as above
    return str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")


def _type_of(record: Any) -> str:  # noqa: ANN401 - as above
    return _content_type(record).partition(";")[0].strip().lower()


def _charset_of(record: Any) -> str | None:  # noqa: ANN401 - as above
    found = _CHARSET.search(_content_type(record))
    return found.group(1) if found else None


def _content_type(record: Any) -> str:  # noqa: ANN401 - as above
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _article(record: Any, content: bytes, number: int, reading: Reading) -> Loaded:  # noqa: ANN401 - as above
    url, kind = _url_of(record), _type_of(record)
    key = row_key(url, number)
    if kind in _UNKNOWN_TYPES | {_PLAIN} and _PAGE.match(content):
        kind = "text/html"
    if kind not in _TEXT_TYPES:
        return SkippedArticle(key, OTHER_FORMAT, kind or "no content type")
    if len(content) > reading.max_bytes:
        return SkippedArticle(key, TOO_LARGE, f"the limit is {reading.max_bytes:,} bytes")
    try:
        if kind != _PLAIN:
            charset = _charset_of(record)
            return article_of_page(content, url or None, key, charset, reading.encoding)
        text, encoding = decode(content, _charset_of(record), reading.encoding)
    except SkippedFileError as skip:
        return SkippedArticle(key, skip.reason, skip.detail)
    if not text.strip():
        return SkippedArticle(key, NO_TEXT)
    given = Metadata(url=url_finding(url, "address of the record"))
    return LoadedArticle(text, encoding, key, given)


def _is_cut_off(record: Any, content: bytes, reading: Reading) -> bool:  # noqa: ANN401 - as above
    """Tell whether the file ended before the record did."""
    left = getattr(record.raw_stream, "limit", 0)
    return bool(content) and len(content) <= reading.max_bytes and left > 0
