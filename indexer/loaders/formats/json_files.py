"""Loaders of JSON and of JSON Lines.

JSON is a list of objects, an object that holds such a list at most two objects deeper, or one
article. ijson reads it piece by piece, so that a list of any length takes no memory.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Generator, Iterator
from io import BufferedReader
from itertools import chain
from types import ModuleType
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.loaders.decoding import text_lines
from indexer.loaders.field_names import Columns
from indexer.loaders.optional import library
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import flattened, read_row

NOT_JSON = "no JSON"
BAD_LINE = "line that is no JSON"

# Names under which an object holds a list of articles.
_LISTS = frozenset(
    "articles items entries data results documents docs news stories posts rows records hits "
    "pages value item entry edges nodes children @graph".split()
)
_DEEPEST_LIST = 2  # objects around the object that holds it: `response.results`, `hits.hits`
_JSON_FEED = "https://jsonfeed.org/version/"
# Beginning of a value that goes on in the next line, as pretty-printed exports have it.
_OPENED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[\[{]|\[\s*\{)[ \t\r]*\n")
_FIRST_LINE = 1 << 10
_BLANKS = " \t\r\n\x1e"  # with the separator of JSON text sequences
_END = object()
_DEEPEST = 100  # no export is; a file of nothing but brackets would fill the memory


class JsonLoader:
    """Reader of JSON; values that follow each other, as in JSON Lines, are rows too."""

    suffixes = frozenset({".json"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each object; its key is its id, else its number in the list."""
        yield from self._load(reading.unpacking.guard(stream), reading)

    def _load(self, bytes_read: BufferedReader, reading: Reading) -> Iterator[Loaded]:
        ijson = library("ijson")
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


class JsonLinesLoader(JsonLoader):
    """Reader of JSON Lines; an invalid line is skipped, because exports mix in log lines.

    A file whose first line is no whole value is read as JSON: its values span several lines.
    """

    suffixes = frozenset({".jsonl", ".ndjson", ".jsonlines"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the article of each line that is not blank; its key is its id, else its number."""
        lines = reading.unpacking.guard(stream)
        if _OPENED.match(lines.peek(_FIRST_LINE)):
            yield from self._load(lines, reading)
            return
        decoded = text_lines(lines, reading.max_bytes, reading.encoding)
        for number, (line, encoding) in enumerate(decoded, start=1):
            if not line.strip(_BLANKS):
                continue
            try:
                row = json.loads(line.strip(_BLANKS))
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
            fields = yield from _object(events, columns, _DEEPEST_LIST)
            if fields is not None:
                yield fields
        else:
            yield events.value()


def _items(events: _Events) -> Iterator[object]:
    events.take()
    while events.peek() != "end_array":
        yield events.value()
    events.take()


def _object(
    events: _Events, columns: Columns, deeper: int
) -> Generator[object, None, dict[str, object] | None]:
    """Yield the objects of the lists in an object; return its fields when it has no such list."""
    events.take()
    fields: dict[str, object] = {}
    holds_rows = has_text = has_title = False
    while events.peek() == "map_key":
        name = str(events.take()[1])
        is_list = name.lower() in _LISTS or not has_title  # else it may list related articles
        if events.peek() == "start_array" and is_list and not has_text:
            rows = _items(events)
            first = next(rows, _END)
            if _is_row(first, name, columns, is_outermost=deeper == _DEEPEST_LIST):
                holds_rows = True
                about = _about(fields)
                for row in chain([first], rows):
                    yield {**about, **row} if about and isinstance(row, dict) else row
            else:
                fields[name] = [] if first is _END else [first, *rows]
        elif events.peek() == "start_map" and deeper and not (has_text or has_title):
            inner = yield from _object(events, columns, deeper - 1)
            holds_rows = holds_rows or inner is None
            fields[name] = inner
        else:
            fields[name] = events.value()
        found = columns.find([name])
        has_text, has_title = has_text or "text" in found, has_title or "title" in found
    events.take()
    return None if holds_rows else fields


def _is_row(first: object, name: str, columns: Columns, *, is_outermost: bool) -> bool:
    """Tell whether the first value of a list is a row, by the list's name and its own fields."""
    if not isinstance(first, dict):
        return False
    if is_outermost and name.lower() in _LISTS:
        return True
    found = columns.find(flattened(first, columns))
    return "text" in found and ("title" in found or name.lower() in _LISTS)


def _about(fields: dict[str, object]) -> dict[str, object]:
    """Return what a JSON Feed says about all its items."""
    if not str(fields.get("version")).startswith(_JSON_FEED):
        return {}
    about = {"feed_title": fields.get("title"), "language": fields.get("language")}
    return {name: value for name, value in about.items() if isinstance(value, str)}
