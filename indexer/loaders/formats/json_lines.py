"""Which articles are in a .jsonl file? One JSON object a line.

A line that is no JSON is counted and the next one read: exports are cut off, or mix in log lines.
"""

import json
from collections.abc import Iterator
from typing import BinaryIO

from indexer.loaders.decoding import text_lines
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import read_row

NOT_JSON = "line that is no JSON"


class JsonLinesLoader:
    """Reads JSON Lines; lines of white space are no rows, but count as lines."""

    suffixes = frozenset({".jsonl", ".ndjson", ".jsonlines"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each line; its number is its key when it has no id.

        Raises:
            SkippedFileError: when the bytes end too early, or a line is larger than an article.
        """
        for number, (line, encoding) in enumerate(text_lines(stream, reading.max_bytes), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield SkippedArticle(str(number), NOT_JSON, str(error))
                continue
            yield read_row(row, number, encoding, reading.columns)
