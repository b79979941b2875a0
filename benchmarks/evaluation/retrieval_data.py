"""Which articles are searched for which questions?

In: files of the evaluation data. Out: collections, as `retrieval.evaluation` measures them.
"""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.evaluation.reading_data import json_lines, news_halves
from benchmarks.evaluation.sets import (
    HALVES,
    NEWS_ARTICLES,
    NEWS_QRELS,
    NEWS_QUERIES,
    choose_articles,
)
from retrieval.evaluation.collection import Collection, CollectionQuery

NEWS_SUBSET: Final = 8_000


def news_collection(folder: Path, name: str, count: int | None) -> Collection:
    """Return the news questions over `count` articles, the judged ones among them; None means all.

    The dates of articles and questions are not used.
    """
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
    """Return the news collection with the questions of each half."""
    halves = news_halves(folder)
    return {
        half: replace(
            collection,
            name=f"{collection.name} {half}",
            queries=tuple(query for query in collection.queries if halves[query.id] == half),
        )
        for half in HALVES
    }


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return found
