"""Questions, passages and collections read from the evaluation data."""

import csv
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from evaluation.collection import Collection, CollectionQuery
from evaluation.public_sets.sets import (
    HALVES,
    NEWS_ARTICLES,
    NEWS_EXTRACTIVE,
    NEWS_QRELS,
    NEWS_QUERIES,
    Half,
    choose_articles,
    halve,
    order,
)
from indexer.build.passages import sentences
from indexer.documents import Passage, Span
from indexer.store import StoredPassage

NEWS_SUBSET: Final = 8_000


@dataclass(frozen=True, slots=True)
class SpanQuestion:
    """Question with the passage that answers it and the accepted answers."""

    id: str
    question: str
    passage: StoredPassage
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Question with candidate sentences; `right` marks those that answer it."""

    id: str
    question: str
    passages: tuple[StoredPassage, ...]
    right: tuple[bool, ...]


_Question = TypeVar("_Question", SpanQuestion, CandidateList)


def paragraph(doc_id: str, text: str, title: str | None = None) -> StoredPassage | None:
    """Return a text as one passage; None if it has no sentences."""
    spans = sentences(text, Span(0, len(text)))
    if not spans:
        return None
    first, last = spans[0].start, spans[-1].end
    passage = Passage(doc_id, first, last, "body", tuple(spans))
    return StoredPassage(passage, text[first:last], title)


def sentence(doc_id: str, text: str) -> StoredPassage:
    """Return a text as a passage of one sentence."""
    span = Span(0, len(text))
    return StoredPassage(Passage(doc_id, 0, len(text), "body", (span,)), text)


def sample(questions: Sequence[_Question], limit: int | None) -> list[_Question]:
    """Return the same `limit` questions each time, spread over the file; None means all."""
    if limit is None or limit >= len(questions):
        return list(questions)
    return sorted(questions, key=lambda asked: order(asked.id))[:limit]


def squad_dev(path: Path) -> list[SpanQuestion]:
    """Return the questions of SQuAD v1.1 dev with their gold paragraphs."""
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
    """Return the readable form of an article title.

    >>> squad_title("Beyonc%C3%A9_Knowles")
    'Beyoncé Knowles'
    """
    return unquote(name).replace("_", " ")


def candidate_lists(path: Path) -> list[CandidateList]:
    """Return the questions with both a right and a wrong candidate, as is usual for these sets."""
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
    """Return the half of each news question, by id."""
    queries = [(row["_id"], row["text"]) for row in json_lines(folder / NEWS_QUERIES)]
    extractive = [(row["id"], row["question"]) for row in json_lines(folder / NEWS_EXTRACTIVE)]
    return halve(queries, extractive)


def news_evidence(folder: Path) -> dict[Half, list[SpanQuestion]]:
    """Return the news questions with given evidence, by half."""
    halves = news_halves(folder)
    found: dict[Half, list[SpanQuestion]] = {"dev": [], "test": []}
    for row in json_lines(folder / NEWS_EXTRACTIVE):
        passage = paragraph(row["id"], row["context"])
        if passage is not None:
            answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
            asked = SpanQuestion(row["id"], row["question"], passage, answers)
            found[halves[row["id"]]].append(asked)
    return found


def news_collection(folder: Path, name: str, count: int | None) -> Collection:
    """Return the news questions over `count` articles with all judged ones; None means all."""
    judgements = _judgements(folder / NEWS_QRELS)
    articles = folder / NEWS_ARTICLES
    chosen: frozenset[str] | None = None
    if count is not None:
        judged = frozenset(name for grades in judgements.values() for name in grades)
        ids = [row["id"] for row in json_lines(articles)]
        chosen = choose_articles(ids, judged, count)
    queries = [
        CollectionQuery(row["_id"], row["text"], tuple(row["metadata"]["answers"]))
        for row in json_lines(folder / NEWS_QUERIES)
    ]
    documents = (
        (row["id"], row["title"], row["text"])
        for row in json_lines(articles)
        if chosen is None or row["id"] in chosen
    )
    return Collection.of(name, documents, queries, judgements)


def by_half(collection: Collection, folder: Path) -> dict[str, Collection]:
    """Split a news collection by half."""
    halves = news_halves(folder)
    return {
        half: replace(
            collection,
            name=f"{collection.name} {half}",
            queries=tuple(query for query in collection.queries if halves[query.id] == half),
        )
        for half in HALVES
    }


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file, optionally compressed (.xz)."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return found
