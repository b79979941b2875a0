"""Which questions is a reader measured on when the passage is given?

In: files of the evaluation data. Out: questions with the passages to read and what is right.
"""

import csv
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from benchmarks.evaluation.sets import NEWS_EXTRACTIVE, NEWS_QUERIES, Half, halve, order
from indexer.build.passages import sentences
from indexer.documents import Passage, Span
from indexer.store import StoredPassage


@dataclass(frozen=True, slots=True)
class SpanQuestion:
    """A question, the passage that answers it, and every answer that counts as right."""

    id: str
    question: str
    passage: StoredPassage
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateList:
    """A question and candidate sentences, each a passage; `right` says which of them answer."""

    id: str
    question: str
    passages: tuple[StoredPassage, ...]
    right: tuple[bool, ...]


_Question = TypeVar("_Question", SpanQuestion, CandidateList)


def paragraph(doc_id: str, text: str, title: str | None = None) -> StoredPassage | None:
    """Return a whole text as one passage made of its sentences; None without a sentence."""
    spans = sentences(text, Span(0, len(text)))
    if not spans:
        return None
    first, last = spans[0].start, spans[-1].end
    passage = Passage(doc_id, first, last, "body", tuple(spans))
    return StoredPassage(passage, text[first:last], title)


def sentence(doc_id: str, text: str) -> StoredPassage:
    """Return a text, which is one sentence whatever a splitter would say, as a passage."""
    span = Span(0, len(text))
    return StoredPassage(Passage(doc_id, 0, len(text), "body", (span,)), text)


def sample(questions: Sequence[_Question], limit: int | None) -> list[_Question]:
    """Return `limit` questions spread over the file, always the same; None means all."""
    if limit is None or limit >= len(questions):
        return list(questions)
    return sorted(questions, key=lambda asked: order(asked.id))[:limit]


def squad_dev(path: Path) -> list[SpanQuestion]:
    """Return the questions of SQuAD v1.1 dev with their gold paragraphs, titled as the articles."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    return [asked for article in articles for asked in _squad_article(article)]


def _squad_article(article: Mapping[str, Any]) -> Iterator[SpanQuestion]:
    title = squad_title(article["title"])
    for number, block in enumerate(article["paragraphs"]):
        passage = paragraph(f"{title}:{number}", block["context"], title)
        if passage is None:
            continue
        for asked in block["qas"]:
            answers = dict.fromkeys(answer["text"] for answer in asked["answers"])
            yield SpanQuestion(asked["id"], asked["question"], passage, tuple(answers))


def squad_title(name: str) -> str:
    """Return an article's title as people write it.

    >>> squad_title("Beyonc%C3%A9_Knowles")
    'Beyoncé Knowles'
    """
    return unquote(name).replace("_", " ")


def candidate_lists(path: Path) -> list[CandidateList]:
    """Return the questions of an answer-sentence file that can tell rankings apart.

    As usual for these sets, questions without both a right and a wrong candidate are left out.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for name, group in groupby(rows, key=lambda row: row["qid"]):
        listed = list(group)
        right = tuple(row["label"] == "1" for row in listed)
        if any(right) and not all(right):
            passages = tuple(
                sentence(f"{name}-{place}", row["sentence"]) for place, row in enumerate(listed)
            )
            found.append(CandidateList(name, listed[0]["question"], passages, right))
    return found


def news_halves(folder: Path) -> dict[str, Half]:
    """Return which half each id of the news questions belongs to."""
    queries = [(row["_id"], row["text"]) for row in json_lines(folder / NEWS_QUERIES)]
    extractive = [(row["id"], row["question"]) for row in json_lines(folder / NEWS_EXTRACTIVE)]
    return halve(queries, extractive)


def news_evidence(folder: Path) -> dict[Half, list[SpanQuestion]]:
    """Return the news questions whose evidence is given, by half."""
    halves = news_halves(folder)
    found: dict[Half, list[SpanQuestion]] = {"dev": [], "test": []}
    for row in json_lines(folder / NEWS_EXTRACTIVE):
        passage = paragraph(row["id"], row["context"])
        if passage is not None:
            answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
            asked = SpanQuestion(row["id"], row["question"], passage, answers)
            found[halves[row["id"]]].append(asked)
    return found


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file, which may be compressed (.xz)."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
