"""Exact match and F1 as SQuAD's official script has them."""

import pytest

from retrieval.evaluation.answer_measures import exact_match, holds_answer, normalised, token_f1


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
