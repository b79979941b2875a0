"""Parser of `sources.csv`: a row has a pattern of paths and the outlet of the articles there."""

import csv
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import CorpusError
from indexer.metadata.told import BY_LIST, FIELDS, Rule
from indexer.text.encodings import decode_bytes

SOURCES_FILE = "sources.csv"

_SEPARATORS = ",;\t"
_PATTERN_NAMES = frozenset(("pattern", "path", "path pattern", "folder", "file"))
_VALUE_NAMES = {"outlet": "source", "authors": "author"} | {name: name for name in FIELDS}
_WITHOUT_NAMES = ("pattern", "source")


def column_names(content: bytes) -> list[str]:
    """Return the first row that is not blank."""
    return next((row for _, row in _rows(content)), [])


def parse_sources(content: bytes, name: str) -> tuple[Rule, ...]:
    """Return the rules of a list.

    Args:
        content: the bytes of the file; its first row may name the columns.
        name: what the file is called, for messages.

    Raises:
        CorpusError: when a row is not a pattern and values; names the line.
    """
    rules: list[Rule] = []
    columns: tuple[str, ...] = ()
    line = 1
    try:
        for line, row in _rows(content):  # noqa: B007 - the message below names it
            if not columns:
                columns = _columns(row)
                if columns != _WITHOUT_NAMES or _column(row[0]) == "pattern":
                    continue
            rules += _rules(row, columns)
    except (ValueError, csv.Error) as error:
        raise CorpusError(
            f"{name}, line {line}: {error}. Nothing was changed. Each row has a pattern of paths "
            "and an outlet, such as herald/**,The Herald"
        ) from error
    return tuple(rules)


def read_sources(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a list that the user names.

    Raises:
        CorpusError: when the file cannot be read, or as `parse_sources`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise CorpusError(f"Cannot read {path}: {reason}. Give a list of outlets.") from error
    return parse_sources(content, str(path))


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the last line number and the fields of each row that is not blank or a comment."""
    lines = decode_bytes(content)[0].splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    reader = csv.reader(lines, delimiter=max(_SEPARATORS, key=first.count), strict=True)
    for row in reader:
        if any(field.strip() for field in row) and not row[0].startswith("#"):
            yield reader.line_num, [field.strip() for field in row]


def _column(name: str) -> str:
    folded = name.casefold().replace("_", " ")
    return "pattern" if folded in _PATTERN_NAMES else _VALUE_NAMES.get(folded, "")


def _columns(row: list[str]) -> tuple[str, ...]:
    """Return which field each column is; a first row without names is one of pattern and outlet."""
    names = tuple(map(_column, row))
    if "pattern" in names:
        unknown = [name for name, known in zip(row, names, strict=True) if not known]
        if unknown or len(names) == 1:
            raise ValueError(
                f"unknown column {unknown[0]!r}; use pattern, outlet, language, author"
                if unknown
                else "there is no column beside that of the patterns"
            )
        return names
    return _WITHOUT_NAMES


def _rules(row: list[str], columns: tuple[str, ...]) -> Iterator[Rule]:
    if len(row) != len(columns):
        raise ValueError(f"{len(row)} fields instead of {len(columns)}")
    fields = dict(zip(columns, row, strict=True))
    pattern = fields.pop("pattern")
    told = {name: value for name, value in fields.items() if value}
    if not told:
        raise ValueError(f"nothing is told about {pattern!r}")
    for name, value in told.items():
        yield Rule.of(pattern, name, value, BY_LIST)
