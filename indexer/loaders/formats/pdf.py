"""Loader of PDFs: the text of the pages in order, by pypdf; `cleaning` joins wrapped lines."""

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from indexer.corpus.scan import DAMAGED, EMPTY, ENCRYPTED, NO_TEXT, TOO_LARGE, SkippedFileError
from indexer.documents import Finding, Metadata
from indexer.loaders.optional import library, missing
from indexer.loaders.page_furniture import without_furniture
from indexer.loaders.protocol import PARSER_ERRORS, LoadedArticle, Reading, read_whole
from indexer.metadata.values import confirmed, language_finding, url_finding
from indexer.text.blocks import block_of
from indexer.text.dates import stated_dates

_ERRORS = (
    *PARSER_ERRORS,
    ArithmeticError,
    RuntimeError,  # a kind of PDF that pypdf does not read
    OSError,
    zlib.error,
    struct.error,
)
_ENDS_A_PARAGRAPH = (":", "”", '"', "’", ")")
_ADDRESS = re.compile(r"https?://[^\s…]+(?![^\s])")


class PdfLoader:
    """Reader of PDFs with text; scanned pages have none."""

    suffixes = frozenset({".pdf"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the whole file as one article."""
        content = read_whole(stream, reading)
        if not content:
            raise SkippedFileError(EMPTY)
        pypdf = library("pypdf")
        # pypdf warns of every flaw of a file, and raises those that matter.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            text, given = _read(pypdf.PdfReader(io.BytesIO(content)), reading)
        except pypdf.errors.DependencyError as error:  # AES
            raise SkippedFileError(missing("cryptography")) from error
        except (pypdf.errors.PyPdfError, *_ERRORS) as error:
            raise SkippedFileError(DAMAGED, str(error) or type(error).__name__) from error
        yield LoadedArticle(text, "utf-8", "", given)


def _read(reader: Any, reading: Reading) -> tuple[str, Metadata]:  # noqa: ANN401 - its library is loaded late
    if reader.is_encrypted and not reader.decrypt(""):
        raise SkippedFileError(ENCRYPTED, "it opens with a password only")
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        size += len(pages[-1])
        reading.unpacking.count_bytes(len(pages[-1]))
        if size > reading.max_bytes:
            raise SkippedFileError(TOO_LARGE, f"more than {reading.max_bytes:,} characters")
    stripped, furniture = without_furniture(pages)
    text = ""
    for found in filter(None, stripped):
        text += _gap(text, found) + found
    if not text:
        raise SkippedFileError(NO_TEXT, f"{len(pages)} pages without text, perhaps scanned")
    # Often the name of a template, so counted only when the text confirms it.
    said = reader.metadata or {}
    given = Metadata(
        title=confirmed(said.get("/Title"), "document title", text),
        published=_issue_date(furniture),
        authors=tuple(filter(None, [confirmed(said.get("/Author"), "document author", text)])),
        url=_printed_url(furniture),
        language=language_finding(reader.root_object.get("/Lang"), "document language"),
    )
    return text, given


def _issue_date(furniture: Sequence[str]) -> Finding | None:
    """Return the only day in heads and feet; one with a time is when the page was printed."""
    days = {
        stated.iso
        for line in furniture
        for stated in stated_dates(line)
        if not stated.label or stated.says_published
    }
    day = days.pop() if len(days) == 1 else ""
    is_day = len(day) == len("2023-10-26")
    return Finding(day, "head of the pages") if is_day else None


def _printed_url(furniture: Sequence[str]) -> Finding | None:
    """Return the only address in heads and feet, where browsers print it."""
    urls = {found.group() for line in furniture if (found := _ADDRESS.search(line))}
    return url_finding(urls.pop(), "foot of the pages") if len(urls) == 1 else None


def _gap(before: str, after: str) -> str:
    """Return the separator of two pages; a sentence may run from one to the next."""
    if not before:
        return ""
    last = before[before.rfind("\n") + 1 :]
    ends = block_of(last, 0, len(last)).ends_sentence or last.endswith(_ENDS_A_PARAGRAPH)
    return "\n" if after[:1].islower() or not ends else "\n\n"
