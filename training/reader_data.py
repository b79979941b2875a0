"""Questions of the sets in `data/reader` that weights which ship may be trained on.

In: the folder of data. Out: rows with checked answers, and which documents and articles are held
out for development. Sets that may only be measured on are refused.
"""

import json
import lzma
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.build.passages import sentences
from indexer.documents import Span
from training.squad import Paragraph, Question, Squad, TrainingDataError, load_squad, order, reading

READER_FOLDER = Path("reader")
# Every file of a set that may be trained on; the official test parts of QA-SRL's documents on
# Wikipedia are given for training too, FairytaleQA's is not.
PARTS = {
    "squad2_negatives": ("train",),
    "qamr": ("dev", "test_wikipedia"),
    "qasrl_roles": ("train", "dev", "test_wikipedia"),
    "qasrl_bank": ("dev", "test_wikipedia"),
    "qadiscourse": ("train", "dev", "test_wikipedia"),
    "timeqa": ("train",),
    "qed_nq": ("dev",),
    "fairytaleqa": ("train", "dev"),
}
ARTICLES_FILE = READER_FOLDER / "wikinews_text" / "articles.jsonl.xz"
# Wikinews documents kept away from training, of those that are whole and have dense questions.
HELD_OUT_DOCUMENTS = 20
_SENTENCE_AND_PARAGRAPH = 2  # numbers at the end of `meta.source`


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its context; `answer` is None where the context does not answer.

    `answers` are the texts that count as right when an answer is scored. `document` is empty for
    sets that do not name one; `meta` is what the set says beside.
    """

    id: str
    question: str
    context: str
    answer: Span | None
    answers: tuple[str, ...]
    title: str
    domain: str
    document: str
    meta: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """A news article without questions."""

    document: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Documents (by id) and SQuAD articles (by title) that training must not see."""

    documents: frozenset[str]
    titles: frozenset[str]

    def holds(self, row: Row) -> bool:
        """Tell whether a row belongs to development."""
        return row.document in self.documents or row.title in self.titles


def load_rows(folder: Path, name: str) -> list[Row]:
    """Read every permitted part of a set, in the order of its files.

    Raises:
        TrainingDataError: when the set may not be trained on, or a file is missing or broken.
    """
    if name not in PARTS:
        raise TrainingDataError(
            f"{name} may not be trained on. Expected one of {', '.join(sorted(PARTS))}"
        )
    found: list[Row] = []
    for part in PARTS[name]:
        path = folder / READER_FOLDER / name / f"{part}.jsonl.xz"
        with reading(path, "questions with context and answers, one JSON object a line"):
            found += [_row(line) for line in _lines(path)]
    return found


def load_articles(folder: Path) -> list[Article]:
    """Read the Wikinews articles.

    Raises:
        TrainingDataError: when the file is missing or broken.
    """
    path = folder / ARTICLES_FILE
    with reading(path, "articles with id, title and paragraphs, one JSON object a line"):
        return [
            Article(line["id"], line["title"], tuple(line["paragraphs"])) for line in _lines(path)
        ]


def held_out(folder: Path) -> HeldOut:
    """Return what is kept for development, decided by hashes of documents and titles.

    Raises:
        TrainingDataError: when a file is missing or broken.
    """
    path = folder / ARTICLES_FILE
    with reading(path, "articles with id and split, one JSON object a line"):
        whole = [line["id"] for line in _lines(path) if line["split"] == "dev"]
    whole.sort(key=lambda document: (order(document), document))
    squad = load_squad(folder, held_out=True)
    titles = frozenset(paragraph.title for paragraph in squad.paragraphs)
    return HeldOut(frozenset(whole[:HELD_OUT_DOCUMENTS]), titles)


def as_squad(rows: Sequence[Row], others: Sequence[Article] = ()) -> Squad:
    """Return answerable rows in the shape of SQuAD, each context one paragraph.

    Args:
        rows: questions with an answer.
        others: articles whose paragraphs are added without questions.
    """
    numbers: dict[str, int] = {}
    paragraphs: list[Paragraph] = []

    def place(title: str, text: str) -> int:
        if text not in numbers:
            numbers[text] = len(paragraphs)
            paragraphs.append(as_paragraph(title, text))
        return numbers[text]

    questions = [
        Question(row.id, row.question, place(row.title, row.context), row.answer)
        for row in rows
        if row.answer is not None
    ]
    for article in others:
        for text in article.paragraphs:
            place(article.title, text)
    return Squad(tuple(paragraphs), tuple(questions))


def as_paragraph(title: str, text: str) -> Paragraph:
    """Return a text with its sentences."""
    return Paragraph(title, text, tuple(sentences(text, Span(0, len(text)))))


def without(rows: Sequence[Row], kept: HeldOut, questions: Container[str] = ()) -> list[Row]:
    """Return the rows that training may see, less those with one of these questions."""
    return [row for row in rows if not kept.holds(row) and row.question not in questions]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _row(line: dict[str, Any]) -> Row:
    answer = None
    if line["answers"]:
        best = line["answers"][0]
        answer = Span(best["start"], best["start"] + len(best["text"]))
        if answer.slice(line["context"]) != best["text"]:
            raise ValueError(f"the answer of {line['id']} is not at its place")
    source = line["meta"].get("source", "")
    return Row(
        line["id"],
        line["question"],
        line["context"],
        answer,
        tuple(found["text"] for found in line["answers"]),
        line["title"],
        line["domain"],
        source.rsplit(":", _SENTENCE_AND_PARAGRAPH)[0],
        line["meta"],
    )
