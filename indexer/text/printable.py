"""Escaping of untrusted text, so that a terminal obeys nothing in it."""

import io
import os
import re
from typing import TextIO

# C0 and C1 controls except tab and newline, and characters that reorder or hide text.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return text with control characters escaped.

    This includes a lone carriage return, which could overwrite what was printed.

    >>> print(printable("a" + chr(27) + "[31mb"))
    a\x1b[31mb
    """
    lines = text.replace("\r\n", "\n")
    return _UNSAFE.sub(lambda match: ascii(match.group())[1:-1], lines)


def printable_line(text: str) -> str:
    """Return text as one line, with line breaks and tabs escaped too."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def print_any_character(stream: TextIO) -> None:
    """Make a stream escape what its encoding lacks, instead of failing; on Windows it is UTF-8."""
    if isinstance(stream, io.TextIOWrapper):
        encoding = "utf-8" if os.name == "nt" else None
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
