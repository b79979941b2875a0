"""Tables of reports as aligned text or Markdown, and atomic files to write them to."""

import html
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.intervals import Estimate
from indexer.text.printable import printable_line

_MARKDOWN = re.compile(r"([\\`*_\[\]|#~])")


@dataclass(frozen=True, slots=True)
class Table:
    """Title, column names and rows of cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def aligned(self) -> str:
        """Return the title and the rows in aligned columns."""
        rows = (self.columns, *self.rows)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )
        return "\n".join((self.title, *lines))

    def markdown(self) -> str:
        """Return the rows as a Markdown table, without the title."""
        return markdown_table(self.columns, self.rows)


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = (columns, ["---"] * len(columns), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: str) -> str:
    """Return text that Markdown shows literally: names and warnings may hold anything."""
    return _MARKDOWN.sub(r"\\\1", html.escape(printable_line(text), quote=False))


def signed(difference: Estimate) -> str:
    """Return a difference and its interval with signs.

    >>> signed(Estimate(0.1, -0.05, 0.25))
    '+0.100 [-0.050, +0.250]'
    """
    return f"{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file atomically."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
