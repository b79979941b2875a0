"""The two parties of a question, exchanged."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.answering.parties import swapped, with_capitals

# One word each, no two of which begin a sentence only for grammar.
_NAMES = ("Arvenholm", "Belcastra", "Port Vale", "O'Dunne", "U.S", "Kesh", "Keshan", "Zoë Ñandú")


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("What did Norway ask Chile?", "What did Chile ask Norway?"),
        ("Did Ada Brennick pay the Corrivale Bank?", "Did the Corrivale Bank pay Ada Brennick?"),
        ("When did Peru, in March, sue Chile?", "When did Peru, in Chile, sue March?"),
        ("Why did Peru beat Chile in Rome?", "Why did Chile beat Peru in Rome?"),
    ],
)
def test_the_two_parties_of_a_question_change_places(question: str, other: str) -> None:
    assert swapped(question) == other


def test_a_swap_leaves_the_article_with_its_name() -> None:
    assert swapped("What did the US ask Iran?") == "What did Iran ask the US?"


@pytest.mark.parametrize(
    "question",
    [
        "What did Norway do?",
        "what did norway ask chile?",
        "What is the border between Norway and Chile?",
        "What did Norway of Chile eat?",
        "Where did Norway, with Chile, play?",
        "What did Norway say of Norway?",
        "What did Norway do on the last of all the hot days before Chile woke?",
        "",
    ],
)
def test_a_question_whose_swap_makes_no_other_sense_is_left_alone(question: str) -> None:
    assert swapped(question) is None


@given(st.sampled_from(_NAMES), st.sampled_from(_NAMES), st.sampled_from(["ask", "pay", "join"]))
def test_swapping_twice_gives_the_question_back(one: str, other: str, act: str) -> None:
    assume(one != other)
    question = f"what did {one} {act} {other} for?"

    once = swapped(question)

    assert once == f"what did {other} {act} {one} for?"
    assert swapped(once) == question


def test_a_question_in_lower_case_gets_the_capitals_of_the_texts() -> None:
    texts = ["The fine, said Norland, was unjust.", "She told the US and Port Vale about May."]
    asked = "who may fine norland, the us or port vale?"
    assert with_capitals(asked, texts) == "who may fine Norland, the us or Port Vale?"


def test_a_question_with_a_capital_stays_as_it_is() -> None:
    assert with_capitals("Who fined norland?", ["It was Norland."]) == "Who fined norland?"


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    assert with_capitals("who fined farmers?", ["Farmers left. Farmers wept."]) == (
        "who fined farmers?"
    )
