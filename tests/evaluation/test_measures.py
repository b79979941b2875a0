"""Measures of rankings and answers against values computed by hand."""

from math import log2

import pytest

from evaluation.collection import CollectionQuery
from evaluation.measures import (
    MEASURES,
    exact_match,
    holds_answer,
    measure_rankings,
    normalised,
    token_f1,
)

GRADED = CollectionQuery("q1", "?", grades={"a": 2, "b": 1, "c": 0})
SINGLE = CollectionQuery("q2", "?", grades={"x": 1})


def measured(query: CollectionQuery, *ranking: str) -> dict[str, float]:
    found = measure_rankings([query], [ranking])
    assert tuple(found) == MEASURES
    return {name: values[0] for name, values in found.items()}


def test_graded_documents_count_by_grade_and_rank() -> None:
    found = measured(GRADED, "n", "b", "c", "a")
    ideal = 2 / log2(2) + 1 / log2(3)
    assert found["nDCG@10"] == pytest.approx((1 / log2(3) + 2 / log2(5)) / ideal)
    assert found["RR@10"] == pytest.approx(1 / 2)
    assert found["R@100"] == pytest.approx(1.0)
    assert found["AP"] == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_the_eleventh_document_counts_for_recall_and_precision_only() -> None:
    found = measured(SINGLE, *(f"n{number}" for number in range(10)), "x")
    assert (found["nDCG@10"], found["RR@10"], found["R@100"]) == (0.0, 0.0, 1.0)
    assert found["AP"] == pytest.approx(1 / 11)


def test_the_order_of_the_ranking_counts_not_that_of_the_names() -> None:
    """trec_eval breaks ties of score by name."""
    assert measured(SINGLE, "z", "x")["RR@10"] == pytest.approx(0.5)
    assert measured(SINGLE, "a", "x")["RR@10"] == pytest.approx(0.5)


def test_a_query_that_finds_nothing_scores_nothing() -> None:
    assert set(measured(SINGLE).values()) == {0.0}


def test_values_are_in_the_order_of_the_queries() -> None:
    found = measure_rankings([SINGLE, GRADED], [["x"], ["n", "a"]])
    assert found["RR@10"] == (1.0, 0.5)
    assert found["R@100"] == (1.0, 0.5)


def test_a_ranking_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="rankings must be one per query, got 1 for 2"):
        measure_rankings([SINGLE, GRADED], [["x"]])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Eiffel\tTower!", "eiffel tower"),
        ("a an the", ""),
        ("$1,200.50", "120050"),
        ("theatre another", "theatre another"),
        ("co-operate", "cooperate"),
        ("“Quoted”", "“quoted”"),  # the script removes ASCII punctuation only
    ],
)
def test_texts_are_compared_without_case_punctuation_and_articles(text: str, expected: str) -> None:
    assert normalised(text) == expected


@pytest.mark.parametrize(
    ("given", "answers", "exact", "f1"),
    [
        ("the Senate", ["Senate"], 1.0, 1.0),
        ("in the Senate", ["Senate"], 0.0, 2 * (1 / 2) * 1 / (1 / 2 + 1)),
        ("nine percent", ["nine", "nine percent in March"], 0.0, 2 * 1 * 0.5 / 1.5),
        ("one one two", ["one two two"], 0.0, 2 / 3),
        ("Friday", ["Monday"], 0.0, 0.0),
        ("the", ["a"], 1.0, 1.0),
        ("the", ["Monday"], 0.0, 0.0),
        ("Monday", [], 0.0, 0.0),
    ],
)
def test_words_are_judged_by_the_best_answer(
    given: str, answers: list[str], exact: float, f1: float
) -> None:
    assert exact_match(given, answers) == exact
    assert token_f1(given, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("It sank on Monday.", ["the monday"], True),
        ("It sank on Mondays.", ["Monday"], False),
        ("nine of ten percent", ["nine percent"], False),
        ("The a an", ["the"], False),
        ("anything", [], False),
    ],
)
def test_a_text_holds_an_answer_when_its_words_stand_together(
    text: str, answers: list[str], expected: bool
) -> None:
    assert holds_answer(text, answers) is expected
