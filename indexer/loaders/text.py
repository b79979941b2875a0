"""Which article is in this text file? Decoding of `.txt` and `.md`, nothing else is changed.

A byte order mark decides, else strict UTF-8, else Windows-1252; what was used is recorded.
Detectors are not asked: they misread short articles.
"""

import codecs
import re
from collections.abc import Iterator

from indexer.loaders.protocol import LoadedArticle, SkippedFileError

EMPTY = "empty file"
BINARY = "binary content"
UNDECODABLE = "undecodable bytes"

# UTF-32 comes before UTF-16, whose mark is a prefix of it.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Control characters that no text has. A stray one is a fault of an export; many are a binary file.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_MAX_CONTROL_SHARE = 0.01


class TextLoader:
    """Reads plain text and Markdown; Markdown is indexed as it is written."""

    suffixes = frozenset({".txt", ".md"})

    def load(self, content: bytes) -> Iterator[LoadedArticle]:
        """Return the one article in the bytes.

        Raises:
            SkippedFileError: for an empty file, a binary one, or bytes in no supported encoding.
        """
        article = decode(content)
        if not article.text.strip():
            raise SkippedFileError(EMPTY)
        if "\0" in article.text:
            raise SkippedFileError(BINARY, f"a NUL at character {article.text.index(chr(0))}")
        controls = len(_CONTROL.findall(article.text))
        if controls > len(article.text) * _MAX_CONTROL_SHARE:
            raise SkippedFileError(BINARY, f"{controls} control characters")
        yield article


def decode(content: bytes) -> LoadedArticle:
    """Decode bytes without changing a code point; a leading byte order mark is not part of it.

    Raises:
        SkippedFileError: when no encoding fits.
    """
    for mark, encoding in _MARKS:
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
