"""Decoding of text files, whole or line by line, and the check that text is readable.

A byte order mark decides, else strict UTF-8, else Windows-1252. Detectors are not used, because
they misread short articles.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, TOO_LARGE, SkippedFileError
from indexer.text.encodings import BYTE_ORDER_MARKS

BINARY = "binary content"
UNDECODABLE = "undecodable bytes"
NO_WORDS = "no letter and no digit in it"

# Control characters that no text has: a stray one is a fault of an export, many are a binary file.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_MAX_CONTROL_SHARE = 0.01
_MAX_BLANK_LINES = 100_000  # a bomb of line ends would take hours to read


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file, code point for code point, and the name of its encoding.

    Raises:
        SkippedFileError: when no encoding fits.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_as(encoding, content[len(mark) :])
    try:
        return _decode_as("utf-8", content)
    except SkippedFileError as not_utf8:
        try:
            return _decode_as("windows-1252", content)
        except SkippedFileError:
            raise not_utf8 from None


def check_text(text: str) -> None:
    """Refuse text that nobody could read.

    Raises:
        SkippedFileError: when it is binary, or has neither a letter nor a digit.
    """
    if "\0" in text:
        raise SkippedFileError(BINARY, f"a NUL at character {text.index(chr(0))}")
    controls = len(_CONTROL.findall(text))
    if controls > len(text) * _MAX_CONTROL_SHARE:
        raise SkippedFileError(BINARY, f"{controls} control characters")
    if not any(character.isalnum() for character in text):
        raise SkippedFileError(NO_WORDS)


def text_lines(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield each line with its line end, and its encoding.

    Without a byte order mark each line is decoded by itself, because exports that were joined from
    several sources mix UTF-8 and Windows-1252.

    Args:
        stream: bytes; read as the lines are consumed.
        max_bytes: the longest line allowed.

    Raises:
        SkippedFileError: for a longer line, endless blank lines, or bytes that do not fit the mark.
    """
    first = stream.readline(max_bytes + 1)
    for mark, encoding in BYTE_ORDER_MARKS:
        if mark != codecs.BOM_UTF8 and first.startswith(mark):
            yield from _wide_lines(first, stream, encoding.rpartition("-")[0])
            return
    line = first.removeprefix(codecs.BOM_UTF8)
    blank = 0
    while line:
        blank = 0 if line.strip() else blank + 1
        if blank > _MAX_BLANK_LINES:
            raise SkippedFileError(DAMAGED, f"more than {_MAX_BLANK_LINES:,} empty lines in a row")
        if len(line) > max_bytes:
            raise SkippedFileError(TOO_LARGE, f"a line of more than {max_bytes:,} bytes")
        try:
            yield line.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            yield _as_windows_1252(line), "windows-1252"
        line = stream.readline(max_bytes + 1)


def _decode_as(encoding: str, content: bytes) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        detail = f"byte {content[error.start]:#04x} at {error.start} is not {encoding}"
        raise SkippedFileError(UNDECODABLE, detail) from error


def _as_windows_1252(line: bytes) -> str:
    try:
        return line.decode("windows-1252")
    except UnicodeDecodeError:
        # Neither encoding fits, but the rest of the line is still worth reading.
        return line.decode("utf-8", "replace")


def _wide_lines(first: bytes, stream: BinaryIO, encoding: str) -> Iterator[tuple[str, str]]:
    """Yield lines of UTF-16 or UTF-32, whose line ends are several bytes long."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, piece = "", first
    try:
        while piece:
            rest += decoder.decode(piece)
            *lines, rest = rest.split("\n")
            for line in lines:
                yield f"{line}\n", encoding
            piece = stream.read(1 << 16)
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SkippedFileError(DAMAGED, f"its bytes are not {encoding}") from error
    if rest:
        yield rest, encoding
