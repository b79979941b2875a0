"""Loaders of tables, one article a row: CSV, TSV and Parquet."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, EMPTY, SkippedFileError
from indexer.loaders.decoding import text_lines
from indexer.loaders.field_names import Columns
from indexer.loaders.limits import rewindable
from indexer.loaders.optional import library
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import check_columns, read_row

BAD_ROW = "row that cannot be read"
UNCLOSED = "quotation mark that is never closed, so read as text"

_SEPARATORS = ",;\t|"
_SAID_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_SAMPLE_LINES = 200
_NAMES_REACH = 10
# Where quotes are doubled, one after a backslash ends its field.
_ESCAPED_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*\\"(?![,;\t|\r\n"]|\Z)')
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_SHOWN = 100
_BATCH_ROWS = 256


class TableLoader:
    """Reader of separated values: the row that names the columns shows the separator."""

    suffixes = frozenset({".csv", ".tsv", ".tab"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each row; its key is its id, else its number below the names."""
        lines = _Lines(text_lines(stream, reading.max_bytes, reading.encoding))
        with _field_limit(reading.max_bytes):
            yield from _read_rows(lines, _format(lines, name, reading.columns), reading.columns)


@contextmanager
def _field_limit(size: int) -> Iterator[None]:
    """Set the size limit of a field, whose default is lower than an article, for this file only."""
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _format(lines: "_Lines", name: str, columns: Columns) -> type[csv.Dialect]:
    """Return how the rows are written; the next line is then that of the names.

    Above it may stand the separator, as `sep=;`, and lines about the export.
    """
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise SkippedFileError(EMPTY)
    lines.give_back([first])
    sample = lines.ahead(_SAMPLE_LINES)
    begun = [number for number, line in enumerate(sample) if line.strip()]
    said = _SAID_SEPARATOR.fullmatch(sample[begun[0]].strip())
    begun = begun[1:] if said and len(begun) > 1 else begun

    def separator(line: str) -> str:
        return said.group(1) if said else _separator(name, line)

    def has_text(line: str) -> bool:
        names = next(csv.reader([line], delimiter=separator(line)))
        return "text" in columns.find(names)

    names = next((i for i in begun[:_NAMES_REACH] if has_text(sample[i])), begun[0])
    for _ in range(names):
        next(lines)
    escaped = any(_ESCAPED_QUOTE.search(line) for line in sample)

    class Format(csv.excel):
        delimiter = separator(sample[names])
        escapechar = "\\" if escaped else None

    return Format


def _read_rows(lines: "_Lines", form: type[csv.Dialect], columns: Columns) -> Iterator[Loaded]:
    rows = csv.reader(lines, form)
    try:
        names = next(rows, [])
    except csv.Error as error:
        raise SkippedFileError(DAMAGED, str(error)) from error
    check_columns(names, columns)
    for number in count(1):
        lines.begin_row()
        problem, values = "", None
        try:
            values = next(rows, None)
        except csv.Error as error:
            problem = str(error)
        if values is None and not problem:
            return
        if (problem or lines.ended or len(values or ()) != len(names)) and _swallowed(
            lines.row, form, len(names)
        ):
            yield SkippedArticle(str(number), UNCLOSED, lines.row[0].strip()[:_SHOWN])
            values = next(csv.reader(lines.row[:1], form, quoting=csv.QUOTE_NONE))
            lines.give_back(lines.row[1:])
        elif problem:
            yield SkippedArticle(str(number), BAD_ROW, problem)
            continue
        if values:
            row = dict(zip(names, values, strict=False))
            yield read_row(row, number, lines.encoding, columns)


def _swallowed(row: list[str], form: type[csv.Dialect], columns: int) -> bool:
    """Tell whether a row of several lines has other rows in it, because of a stray quote."""
    below = [line for line in row[1:] if line.strip()]
    try:
        rows = sum(len(next(csv.reader([line], form))) == columns for line in below)
    except csv.Error:
        return False
    return columns > 1 and bool(below) and 2 * rows >= len(below)


class ParquetLoader:
    """Reader of Parquet: only the needed columns, a few rows at a time."""

    suffixes = frozenset({".parquet"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each row; its key is its id, else its number."""
        parquet, pyarrow = library("pyarrow", "parquet"), library("pyarrow")
        failures = (pyarrow.ArrowException, OSError, ValueError)
        number = 0
        with rewindable(stream) as file:
            try:
                table = parquet.ParquetFile(file)
                names = [str(column) for column in table.schema_arrow.names]
                check_columns(names, reading.columns)
                wanted = list(reading.columns.find(names).values())
                batches = table.iter_batches(_BATCH_ROWS, columns=wanted, use_threads=False)
                for batch in batches:
                    for row in batch.to_pylist():
                        number += 1
                        yield read_row(row, number, "utf-8", reading.columns)
            except failures as error:
                raise SkippedFileError(DAMAGED, str(error).partition("\n")[0]) from error


class _Lines:
    """Iterator of the lines of a table that can look ahead and take lines back.

    Attributes:
        encoding: encoding of the last line.
        row: the lines since `begin_row`.
        ended: whether a line was asked for after the last one.
    """

    def __init__(self, lines: Iterator[tuple[str, str]]) -> None:
        self._lines = _single(lines)
        self._ahead: deque[tuple[str, str]] = deque()
        self._failure: SkippedFileError | None = None
        self.encoding = "utf-8"
        self.row: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._ahead and self._failure:
            raise self._failure
        following = self._ahead.popleft() if self._ahead else next(self._lines, None)
        if following is None:
            self.ended = True
            raise StopIteration
        line, self.encoding = following
        self.row.append(line)
        return line

    def ahead(self, number: int) -> list[str]:
        """Return the next lines; what is wrong with them is raised when they are read."""
        try:
            self._ahead.extend(islice(self._lines, number))
        except SkippedFileError as failure:
            self._failure = failure
        return [line for line, _ in self._ahead]

    def begin_row(self) -> None:
        """Forget the lines of the last row."""
        self.row = []

    def give_back(self, lines: list[str]) -> None:
        """Have lines of this row read again."""
        self._ahead.extendleft((line, self.encoding) for line in reversed(lines))
        self.ended = False


def _single(lines: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Split at carriage returns too, which end the lines of old Macintosh programs."""
    for line, encoding in lines:
        if "\r" in line[:-2]:
            yield from ((each, encoding) for each in _LINE.findall(line))
        else:
            yield line, encoding


def _separator(name: str, names: str) -> str:
    """Return the separator: a tab when the file's ending says so, else the most frequent one."""
    if not name.lower().endswith(".csv") and "\t" in names:
        return "\t"
    return max(_SEPARATORS, key=names.count)
