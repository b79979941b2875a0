"""Loader of PDFs: the text of the pages in order, by pypdf; `cleaning` joins wrapped lines."""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from indexer.corpus.scan import DAMAGED, EMPTY, ENCRYPTED, NO_TEXT, TOO_LARGE, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.optional import library
from indexer.loaders.protocol import PARSER_ERRORS, LoadedArticle, Reading, read_whole
from indexer.metadata.values import confirmed, language_finding

_ERRORS = (
    *PARSER_ERRORS,
    ArithmeticError,
    RuntimeError,  # a kind of PDF that pypdf does not read
    OSError,
    zlib.error,
    struct.error,
)
_ENDS_A_SENTENCE = (".", "!", "?", ":", "”", '"', "’", ")")


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
        except pypdf.errors.DependencyError as error:
            raise SkippedFileError(ENCRYPTED, str(error)) from error
        except (pypdf.errors.PyPdfError, *_ERRORS) as error:
            raise SkippedFileError(DAMAGED, str(error) or type(error).__name__) from error
        yield LoadedArticle(text, "utf-8", "", given)


def _read(reader: Any, reading: Reading) -> tuple[str, Metadata]:  # noqa: ANN401 - its library is loaded late
    if reader.is_encrypted and not reader.decrypt(""):
        raise SkippedFileError(ENCRYPTED, "it opens with a password only")
    text = ""
    for page in reader.pages:
        found = page.extract_text().strip()
        if found:
            text += _gap(text, found) + found
        reading.unpacking.count_bytes(len(found))
        if len(text) > reading.max_bytes:
            raise SkippedFileError(TOO_LARGE, f"more than {reading.max_bytes:,} characters")
    if not text:
        raise SkippedFileError(NO_TEXT, f"{len(reader.pages)} pages without text, perhaps scanned")
    # Often the name of a template, so counted only when the text confirms it.
    said = reader.metadata or {}
    given = Metadata(
        title=confirmed(said.get("/Title"), "document title", text),
        authors=tuple(filter(None, [confirmed(said.get("/Author"), "document author", text)])),
        language=language_finding(reader.root_object.get("/Lang"), "document language"),
    )
    return text, given


def _gap(before: str, after: str) -> str:
    """Return the separator of two pages; a sentence may run from one to the next."""
    if not before:
        return ""
    goes_on = not before.endswith(_ENDS_A_SENTENCE) and after[:1].islower()
    return "\n" if goes_on else "\n\n"
