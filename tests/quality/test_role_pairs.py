"""Consistency of the role-swapped pairs: one passage, two questions of the same words.

The pairs measure whether a reader knows who did it to whom. They were written before any training
and share no text with it.
"""

import json
import re
from collections import Counter

import pytest

from tests.support.commands import REPOSITORY

PAIRS = [
    json.loads(line)
    for line in (REPOSITORY / "tests/quality/role_pairs.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
FIELDS = {"id", "passage", "question", "swapped_question", "answer"}

# Swapping the parties may turn "who accused" into "whom did … accuse"; nothing else may change.
SUPPORT = {"do", "does", "did"}
FORMS = {"whom": "who", "whose": "who", "has": "have"}


def stem_of(word: str) -> str:
    word = FORMS.get(word, word)
    if word.isalpha() and len(word) > 3:
        word = re.sub(r"(?:ed|e)$", "", word)
        word = re.sub(r"(.)\1$", r"\1", word)
    return word


def stems_of(question: str) -> Counter[str]:
    words = re.findall(r"\w+(?:[-,.]\w+)*", question.casefold().replace("'s", ""))
    return Counter(stem_of(word) for word in words if word not in SUPPORT)


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_there_are_at_least_a_hundred_pairs() -> None:
    assert len(PAIRS) >= 100
    assert all(set(pair) == FIELDS for pair in PAIRS)


def test_ids_passages_and_questions_are_unique() -> None:
    for field in ("id", "passage", "question", "swapped_question"):
        folds = [folded(pair[field]) for pair in PAIRS]
        assert len(set(folds)) == len(folds), field


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])
def test_the_answer_is_in_the_passage_once_and_not_in_the_questions(pair: dict[str, str]) -> None:
    assert pair["passage"].count(pair["answer"]) == 1
    assert folded(pair["answer"]) not in folded(pair["question"])
    assert folded(pair["answer"]) not in folded(pair["swapped_question"])


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])
def test_the_swapped_question_has_the_same_words_in_another_order(pair: dict[str, str]) -> None:
    assert stems_of(pair["question"]) == stems_of(pair["swapped_question"])
    assert folded(pair["question"]) != folded(pair["swapped_question"])


def test_the_comparison_of_words_sees_a_word_that_was_changed() -> None:
    swapped = stems_of("Whom did Brandt accuse of hiding a surplus?")
    assert stems_of("Who accused Brandt of hiding a surplus?") == swapped
    assert stems_of("Who accused Brandt of hiding a debt?") != swapped


def test_passages_are_a_headline_or_a_few_sentences() -> None:
    for pair in PAIRS:
        assert 6 <= len(pair["passage"].split()) <= 80, pair["id"]
