"""Corpora of news articles of chosen sizes, with the questions whose articles are in them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from evaluation.collection import Collection, CollectionQuery
from evaluation.public_sets.data import json_lines, news_halves
from evaluation.public_sets.sets import (
    HALVES,
    NEWS_ARTICLES,
    NEWS_QRELS,
    NEWS_QUERIES,
    Half,
    choose_articles,
    order,
)

# Share of a corpus that may be judged articles; the others are drawn by their hash.
_JUDGED_SHARE: Final = 0.8
# Small corpora hold few questions: as many corpora a half as give this many, at most _MOST_PARTS.
_ENOUGH_QUESTIONS: Final = 80
_MOST_PARTS: Final = 12


@dataclass(frozen=True, slots=True)
class NewsQuestions:
    """News articles, and the questions with answers and judged articles, in order of their hash."""

    documents: tuple[tuple[str, str, str], ...] = field(repr=False)
    queries: tuple[CollectionQuery, ...] = field(repr=False)
    halves: Mapping[str, Half] = field(repr=False)

    @classmethod
    def load(cls, data: Path) -> Self:
        """Read the articles and the questions of the evaluation data."""
        grades: dict[str, dict[str, int]] = {}
        with (data / NEWS_QRELS).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    grades.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
        queries = [
            CollectionQuery(
                row["_id"], row["text"], tuple(row["metadata"]["answers"]), grades[row["_id"]]
            )
            for row in json_lines(data / NEWS_QUERIES)
            if row["_id"] in grades and row["metadata"]["answers"]
        ]
        documents = tuple(
            (row["id"], row["title"] or "", row["text"]) for row in json_lines(data / NEWS_ARTICLES)
        )
        ordered = sorted(queries, key=lambda query: order(query.id))
        return cls(documents, tuple(ordered), news_halves(data))

    def corpora(self, size: int, limit: int | None = None) -> Iterator[tuple[str, Collection]]:
        """Yield corpora of `size` articles, each with a name of its own.

        One corpus has all questions if their judged articles fit; if not, each half has corpora of
        its own. The articles of a corpus do not depend on the limit.

        Args:
            size: number of articles.
            limit: number of questions per half; None means all that fit.
        """
        if len(_judged(self.queries)) <= size * _JUDGED_SHARE:
            asked = [query for half in HALVES for query in self._of(half)[:limit]]
            yield f"news-{size}", self._corpus(f"news-{size}", size, self.queries, asked)
            return
        for half in HALVES:
            left = _ENOUGH_QUESTIONS if limit is None else limit
            for number, part in enumerate(_parts(self._of(half), size)):
                if left <= 0 or number == _MOST_PARTS:
                    break
                name = f"news-{size}-{half}-{number}"
                yield name, self._corpus(name, size, part, part[:left])
                left -= len(part)

    def _of(self, half: Half) -> list[CollectionQuery]:
        return [query for query in self.queries if self.halves[query.id] == half]

    def _corpus(
        self,
        name: str,
        size: int,
        queries: Sequence[CollectionQuery],
        asked: Sequence[CollectionQuery],
    ) -> Collection:
        judged = frozenset(_judged(queries))
        chosen = choose_articles([document[0] for document in self.documents], judged, size)
        return Collection.of(
            name,
            (document for document in self.documents if document[0] in chosen),
            asked,
            {query.id: query.grades for query in asked},
        )


def _judged(queries: Sequence[CollectionQuery]) -> set[str]:
    return {name for query in queries for name in query.grades}


def _parts(queries: Sequence[CollectionQuery], size: int) -> Iterator[list[CollectionQuery]]:
    """Yield runs of questions whose judged articles fit; a question with too many is left out."""
    most = int(size * _JUDGED_SHARE)
    part: list[CollectionQuery] = []
    for query in queries:
        if len(query.grades) > most:
            continue
        if part and len(_judged([*part, query])) > most:
            yield part
            part = []
        part.append(query)
    if part:
        yield part
