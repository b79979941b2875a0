"""Loaders of JSON and of JSON Lines.

JSON is a list of objects, one object that holds such a list, or one article. ijson reads it piece
by piece, so that a list of any length takes no memory.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from types import ModuleType
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.loaders.decoding import text_lines
from indexer.loaders.field_names import Columns
from indexer.loaders.optional import library
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import read_row

NOT_JSON = "no JSON"
BAD_LINE = "line that is no JSON"

# Names under which an object holds a list of articles.
_LISTS = frozenset(
    "articles items entries data results documents docs news stories posts rows records hits "
    "pages".split()
)
_DEEPEST = 100  # no export is; a file of nothing but brackets would fill the memory


class JsonLoader:
    """Reader of JSON; values that follow each other, as in JSON Lines, are rows too."""

    suffixes = frozenset({".json"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each object; its key is its id, else its number in the list."""
        ijson = library("ijson")
        bytes_read = reading.unpacking.guard(stream)
        if bytes_read.peek(len(BOM_UTF8)).startswith(BOM_UTF8):
            bytes_read.read(len(BOM_UTF8))  # which JSON may not have
        rows = _rows(_Events(ijson, bytes_read), reading.columns)
        number = 0
        try:
            for row in rows:
                number += 1
                yield read_row(row, number, "utf-8", reading.columns)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            reason = DAMAGED if number else NOT_JSON
            raise SkippedFileError(reason, str(error).partition("\n")[0]) from error
        if not number:
            raise SkippedFileError(NOT_JSON, "it holds no list of objects")


class JsonLinesLoader:
    """Reader of JSON Lines; an invalid line is skipped, because exports mix in log lines."""

    suffixes = frozenset({".jsonl", ".ndjson", ".jsonlines"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each line that is not blank; its key is its id, else its number."""
        for number, (line, encoding) in enumerate(text_lines(stream, reading.max_bytes), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield SkippedArticle(str(number), BAD_LINE, str(error))
                continue
            yield read_row(row, number, encoding, reading.columns)


class _Events:
    """Stream of ijson events with one event of look-ahead and the depth of nesting."""

    def __init__(self, ijson: ModuleType, stream: BinaryIO) -> None:
        self._events = ijson.basic_parse(stream, multiple_values=True, use_float=True)
        self._builder = ijson.ObjectBuilder
        self._ahead: tuple[str, object] | None = None
        self._depth = 0

    def peek(self) -> str:
        """Return the name of the next event; empty at the end."""
        if self._ahead is None:
            self._ahead = next(self._events, ("", None))
        return self._ahead[0]

    def take(self) -> tuple[str, object]:
        """Return the next event and its value."""
        self.peek()
        found, self._ahead = self._ahead or ("", None), None
        self._depth += found[0].startswith("start_") - found[0].startswith("end_")
        if self._depth > _DEEPEST:
            raise SkippedFileError(NOT_JSON, f"nested more than {_DEEPEST} times")
        return found

    def value(self) -> object:
        """Return the whole value that begins with the next event."""
        builder, outside = self._builder(), self._depth
        while True:
            builder.event(*self.take())
            if self._depth == outside:
                found: object = builder.value
                return found


def _rows(events: _Events, columns: Columns) -> Iterator[object]:
    """Yield the items of lists, and each object that holds no list of articles."""
    while event := events.peek():
        if event == "start_array":
            yield from _items(events)
        elif event == "start_map":
            yield from _object(events, columns)
        else:
            yield events.value()


def _items(events: _Events) -> Iterator[object]:
    events.take()
    while events.peek() != "end_array":
        yield events.value()
    events.take()


def _object(events: _Events, columns: Columns) -> Iterator[object]:
    """Yield the objects of the list in an object, or the object itself when it has none."""
    events.take()
    fields: dict[str, object] = {}
    holds_rows = False
    while events.peek() == "map_key":
        name = str(events.take()[1])
        is_article = "text" in columns.find(fields)
        if events.peek() == "start_array" and name.lower() in _LISTS and not is_article:
            rows = _items(events)
            first = next(rows, None)
            if isinstance(first, dict):
                holds_rows = True
                yield first
                yield from rows
            else:
                fields[name] = [first, *rows]
        else:
            fields[name] = events.value()
    events.take()
    if not holds_rows:
        yield fields
