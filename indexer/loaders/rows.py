"""Articles from rows of tables and JSON objects.

The text is the title, a blank line and the body, so that the headline can be quoted as in any
article.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from indexer.corpus.scan import SkippedFileError
from indexer.documents import Finding, Metadata, Span
from indexer.loaders.field_names import Columns
from indexer.loaders.protocol import Loaded, LoadedArticle, SkippedArticle
from indexer.metadata.values import (
    date_finding,
    finding,
    language_finding,
    name_findings,
    url_finding,
)
from indexer.text.markup import text_of_value

Row: TypeAlias = Mapping[str, object]

ROW_WITHOUT_TEXT = "row without text"
NO_TEXT_COLUMN = "no column for the text"
ROW_NOT_AN_OBJECT = "row that is no object"

# In 49,228 of 49,230 rows of two exports whose URL has a day, the date column has the same. Some
# may have been dated by their URL, so the column counts like a page's date that another source
# confirms (`page_dates.py`, `evaluation/components/metadata.py`).
_DATE_CONFIDENCE = 0.97

# Names under which objects hold the value itself: extended JSON of databases, news APIs, content
# systems and converted XML.
_VALUES = (
    *("$date", "$oid", "$numberLong", "$numberInt", "rendered", "processed", "main", "value"),
    *("name", "title", "original", "text", "#text", "$t", "_text", "__cdata", "html", "@value"),
    *("stringValue", "timestampValue", "S", "N", "data", "date", "seconds", "_seconds"),
    *("href", "url"),
)
_DEEPEST_VALUE = 4
_DEEPEST_TEXT = 2

_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_LONGEST_ID = 500
_LISTED_COLUMNS = 12


def read_row(row: object, number: int, encoding: str, columns: Columns) -> Loaded:
    """Return the article in a row, or a skip.

    Args:
        row: names and values; a value may be of any type that the format has.
        number: number of the row, from 1: its key when it has no id.
        encoding: encoding of the file.
        columns: which name is which field.
    """
    if not isinstance(row, Mapping):
        return SkippedArticle(str(number), ROW_NOT_AN_OBJECT, type(row).__name__)
    names, row = row, flattened(row, columns)
    found = columns.find(row)
    key = row_key(_plain(row.get(found.get("id", ""))), number)
    body = _prose(row.get(found.get("text", "")))
    if not body.strip():
        detail = "" if "text" in found else f"it has {listed(names)}"
        return SkippedArticle(key, ROW_WITHOUT_TEXT, detail)
    return headed(body, encoding, key, _given(row, found))


def flattened(row: Row, columns: Columns, depth: int = _DEEPEST_TEXT) -> Row:
    """Return the fields of a row that have values, with those of the object that has its text.

    >>> flattened({"_id": 7, "_source": {"body": "It sank.", "title": None}}, Columns())
    {'body': 'It sank.', '_id': 7}
    """
    filled = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    if depth == 0 or "text" in columns.find(filled):
        return filled
    for name, value in filled.items():
        if isinstance(value, Mapping):
            inner = flattened(value, columns, depth - 1)
            if "text" in columns.find(inner):
                del filled[name]  # or `_source` would be the outlet
                return {**inner, **filled}
    return filled


def headed(body: str, encoding: str, key: str, given: Metadata) -> LoadedArticle:
    """Return an article whose text begins with its title, added unless the body begins with it."""
    title = given.title
    if title is None:
        return LoadedArticle(body, encoding, key, given)
    text, span = body, _title_span(body, title.value)
    if span is None:
        text, span = f"{title.value}\n\n{body}", Span(0, len(title.value))
    located = Finding(title.value, title.found_in, span.start, span.end)
    return LoadedArticle(text, encoding, key, replace(given, title=located))


def row_key(value: object, number: int) -> str:
    """Return an article's own id as its key if it is a short string or integer, else `number`."""
    is_id = isinstance(value, str | int) and not isinstance(value, bool)
    key = str(value).strip() if is_id else ""
    return key if 0 < len(key) <= _LONGEST_ID else str(number)


def check_columns(names: Iterable[str], columns: Columns) -> None:
    """Refuse a table without a column for the text.

    Raises:
        SkippedFileError: when there is none; it lists the columns.
    """
    if "text" not in columns.find(names):
        raise SkippedFileError(
            NO_TEXT_COLUMN, f"it has {listed(names)}; name the column with --map text=COLUMN"
        )


def listed(names: Iterable[str]) -> str:
    """Return the first column names as one line."""
    every = [str(name) for name in names]
    more = f" and {len(every) - _LISTED_COLUMNS} more" if len(every) > _LISTED_COLUMNS else ""
    return (", ".join(every[:_LISTED_COLUMNS]) or "no column") + more


def _title_span(body: str, title: str) -> Span | None:
    """Return where the first line or paragraph of a body is the title, however it is wrapped."""
    start = len(body) - len(body.lstrip())
    beginning = body[start : start + 2 * len(title) + 2]
    heads = (beginning.partition("\n")[0], _BLANK_LINE.split(beginning, maxsplit=1)[0])
    for head in heads:
        if " ".join(head.split()) == title:
            return Span(start, start + len(head.rstrip()))
    return None


def _given(row: Row, found: Mapping[str, str]) -> Metadata:
    value = {name: _plain(row.get(column)) for name, column in found.items() if name != "text"}
    where = {name: f"column {column}" for name, column in found.items()}
    title = value.get("title")
    return Metadata(
        title=finding(_prose(title), where.get("title", "")),
        source=finding(value.get("source"), where.get("source", "")),
        published=date_finding(
            value.get("published"), where.get("published", ""), _DATE_CONFIDENCE
        ),
        authors=name_findings(_names(row.get(found.get("authors", ""))), where.get("authors", "")),
        url=url_finding(value.get("url"), where.get("url", "")),
        modified=date_finding(value.get("modified"), where.get("modified", ""), _DATE_CONFIDENCE),
        language=language_finding(value.get("language"), where.get("language", "")),
    )


def _plain(value: object) -> object:
    """Return the value itself of a list of one, or of an object such as `{"$date": "2023"}`."""
    for _ in range(_DEEPEST_VALUE):
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        elif isinstance(value, Mapping):
            value = next((value[name] for name in _VALUES if name in value), None)
    return value


def _names(value: object) -> list[object]:
    """Return the names in a list of names or objects, or the one string."""
    return [_plain(each) for each in (value if isinstance(value, list | tuple) else [value])]


def _prose(value: object, depth: int = _DEEPEST_VALUE) -> str:
    """Return text, or paragraphs joined to text, without HTML tags."""
    if isinstance(value, list | tuple):
        paragraphs = [_prose(part, depth - 1) for part in value] if depth else []
        return "\n\n".join(text for text in paragraphs if text.strip())
    value = _plain(value)
    return text_of_value(value) if isinstance(value, str) else ""
