"""Which articles are in a .csv or .tsv file? One row each, under a first row of names."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.loaders.decoding import text_lines
from indexer.loaders.formats.text import EMPTY
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import check_columns, read_row

BAD_ROW = "row that cannot be read"

_SEPARATORS = ",;\t|"


class TableLoader:
    """Reads comma- and tab-separated values; semicolons and bars are noticed in the first row."""

    suffixes = frozenset({".csv", ".tsv", ".tab"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each row; its number, from 1 below the names, is its key.

        Raises:
            SkippedFileError: when it is empty, or no column holds the text.
        """
        lines = _Lines(stream, reading.max_bytes)
        first = next((line for line in lines if line.strip()), "")
        if not first:
            raise SkippedFileError(EMPTY)
        csv.field_size_limit(reading.max_bytes)  # the library's own is lower than an article
        lines.put_back(first)
        rows = csv.reader(lines, delimiter=_separator(name, first))
        try:
            names = next(rows, [])
        except csv.Error as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        check_columns(names, reading.columns)
        number = 0
        while True:
            number += 1
            try:
                values = next(rows, None)
            except csv.Error as error:
                yield SkippedArticle(str(number), BAD_ROW, str(error))
                continue
            if values is None:
                return
            if values:
                row = dict(zip(names, values, strict=False))
                yield read_row(row, number, lines.encoding, reading.columns)


class _Lines:
    """Hands out lines and remembers how the last one was encoded."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._lines = text_lines(stream, max_bytes)
        self._put_back: list[str] = []
        self.encoding = "utf-8"

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._put_back:
            return self._put_back.pop()
        line, self.encoding = next(self._lines)
        return line

    def put_back(self, line: str) -> None:
        """Hand out a line once more."""
        self._put_back.append(line)


def _separator(name: str, names: str) -> str:
    """Return what separates the names: tabs as the file's own name says, else the most frequent."""
    if not name.lower().endswith(".csv") and "\t" in names:
        return "\t"
    return max(_SEPARATORS, key=names.count)
