"""Test collections: documents, queries and relevance judgements, read from BEIR-style folders."""

import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeVar

from indexer.errors import DatelineError

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")

_HEADER_LINE = 1
_COLUMNS, _TREC_COLUMNS = 3, 4
_SHOWN = 60

_Read = TypeVar("_Read")


class CollectionError(DatelineError):
    """Unreadable or inconsistent collection."""


@dataclass(frozen=True, slots=True)
class CollectionDocument:
    """Document; `title` may be empty."""

    id: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CollectionQuery:
    """Query with its accepted answers (none if unknown) and its judgements.

    `grades` maps document ids to grades; above 0 is relevant.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        """Whether a relevant document is known; if not, every ranking scores 0."""
        return any(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, and the queries with a relevant document; `unjudged` counts those left out."""

    name: str
    documents: tuple[CollectionDocument, ...] = field(repr=False)
    queries: tuple[CollectionQuery, ...] = field(repr=False)
    unjudged: int = 0

    @classmethod
    def of(
        cls,
        name: str,
        documents: Iterable[tuple[str, str, str]],
        queries: Iterable[CollectionQuery],
        judgements: Mapping[str, Mapping[str, int]],
    ) -> Self:
        """Join documents, queries and judgements.

        Args:
            name: for reports.
            documents: (id, title, text) of each.
            queries: their `grades` are replaced.
            judgements: query id to document id to grade.

        Raises:
            CollectionError: if an id repeats, a judgement names an unknown query or document,
                or no query has a relevant document.
        """
        joined = tuple(CollectionDocument(*document) for document in documents)
        asked = [replace(query, grades=judgements.get(query.id, {})) for query in queries]
        known = _unique("document", [document.id for document in joined])
        _require_known("queries", judgements, _unique("query", [query.id for query in asked]))
        for grades in judgements.values():
            _require_known("documents", grades, known)
        judged = tuple(query for query in asked if query.is_judged)
        if not judged:
            raise CollectionError(
                f"{name} has no judged queries: none of its {len(asked):,} queries has a document "
                "with a grade above 0. Check that the judgements belong to these queries"
            )
        return cls(name, joined, judged, len(asked) - len(judged))

    @property
    def has_answers(self) -> bool:
        """Whether any query has known answers."""
        return any(query.answers for query in self.queries)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the documents, independent of their order."""
        digest = sha256()
        for document in sorted(self.documents, key=lambda each: each.id):
            digest.update(json.dumps([document.id, document.title, document.text]).encode())
        return digest.hexdigest()

    def limited(self, count: int) -> Self:
        """Return the collection with the `count` queries whose ids have the least SHA-256.

        Raises:
            ValueError: if count is below 1.
        """
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        drawn = sorted(self.queries, key=lambda query: sha256(query.id.encode()).digest())
        kept = {query.id for query in drawn[:count]}
        return replace(self, queries=tuple(query for query in self.queries if query.id in kept))


def load_collection(folder: Path) -> Collection:
    """Read a BEIR-style folder; the collection takes its name. Each file may end in .xz.

    Lines of `corpus.jsonl` have `_id`, `text` and optionally `title`; lines of `queries.jsonl`
    have `_id`, `text` and optionally `metadata.answers`, a list of strings; judgements are
    tab-separated query, document and grade under a header (or TREC's four columns).

    Raises:
        CollectionError: if a file is missing or unreadable, or its content is malformed.
    """
    if not folder.is_dir():
        raise CollectionError(f"no such folder: {folder}. Name one with {_expected()}")
    try:
        corpus, queries = _find(folder, CORPUS), _find(folder, QUERIES)
        judgements = _judgements(_find(folder, *QRELS))
        name = folder.resolve().name
        return Collection.of(name, _parsed(corpus, _document), _parsed(queries, _query), judgements)
    except CollectionError as error:
        raise CollectionError(f"{folder}: {error}") from error


def _unique(what: str, ids: Sequence[str]) -> set[str]:
    known = set(ids)
    if len(known) < len(ids):
        twice, _ = Counter(ids).most_common(1)[0]
        raise CollectionError(
            f"{what} ids must be unique, but {len(ids) - len(known):,} of {len(ids):,} repeat an "
            f"earlier one, such as {twice!r}. Remove the duplicates"
        )
    return known


def _require_known(what: str, ids: Iterable[str], known: set[str]) -> None:
    """Reject judgements of another collection: every figure would be wrong."""
    if unknown := sorted(each for each in ids if each not in known):
        raise CollectionError(
            f"the judgements name {len(unknown):,} {what} missing from the collection, such as "
            f"{unknown[0]!r}. Use the judgements of this collection"
        )


def _expected() -> str:
    return f"{CORPUS}, {QUERIES} and {' or '.join(QRELS)} (each may end in .xz)"


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        for path in (folder / name, folder / f"{name}.xz"):
            if path.is_file():
                return path
    raise CollectionError(f"there is no {' or '.join(names)}. Expected {_expected()}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each non-blank line with its number, from 1."""
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
        raise ValueError(f"not valid JSON ({error}); expected one object per line") from error
    if not isinstance(record, dict):
        raise ValueError(f"expected a JSON object, got {type(record).__name__}")
    return record


def _string(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        found = f"got {value!r:.{_SHOWN}}" if name in record else "it is missing"
        raise ValueError(f"{name} must be a string, but {found}")
    return value


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades of each query; a first line without a grade is a header."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        try:
            query, document, grade = _judgement(line)
            grades = found.setdefault(query, {})
            if grades.setdefault(document, grade) != grade:
                raise ValueError(f"{query!r} and {document!r} already have another grade")
        except ValueError as error:
            if number == _HEADER_LINE:
                continue
            raise CollectionError(f"{path.name}, line {number}: {error}") from error
    return found


def _judgement(line: str) -> tuple[str, str, int]:
    fields = line.split("\t")
    if len(fields) == _TREC_COLUMNS:
        del fields[1]  # TREC's unused "iteration"
    if len(fields) != _COLUMNS:
        raise ValueError(
            f"expected query, document and grade separated by tabs, got {line!r:.{_SHOWN}}"
        )
    query, document, grade = fields
    try:
        return query, document, int(grade)
    except ValueError as error:
        raise ValueError(f"grade must be an integer, got {grade!r:.{_SHOWN}}") from error
