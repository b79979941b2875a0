"""Loaders of tables, one article a row: CSV, TSV and Parquet."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, EMPTY, SkippedFileError
from indexer.loaders.decoding import text_lines
from indexer.loaders.limits import rewindable
from indexer.loaders.optional import library
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import check_columns, read_row

BAD_ROW = "row that cannot be read"

_SEPARATORS = ",;\t|"
_BATCH_ROWS = 256


class TableLoader:
    """Reader of separated values: the first row names the columns and shows the separator."""

    suffixes = frozenset({".csv", ".tsv", ".tab"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each row; its key is its id, else its number below the names."""
        lines = _Lines(stream, reading.max_bytes)
        first = next((line for line in lines if line.strip()), "")
        if not first:
            raise SkippedFileError(EMPTY)
        with _field_limit(reading.max_bytes):
            yield from _read_rows(lines, first, name, reading)


@contextmanager
def _field_limit(size: int) -> Iterator[None]:
    """Set the size limit of a field, whose default is lower than an article, for this file only."""
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_rows(lines: "_Lines", first: str, name: str, reading: Reading) -> Iterator[Loaded]:
    rows = csv.reader(chain([first], lines), delimiter=_separator(name, first))
    try:
        names = next(rows, [])
    except csv.Error as error:
        raise SkippedFileError(DAMAGED, str(error)) from error
    check_columns(names, reading.columns)
    for number in count(1):
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
    """Iterator of lines that remembers the encoding of the last one."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._lines = text_lines(stream, max_bytes)
        self.encoding = "utf-8"

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self.encoding = next(self._lines)
        return line


def _separator(name: str, names: str) -> str:
    """Return the separator: a tab when the file's ending says so, else the most frequent one."""
    if not name.lower().endswith(".csv") and "\t" in names:
        return "\t"
    return max(_SEPARATORS, key=names.count)
