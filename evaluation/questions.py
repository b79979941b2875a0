"""Question files: one JSON object per line, with the gold words that answer it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.documents import doc_id_of
from indexer.errors import DatelineError

UNANSWERABLE = "unanswerable"
KINDS = (
    *("who", "what", "when", "where", "how_many", "yes_no", "headline", "comparison"),
    UNANSWERABLE,
)
UNANSWERABLE_KINDS = ("same_people", "boilerplate", "swapped_roles", "off_topic")
SPLITS = ("dev", "test")

_SEVERAL = 2

_Types = dict[str, tuple[type, ...]]
_REQUIRED: _Types = {
    "id": (str,),
    "question": (str,),
    "kind": (str,),
    "unanswerable_kind": (str, type(None)),
    "answerable": (bool,),
    "split": (str,),
    "gold": (list,),
}
_OPTIONAL: _Types = {"all_documents": (bool,)}
_GOLD: _Types = {"doc": (str,), "words": (str,)}


class QuestionFileError(DatelineError):
    """Missing or malformed question file."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Words that answer, verbatim from the article at path `doc` below the corpus root."""

    doc: str
    words: str

    def __post_init__(self) -> None:
        """Reject empty words, which every text contains."""
        if not self.doc or not self.words.strip():
            raise ValueError(f"gold needs a document and words, got {self.doc!r}, {self.words!r}")

    def is_in(self, doc_ids: Iterable[str], text: str) -> bool:
        """Return whether text from one of these documents contains the words."""
        return doc_id_of(self.doc) in doc_ids and self.words in text


@dataclass(frozen=True, slots=True)
class SeedQuestion:
    """Question with its gold: any one is enough, or one per document if `all_documents`.

    Raises:
        ValueError: if the fields contradict each other.
    """

    id: str
    question: str
    kind: str
    unanswerable_kind: str | None
    answerable: bool
    split: str
    gold: tuple[Gold, ...]
    all_documents: bool = False

    def __post_init__(self) -> None:
        """Validate values, and that kind, gold and answerability agree."""
        if not self.id or not self.question.strip():
            raise ValueError(f"id and question must not be empty: {self.id!r}, {self.question!r}")
        _require_one_of("kind", self.kind, KINDS)
        _require_one_of("split", self.split, SPLITS)
        if self.answerable is (self.kind == UNANSWERABLE):
            raise ValueError(f"answerable is {self.answerable} but kind is {self.kind!r}")
        if self.answerable is not bool(self.gold):
            raise ValueError(f"answerable is {self.answerable} with {len(self.gold)} gold words")
        if not self.answerable:
            _require_one_of("unanswerable_kind", self.unanswerable_kind, UNANSWERABLE_KINDS)
        elif self.unanswerable_kind is not None:
            raise ValueError(
                "unanswerable_kind must be null for an answerable question, "
                f"got {self.unanswerable_kind!r}"
            )
        documents = {gold.doc for gold in self.gold}
        if self.all_documents and len(documents) < _SEVERAL:
            raise ValueError(f"all_documents needs gold in two documents, got {len(documents)}")

    def is_met_by(self, found: Sequence[Gold]) -> bool:
        """Return whether the gold words found are enough."""
        wanted = {gold.doc for gold in self.gold} if self.all_documents else set()
        return bool(found) and wanted <= {gold.doc for gold in found}


def load_questions(path: Path) -> tuple[SeedQuestion, ...]:
    """Read a JSONL file of questions in order, skipping blank lines.

    Raises:
        QuestionFileError: if it is unreadable, empty or malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(
            f"cannot read the questions in {path}: {error}. Name a UTF-8 file with one JSON "
            "object per line"
        ) from error
    questions: dict[str, SeedQuestion] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = _parse(line)
            if question.id in questions:
                raise ValueError(f"duplicate id {question.id!r}")
        except ValueError as error:
            raise QuestionFileError(f"{path}, line {number}: {error}") from error
        questions[question.id] = question
    if not questions:
        raise QuestionFileError(f"{path} holds no questions; expected one JSON object per line")
    return tuple(questions.values())


def _parse(line: str) -> SeedQuestion:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON ({error}); expected one object per line") from error
    fields = _checked(record, "a question", _REQUIRED, _OPTIONAL)
    golds = (_checked(gold, "gold", _GOLD, {}) for gold in fields.pop("gold"))
    return SeedQuestion(gold=tuple(Gold(**gold) for gold in golds), **fields)


def _checked(record: object, what: str, required: _Types, optional: _Types) -> dict[str, Any]:
    """Return the fields of a JSON object after checking names and types."""
    if not isinstance(record, dict):
        raise ValueError(f"{what} must be a JSON object, got {type(record).__name__}")
    if missing := [name for name in required if name not in record]:
        raise ValueError(f"{what} lacks {', '.join(missing)}")
    types = required | optional
    if unknown := [name for name in record if name not in types]:
        raise ValueError(f"{what} has unknown fields: {', '.join(unknown)}")
    for name, value in record.items():
        if not isinstance(value, types[name]):
            expected = " or ".join(kind.__name__ for kind in types[name])
            raise ValueError(f"{name} must be {expected}, got {value!r}")
    return record


def _require_one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
