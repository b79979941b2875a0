"""How is a collection read from a BEIR-style folder?

In: a folder of corpus.jsonl, queries.jsonl and qrels.tsv, each also as .xz. Out: a `Collection`,
or an error that names the file and the line.
"""

import json
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from retrieval.evaluation.collection import Collection, CollectionError, CollectionQuery

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")

_HEADER_LINE = 1
_COLUMNS, _TREC_COLUMNS = 3, 4
_SHOWN = 60

_Read = TypeVar("_Read")


def load_collection(folder: Path) -> Collection:
    """Read a folder; the collection has its name.

    `corpus.jsonl` has `_id`, `text` and perhaps `title` a line; `queries.jsonl` has `_id`, `text`
    and perhaps `metadata.answers`, a list of strings; judgements are query, document and grade,
    separated by tabs, under a header (TREC's four columns are understood too). Other fields and
    blank lines are passed over.

    Raises:
        CollectionError: when a file is missing or unreadable, a line is malformed, or the parts
            contradict each other.
    """
    if not folder.is_dir():
        raise CollectionError(f"there is no folder {folder}. Name one with {_expected()}")
    try:
        corpus, queries = _find(folder, CORPUS), _find(folder, QUERIES)
        judgements = _judgements(_find(folder, *QRELS))
        name = folder.resolve().name
        return Collection.of(name, _parsed(corpus, _document), _parsed(queries, _query), judgements)
    except CollectionError as error:
        raise CollectionError(f"{folder}: {error}") from error


def _expected() -> str:
    return f"{CORPUS}, {QUERIES} and {' or '.join(QRELS)}, each also with .xz added"


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        for path in (folder / name, folder / f"{name}.xz"):
            if path.is_file():
                return path
    raise CollectionError(f"there is no {' or '.join(names)}. Expected {_expected()}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each line that is not blank with its number, from 1."""
    try:
        with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, text.rstrip("\r\n")
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path.name} cannot be read: {error}") from error


def _parsed(path: Path, parse: Callable[[str], _Read]) -> Iterator[_Read]:
    for number, line in _lines(path):
        try:
            read = parse(line)
        except ValueError as error:
            raise CollectionError(f"{path.name}, line {number}: {error}") from error
        yield read


def _document(line: str) -> tuple[str, str, str]:
    record = _record(line)
    title = record.get("title", "")
    if title is not None and not isinstance(title, str):
        raise ValueError(f"title must be a string, got {title!r:.{_SHOWN}}")
    return _string(record, "_id"), title or "", _string(record, "text")


def _query(line: str) -> CollectionQuery:
    record = _record(line)
    metadata = record.get("metadata")
    answers = metadata.get("answers", []) if isinstance(metadata, dict) else []
    if not isinstance(answers, list) or not all(isinstance(each, str) for each in answers):
        raise ValueError(f"metadata.answers must be a list of strings, got {answers!r:.{_SHOWN}}")
    return CollectionQuery(_string(record, "_id"), _string(record, "text"), tuple(answers))


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON ({error}); one object a line was expected") from error
    if not isinstance(record, dict):
        raise ValueError(f"a JSON object was expected, got {type(record).__name__}")
    return record


def _string(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        found = f"got {value!r:.{_SHOWN}}" if name in record else "it is missing"
        raise ValueError(f"{name} must be a string, but {found}")
    return value


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return query id to document id to grade; a first line without a grade is the header."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        try:
            query, document, grade = _judgement(line)
            grades = found.setdefault(query, {})
            if grades.setdefault(document, grade) != grade:
                raise ValueError(f"{query!r} and {document!r} were judged otherwise before")
        except ValueError as error:
            if number == _HEADER_LINE:
                continue
            raise CollectionError(f"{path.name}, line {number}: {error}") from error
    return found


def _judgement(line: str) -> tuple[str, str, int]:
    fields = line.split("\t")
    if len(fields) == _TREC_COLUMNS:
        del fields[1]  # TREC's "iteration", which nothing uses
    if len(fields) != _COLUMNS:
        raise ValueError(
            f"expected query, document and grade, separated by tabs, got {line!r:.{_SHOWN}}"
        )
    query, document, grade = fields
    try:
        return query, document, int(grade)
    except ValueError as error:
        raise ValueError(f"a grade must be a whole number, got {grade!r:.{_SHOWN}}") from error
