"""The public sets as they are, where they are: counts that others report too."""

import csv
from pathlib import Path

import pytest

from benchmarks.evaluation.reading_data import (
    candidate_lists,
    json_lines,
    news_evidence,
    news_halves,
    squad_dev,
)
from benchmarks.evaluation.sets import (
    HALVES,
    NEWS_EXTRACTIVE,
    NEWS_QRELS,
    NEWS_QUERIES,
    SQUAD_DEV,
    TRECQA_DEV,
    WIKIQA,
    data_folder,
)

pytestmark = pytest.mark.data


def path_of(name: str) -> Path:
    path = data_folder() / name
    if not path.exists():
        pytest.skip(f"{name} is not in the evaluation data; DATELINE_EVAL_DATA names its folder")
    return path


def test_squad_dev_has_its_questions_and_each_answer_is_in_its_paragraph() -> None:
    questions = squad_dev(path_of(SQUAD_DEV))
    assert len(questions) == 10_570
    assert len({asked.passage.title for asked in questions}) == 48
    for asked in questions:
        assert asked.answers
        assert all(answer in asked.passage.text for answer in asked.answers), asked.id


def test_candidate_lists_are_as_many_as_the_field_reports() -> None:
    counts = [len(candidate_lists(path_of(WIKIQA[half]))) for half in HALVES]
    assert counts == [122, 237]
    assert len(candidate_lists(path_of(TRECQA_DEV))) == 65


def test_no_news_question_is_in_both_halves() -> None:
    path_of(NEWS_QUERIES)
    path_of(NEWS_EXTRACTIVE)
    halves = news_halves(data_folder())
    asked = [(row["_id"], row["text"]) for row in json_lines(path_of(NEWS_QUERIES))]
    asked += [(row["id"], row["question"]) for row in json_lines(path_of(NEWS_EXTRACTIVE))]
    by_text: dict[str, set[str]] = {}
    for name, text in asked:
        by_text.setdefault(text, set()).add(halves[name])
    assert {len(found) for found in by_text.values()} == {1}
    found = news_evidence(data_folder())
    assert {half: len(questions) for half, questions in found.items()} == {"dev": 710, "test": 729}


def test_every_judged_news_question_has_a_half() -> None:
    with path_of(NEWS_QRELS).open(encoding="utf-8", newline="") as file:
        judged = {row["query-id"] for row in csv.DictReader(file, delimiter="\t")}
    halves = news_halves(data_folder())
    counts = {half: sum(halves[name] == half for name in judged) for half in HALVES}
    assert counts == {"dev": 359, "test": 386}
