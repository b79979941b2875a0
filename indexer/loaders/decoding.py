"""Decoding of text files, whole or line by line, and the check that text is readable."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, TOO_LARGE, SkippedFileError
from indexer.text.encodings import (
    BYTE_ORDER_MARKS,
    decode_bytes,
    undeclared,
    utf8_text,
    wide_encoding,
)
from indexer.text.legacy_encodings import SAMPLE_BYTES

BINARY = "binary content"
UNDECODABLE = "undecodable bytes"
NO_WORDS = "no letter and no digit in it"

# Control characters are faults of an export; many are a binary file. At the beginning of a line,
# one is a bullet of a PDF.
_CONTROL = re.compile(r"(?<![\r\n])[\x00-\x08\x0e-\x1b\x7f]")
_MAX_CONTROL_SHARE = 0.05
_MAX_BROKEN_SHARE = 0.05
_MAX_BLANK_LINES = 100_000  # a bomb of line ends would take hours to read


def decode(content: bytes, declared: str | None = None, told: str = "") -> tuple[str, str]:
    """Return the text of a file, code point for code point, and the name of its encoding.

    Args:
        content: the bytes.
        declared: the encoding that a header names.
        told: the encoding when nothing else tells it; empty guesses.

    Raises:
        SkippedFileError: when too many bytes do not fit.
    """
    text, encoding = decode_bytes(content, declared, told=told)
    if text.count("\ufffd") > len(text) * _MAX_BROKEN_SHARE:
        try:
            content.decode(encoding)
        except UnicodeDecodeError as error:
            detail = f"byte {content[error.start]:#04x} at {error.start} is not {encoding}"
            raise SkippedFileError(UNDECODABLE, detail) from error
    return text, encoding


def check_text(text: str) -> None:
    """Refuse text that nobody could read.

    Raises:
        SkippedFileError: when it is binary, or has neither a letter nor a digit.
    """
    controls = len(_CONTROL.findall(text))
    if controls > len(text) * _MAX_CONTROL_SHARE:
        raise SkippedFileError(BINARY, f"{controls} control characters")
    if not any(character.isalnum() for character in text):
        raise SkippedFileError(NO_WORDS)


def text_lines(stream: BinaryIO, max_bytes: int, told: str = "") -> Iterator[tuple[str, str]]:
    """Yield each line with its line end, and its encoding.

    Each line is UTF-8 or of the file's one other encoding, because exports that were joined from
    several sources mix them.

    Args:
        stream: bytes; read as the lines are consumed.
        max_bytes: the longest line allowed.
        told: the encoding when nothing else tells it; empty guesses.

    Raises:
        SkippedFileError: for a longer line, endless blank lines, or bytes that are not the UTF-16
            that the file begins with.
    """
    first = stream.readline(max_bytes + 1)
    wide = _wide_mark(first) or wide_encoding(first)
    if wide:
        yield from _wide_lines(first, stream, wide)
        return
    lines = _byte_lines(first.removeprefix(codecs.BOM_UTF8), stream, max_bytes)
    other = ""
    while line := next(lines, b""):
        text = utf8_text(line)
        if text is not None:
            # A row of several lines has the encoding of its last one.
            yield text, other if other and line.isascii() else "utf-8"
            continue
        if not other:
            following = _some(lines)
            legacy = (each for each in following if utf8_text(each) is None)
            other = undeclared(b"".join([line, *legacy]), told)
            lines = chain(following, lines)
        yield line.decode(other, "replace"), other


def _wide_mark(first: bytes) -> str:
    """Return the encoding of UTF-16 or UTF-32 with a mark, which its decoder takes off, or ''."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if mark != codecs.BOM_UTF8 and first.startswith(mark):
            return encoding.rpartition("-")[0]
    return ""


def _byte_lines(line: bytes, stream: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    blank = 0
    while line:
        blank = 0 if line.strip() else blank + 1
        if blank > _MAX_BLANK_LINES:
            raise SkippedFileError(DAMAGED, f"more than {_MAX_BLANK_LINES:,} empty lines in a row")
        if len(line) > max_bytes:
            raise SkippedFileError(TOO_LARGE, f"a line of more than {max_bytes:,} bytes")
        yield line
        line = stream.readline(max_bytes + 1)


def _some(lines: Iterator[bytes]) -> list[bytes]:
    """Return the next lines, as many as tell an encoding."""
    found: list[bytes] = []
    size = 0
    while size < SAMPLE_BYTES and (line := next(lines, b"")):
        found.append(line)
        size += len(line)
    return found


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
