import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Span
from tests.support.training_material import seeded
from training.changed_questions import (
    renamed,
    renamed_everywhere,
    renumbered,
    reversed_meaning,
)

# One word each, no two of which begin a sentence only for grammar.
_NAMES = ("Arvenholm", "Belcastra", "Port Vale", "O'Dunne", "U.S", "Kesh", "Keshan", "Zoë Ñandú")
_FILLERS = (
    "met",
    "near",
    "the",
    "river",
    "and,",
    "wrote:",
    "(old)",
    "Keshans",
    "seven",
    "…",
    "\\1",
)


@given(st.integers(), st.lists(st.sampled_from(_NAMES), unique=True))
def test_one_name_gives_way_to_one_that_is_not_in_the_question(
    seed: int, others: list[str]
) -> None:
    question = "When did Norway sell Arvenholm to Chile?"

    found = renamed(question, others, seeded(seed))

    new = [other for other in others if other != "Arvenholm"]
    expected = {question.replace(o, n) for o in ("Norway", "Arvenholm", "Chile") for n in new}
    assert found in expected if new else found is None


def test_a_question_without_names_cannot_be_renamed() -> None:
    assert renamed("when did they leave?", ["Chile"], seeded(1)) is None
    assert renamed("When did Chile leave?", [], seeded(1)) is None
    assert renamed("When did Chile leave?", ["chile", "CHILE"], seeded(1)) is None


@given(st.integers(), st.integers(1000, 2099), st.integers(0, 999))
def test_one_number_changes_and_nothing_else(seed: int, year: int, count: int) -> None:
    question = f"In {year} how many of the 1,{count:03} boats of 3.5 metres left ward 7?"

    found = renumbered(question, seeded(seed))

    assert found is not None
    before = re.findall(r"[\d.,]*\d", question)
    after = re.findall(r"[\d.,]*\d", found)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert re.sub(r"[\d.,]*\d", "#", found) == re.sub(r"[\d.,]*\d", "#", question)
    assert abs(int(after[0]) - year) <= 30


def test_a_year_before_a_comma_becomes_a_year() -> None:
    found = {renumbered("In 1950, who left?", seeded(seed)) for seed in range(60)}

    assert found <= {f"In {year}, who left?" for year in range(1920, 1971)}


def test_every_number_of_a_question_has_its_turn() -> None:
    question = "Did 4 of 52 leave in 1903?"

    found = [renumbered(question, seeded(seed)) or "" for seed in range(60)]

    places = {
        place
        for changed in found
        for place, (one, other) in enumerate(zip(question.split(), changed.split(), strict=True))
        if one != other
    }
    assert places == {1, 3, 6}


@pytest.mark.parametrize("question", ["How many left?", "What is B52?", "Is v2.x out?", ""])
def test_a_question_without_a_number_cannot_be_renumbered(question: str) -> None:
    assert renumbered(question, seeded(1)) is None


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Who was first?", "Who was last?"),
        ("Who was last?", "Who was first?"),
        ("Before whom did they sing?", "After whom did they sing?"),
        ("What is in the north?", "What is in the south?"),
        ("Is she the QUEEN?", "Is she the King?"),
    ],
)
def test_a_word_turns_into_its_opposite(question: str, other: str) -> None:
    assert reversed_meaning(question, seeded(1)) == other


def test_only_one_word_turns_and_only_whole_words() -> None:
    found = {reversed_meaning("Who won before the first war?", seeded(seed)) for seed in range(60)}

    assert found == {
        "Who lost before the first war?",
        "Who won after the first war?",
        "Who won before the last war?",
    }
    assert reversed_meaning("Who wondered at firstborn northerners?", seeded(1)) is None


_TOKENS = st.lists(st.sampled_from(_NAMES + _FILLERS), min_size=1, max_size=14)
_ANSWER = st.lists(st.sampled_from(("forty", "horses", "37", "and a", "½")), min_size=1, max_size=3)


@given(_TOKENS, _ANSWER, _TOKENS, st.sampled_from(_NAMES), st.integers())
def test_a_name_replaced_everywhere_moves_the_answer_with_its_words(
    before: list[str], words: list[str], after: list[str], asked: str, seed: int
) -> None:
    lead = " ".join(before)
    answer = " ".join(words)
    passage = f"{lead} {answer} {' '.join(after)}"
    span = Span(len(lead) + 1, len(lead) + 1 + len(answer))
    question = f"what did {asked} see?"
    new = "Quarndale"

    found = renamed_everywhere(question, passage, span, [asked, new], seeded(seed))

    if asked not in before + after and not re.search(rf"\b{re.escape(asked)}\b", passage):
        assert found is None
        return
    assert found is not None
    twin, renamed_passage, moved = found
    assert moved.slice(renamed_passage) == answer
    assert twin == f"what did {new} see?"
    assert not re.search(rf"\b{re.escape(asked)}\b", renamed_passage)
    assert renamed_passage.replace(new, asked) == passage


@pytest.mark.parametrize(
    ("question", "passage", "others"),
    [
        ("Who met Ben?", "Ada met Ivo.", ["Eve"]),  # the name is not in the passage
        ("Who met Ben?", "Ada met Bendix.", ["Eve"]),  # nor is it as a word
        ("who met him?", "Ada met Ben.", ["Eve"]),  # no name is asked for
        ("Who met Ben?", "Ada met Ben.", []),
        ("Who met Ben?", "Ada met Ben.", ["Ada", "Ben"]),  # no name that is new
        ("Did Ada meet Ben?", "Ada met Ivo.", ["Eve"]),  # the name is the answer
    ],
)
def test_there_is_no_twin_without_a_name_to_replace(
    question: str, passage: str, others: list[str]
) -> None:
    assert renamed_everywhere(question, passage, Span(0, 3), others, seeded(1)) is None


def test_a_name_that_reaches_into_the_answer_is_not_replaced() -> None:
    passage = "The Port Vale Hall burned."

    assert (
        renamed_everywhere("Did Port Vale burn?", passage, Span(9, 18), ["Kesh"], seeded(1)) is None
    )
