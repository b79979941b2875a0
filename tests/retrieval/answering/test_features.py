import time

import pytest

from retrieval.answering.features import (
    AnswerKind,
    answer_kind,
    asking_clause,
    names,
    overlap,
    suits,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who asked Sudland?", "person"),
        ("In what year did it open?", "time"),
        ("According to Brandt, how soon could it open?", "time"),
        ("How many ships came?", "number"),
        ("In which city did they meet?", "place"),
        ("Where is Sel?", "place"),
        ("Did Norland ask?", "yes_no"),
        ("Isn’t Sel a harbour?", "yes_no"),
        ("Where ships go, who follows?", "place"),
        ("Ships left when the war began. How many came back?", "number"),
        ("What did Norland ask?", "other"),
        ("harbour of Sel", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_answer_follows_the_earliest_question_word(question: str, kind: str) -> None:
    assert answer_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("person", "Ada Brandt", True),
        ("person", "the minister", True),
        ("person", "with a knife", False),
        ("number", "four ships", True),
        ("number", "4.7", True),
        ("number", "the ships", False),
        ("time", "on Monday", True),
        ("time", "two years ago", True),
        ("time", "the harbour", False),
        ("place", "in Sel", True),
        ("place", "by night", False),
        ("other", "anything", True),
        ("yes_no", "no", True),
    ],
)
def test_an_answer_has_the_form_of_its_kind(kind: AnswerKind, answer: str, expected: bool) -> None:
    assert suits(kind, answer) is expected


def test_the_asking_clause_is_the_last_question() -> None:
    assert asking_clause("It rose. Who knew? Who told them?") == "Who told them?"
    assert asking_clause("  no mark  ") == "no mark"


def test_names_are_runs_of_capitalised_words_that_little_words_may_link() -> None:
    text = "The Ministry of Defence of Norland told Ada Brandt. When Sel fell, U.S. ships left."
    assert [span.slice(text) for span in names(text)] == [
        "Ministry of Defence of Norland",
        "Ada Brandt",
        "Sel",
        "U.S",
    ]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Norland asked Sudland for ships.", 1.0),
        ("Sudland had been asking the Norlanders about ships.", 1.0),
        ("Norland has ships.", 0.5),
        ("What did who?", 0.0),
        ("", 0.0),
    ],
)
def test_the_overlap_is_the_share_of_the_content_terms(text: str, share: float) -> None:
    assert overlap("What ships did Norland ask Sudland for?", text) == share


def test_the_initials_of_a_name_are_the_name() -> None:
    question = "What did the US ask Iran?"
    assert overlap(question, "The United States asked Iran for restraint.") == 1.0
    assert overlap(question, "The United Kingdom asked Iran for restraint.") == pytest.approx(2 / 3)
    assert overlap("Did the United States ask Iran?", "The US asked Iran for restraint.") == 1.0


@pytest.mark.parametrize("question", ["", "?!", "what is it about?", "😀", "\u202e\x00", " \n"])
def test_a_question_without_content_overlaps_nothing(question: str) -> None:
    assert overlap(question, "What is it about?") == 0.0


@pytest.mark.parametrize("word", ["a", "what ", "A. ", "1,", "who was ", "(", "北", "last "])
def test_a_question_of_100000_characters_is_taken_apart_in_time(word: str) -> None:
    question = (word * 100_000)[:100_000]
    started = time.perf_counter()
    answer_kind(question)
    assert 0 <= overlap(question, "Norland opened the harbour of Sel.") <= 1
    assert time.perf_counter() - started < 20
