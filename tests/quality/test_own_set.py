"""Consistency of the project's own evaluation set: articles, questions, answers, judgements.

All of its text was made up for this purpose, before any training; no person or event is real.
"""

import json
import re
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.support.commands import REPOSITORY

OWN_SET = REPOSITORY / "tests" / "quality" / "own_set"
HEADER = ("query-id", "corpus-id", "score")
KINDS = {"swapped_roles", "changed_fact", "not_told"}
COPIED_WORDS = 6


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (OWN_SET / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + COPIED_WORDS]) for at in range(len(words) - COPIED_WORDS + 1)}


ARTICLES = {row["_id"]: row for row in rows_of("corpus.jsonl")}
QUERIES = {row["_id"]: row for row in rows_of("queries.jsonl")}
ANSWERABLE = [key for key, row in QUERIES.items() if row["metadata"]["answerable"]]
UNANSWERABLE = [key for key in QUERIES if key not in ANSWERABLE]
JUDGEMENTS = [
    tuple(line.split("\t"))
    for line in (OWN_SET / "qrels.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def judged() -> dict[str, list[str]]:
    articles = defaultdict(list)
    for query, article, _ in JUDGEMENTS[1:]:
        articles[query].append(article)
    return dict(articles)


def test_the_counts_are_those_that_reports_name() -> None:
    assert len(ARTICLES) == len(rows_of("corpus.jsonl")) == 65
    assert len(QUERIES) == len(rows_of("queries.jsonl")) == 95
    assert (len(ANSWERABLE), len(UNANSWERABLE), len(JUDGEMENTS) - 1) == (66, 29, 81)


def test_articles_are_short_news_in_stories_of_five() -> None:
    stories = Counter(article.rsplit("-", 1)[0] for article in ARTICLES)
    assert set(stories.values()) == {5}
    assert len({row["title"] for row in ARTICLES.values()}) == len(ARTICLES)
    for row in ARTICLES.values():
        assert set(row) == {"_id", "title", "text"}
        assert 120 <= len(row["text"].split()) <= 300, row["_id"]


def test_every_judgement_names_a_query_and_an_article_once() -> None:
    assert JUDGEMENTS[0] == HEADER
    assert len(set(JUDGEMENTS)) == len(JUDGEMENTS)
    for query, article, score in JUDGEMENTS[1:]:
        assert query in QUERIES
        assert article in ARTICLES
        assert score == "1"


@pytest.mark.parametrize("query", ANSWERABLE)
def test_answers_are_words_of_the_judged_articles(query: str, judged: dict[str, list[str]]) -> None:
    answers = QUERIES[query]["metadata"]["answers"]
    texts = {article: ARTICLES[article]["text"] for article in judged[query]}
    assert answers
    for answer in answers:
        assert any(answer in text for text in texts.values()), answer
        assert not set(words_of(answer)) <= set(words_of(QUERIES[query]["text"])), answer
    for article, text in texts.items():
        assert any(answer in text for answer in answers), article


@pytest.mark.parametrize("query", UNANSWERABLE)
def test_an_unanswerable_query_has_neither_answers_nor_judgements(
    query: str, judged: dict[str, list[str]]
) -> None:
    metadata = QUERIES[query]["metadata"]
    assert metadata["answers"] == []
    assert metadata["kind"] in KINDS
    assert query not in judged


def test_each_kind_of_unanswerable_query_is_there() -> None:
    kinds = Counter(QUERIES[query]["metadata"]["kind"] for query in UNANSWERABLE)
    assert kinds == {"swapped_roles": 15, "changed_fact": 6, "not_told": 8}


def test_questions_are_unique_and_in_words_of_their_own() -> None:
    texts = [row["text"] for row in QUERIES.values()]
    assert len({" ".join(words_of(text)) for text in texts}) == len(texts)
    articles = [runs_of(f"{row['title']}\n{row['text']}") for row in ARTICLES.values()]
    for text in texts:
        assert not any(runs_of(text) & runs for runs in articles), text
