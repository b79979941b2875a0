"""Loader of web archives, one article a fetched page.

Requests, redirects and errors are passed over; images and the like are skips.
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

_ERRORS = (*PARSER_ERRORS, EOFError, OSError, zlib.error)
_HOLDS_CONTENT = frozenset({"response", "resource", "conversion"})
_PLAIN = "text/plain"
_TEXT_TYPES = PAGE_TYPES | {_PLAIN}
_FETCHED = "200"
_LONGEST_MESSAGE = 200
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)


class WarcLoader:
    """Reader of WARC and ARC files, one record at a time; WET files hold plain text."""

    suffixes = frozenset({".warc", ".warc.gz", ".arc", ".arc.gz", ".wet", ".wet.gz"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each page; its key is its URL, else its number."""
        archives, errors = library("warcio", "archiveiterator"), library("warcio", "exceptions")
        number, any_wanted = 0, False
        records = iter(archives.ArchiveIterator(stream, arc2warc=True))
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


def _content(record: Any, reading: Reading) -> tuple[bytes, bool]:  # noqa: ANN401 - its library is loaded late
    """Return the bytes of a record, and whether it holds fetched content at all."""
    if record.rec_type not in _HOLDS_CONTENT:
        return b"", False
    headers = record.http_headers
    if headers is not None and headers.get_statuscode() != _FETCHED:
        return b"", False
    if _type_of(record) not in _TEXT_TYPES:
        return b"", True
    content: bytes = record.content_stream().read(reading.max_bytes + 1)
    reading.unpacking.count_bytes(len(content))
    return content, True


def _type_of(record: Any) -> str:  # noqa: ANN401 - as above
    return _content_type(record).partition(";")[0].strip().lower()


def _charset_of(record: Any) -> str | None:  # noqa: ANN401 - as above
    found = _CHARSET.search(_content_type(record))
    return found.group(1) if found else None


def _content_type(record: Any) -> str:  # noqa: ANN401 - as above
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _article(record: Any, content: bytes, number: int, reading: Reading) -> Loaded:  # noqa: ANN401 - as above
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    key, kind = row_key(url, number), _type_of(record)
    if kind not in _TEXT_TYPES:
        return SkippedArticle(key, OTHER_FORMAT, kind)
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
