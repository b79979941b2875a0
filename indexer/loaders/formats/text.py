"""Which article is in this text file? Decoding of `.txt` and `.md`, nothing else is changed.

A byte order mark decides, else strict UTF-8, else Windows-1252; what was used is recorded.
Detectors are not asked: they misread short articles.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import SkippedFileError
from indexer.loaders.protocol import LoadedArticle, Reading, read_whole
from indexer.webpages.page_encoding import BYTE_ORDER_MARKS

EMPTY = "empty file"
BINARY = "binary content"
UNDECODABLE = "undecodable bytes"
NO_WORDS = "no letter and no digit in it"

# Control characters that no text has. A stray one is a fault of an export; many are a binary file.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_MAX_CONTROL_SHARE = 0.01


class TextLoader:
    """Reads plain text and Markdown; Markdown is indexed as it is written."""

    suffixes = frozenset({".txt", ".md"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the one article in the bytes.

        Raises:
            SkippedFileError: for an empty file, one too large, or bytes in no supported encoding.
        """
        article = decode(read_whole(stream, reading))
        if not article.text.strip():
            raise SkippedFileError(EMPTY)
        yield article


def check_text(text: str) -> None:
    """Refuse text that nobody could read.

    Raises:
        SkippedFileError: when it is a binary file, or has no letter and no digit.
    """
    if "\0" in text:
        raise SkippedFileError(BINARY, f"a NUL at character {text.index(chr(0))}")
    controls = len(_CONTROL.findall(text))
    if controls > len(text) * _MAX_CONTROL_SHARE:
        raise SkippedFileError(BINARY, f"{controls} control characters")
    if not any(character.isalnum() for character in text):
        raise SkippedFileError(NO_WORDS)


def decode(content: bytes) -> LoadedArticle:
    """Decode bytes without changing a code point; a leading byte order mark is not part of it.

    Raises:
        SkippedFileError: when no encoding fits.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    try:
        return _decoded(content, "utf-8")
    except SkippedFileError as not_utf8:
        try:
            return _decoded(content, "windows-1252")
        except SkippedFileError:
            raise not_utf8 from None


def _decoded(content: bytes, encoding: str) -> LoadedArticle:
    try:
        return LoadedArticle(content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        detail = f"byte {content[error.start]:#04x} at {error.start} is not {encoding}"
        raise SkippedFileError(UNDECODABLE, detail) from error
