"""Which lines of text are in a stream? Decoded one by one, as a whole file would be.

A byte order mark decides for all; else each line is strict UTF-8, or Windows-1252 where it is not:
exports that were put together from several sources mix the two.
"""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, TOO_LARGE, SkippedFileError
from indexer.webpages.page_encoding import BYTE_ORDER_MARKS

_MOST_BLANK_LINES = 100_000  # a bomb of line ends would take hours to read


def text_lines(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield each line with its line end, and the encoding that it was in.

    Args:
        stream: bytes; read as it is consumed.
        max_bytes: the longest line.

    Raises:
        SkippedFileError: for a line that is longer, endless empty ones, or bytes that a mark has
            wrongly announced.
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
        if blank > _MOST_BLANK_LINES:
            raise SkippedFileError(DAMAGED, f"more than {_MOST_BLANK_LINES:,} empty lines in a row")
        if len(line) > max_bytes:
            raise SkippedFileError(TOO_LARGE, f"a line of more than {max_bytes:,} bytes")
        try:
            yield line.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            yield _as_windows_1252(line), "windows-1252"
        line = stream.readline(max_bytes + 1)


def _as_windows_1252(line: bytes) -> str:
    try:
        return line.decode("windows-1252")
    except UnicodeDecodeError:
        # Neither encoding: the rest of the line is still worth reading.
        return line.decode("utf-8", "replace")


def _wide_lines(first: bytes, stream: BinaryIO, encoding: str) -> Iterator[tuple[str, str]]:
    """Yield lines of UTF-16 or UTF-32, whose line ends are several bytes long."""
    decoder = codecs.getincrementaldecoder(encoding)()
    kept, part = "", first
    try:
        while part:
            kept += decoder.decode(part)
            *lines, kept = kept.split("\n")
            for line in lines:
                yield f"{line}\n", encoding
            part = stream.read(1 << 16)
        kept += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SkippedFileError(DAMAGED, f"its bytes are not {encoding}") from error
    if kept:
        yield kept, encoding
