"""Which articles are in a .parquet file? One row each.

Only the columns that are needed are read.
"""

from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.loaders.optional import library
from indexer.loaders.protocol import Loaded, Reading
from indexer.loaders.rewinding import rewindable
from indexer.loaders.rows import check_columns, read_row

_ROWS_AT_ONCE = 256


class ParquetLoader:
    """Reads Parquet with pyarrow, a few rows at a time."""

    suffixes = frozenset({".parquet"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each row; its number, from 1, is its key without an id.

        Raises:
            SkippedFileError: when it is no Parquet, is damaged, or no column holds the text.
        """
        parquet, pyarrow = library("pyarrow", "parquet"), library("pyarrow")
        failures = (pyarrow.ArrowException, OSError, ValueError)
        number = 0
        with rewindable(stream) as file:
            try:
                table = parquet.ParquetFile(file)
                names = [str(column) for column in table.schema_arrow.names]
                check_columns(names, reading.columns)
                wanted = list(reading.columns.find(names).values())
                batches = table.iter_batches(_ROWS_AT_ONCE, columns=wanted, use_threads=False)
                for batch in batches:
                    for row in batch.to_pylist():
                        number += 1
                        yield read_row(row, number, "utf-8", reading.columns)
            except failures as error:
                raise SkippedFileError(DAMAGED, str(error).partition("\n")[0]) from error
