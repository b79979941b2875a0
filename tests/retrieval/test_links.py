"""An address says the same after every round trip, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Span
from retrieval.links import LONGEST_QUESTION, Link, Place, read_link


def test_an_address_without_parameters_asks_nothing() -> None:
    assert read_link({}) == (Link(), [])
    assert Link().parameters() == {}


def test_every_field_comes_back_from_its_address() -> None:
    link = Link("who?", "IFP", "2023-10-01", "2023-10-31", 3, 2, undated=True, open="ab:1-2")
    assert link.parameters() == {
        "q": "who?",
        "source": "IFP",
        "after": "2023-10-01",
        "before": "2023-10-31",
        "k": "3",
        "quotes": "2",
        "undated": "1",
        "open": "ab:1-2",
    }
    assert read_link(link.parameters()) == (link, [])


@pytest.mark.parametrize("day", ["yesterday", "2023-13-01", "2023-10", "0000-01-01"])
def test_what_is_not_a_day_is_left_out_and_named(day: str) -> None:
    link, problems = read_link({"q": "who?", "after": day})
    assert link == Link(q="who?")
    assert problems == [
        f"after in the address is {day!r}; it should be a day such as 2023-10-26. It is left out."
    ]


@pytest.mark.parametrize("number", ["0", "-1", "51", "1e3", "9" * 5000, "²"])
def test_a_number_outside_its_limits_is_replaced_by_the_default(number: str) -> None:
    link, problems = read_link({"k": number})
    assert link.k == 10
    assert len(problems) == 1
    assert "it should be a number from 1 to 50. 10 is used instead." in problems[0]
    assert len(problems[0]) < 140


def test_a_question_of_100_000_characters_is_refused_in_words() -> None:
    link, problems = read_link({"q": "why " * 25_000, "source": "IFP"})
    assert link == Link(source="IFP")
    assert problems == [
        "The question has 99,999 characters; at most 2,000 can be asked here. "
        "Ask with the words that matter."
    ]


def test_the_longest_question_is_accepted() -> None:
    question = "y" * LONGEST_QUESTION
    assert read_link({"q": question}) == (Link(q=question), [])


@given(st.dictionaries(st.sampled_from([*Link.__slots__, "other"]), st.text()))
def test_no_address_raises_and_what_is_read_comes_back(parameters: dict[str, str]) -> None:
    link, _ = read_link(parameters)
    assert read_link(link.parameters()) == (link, [])


def test_a_place_is_named_by_its_article_and_offsets() -> None:
    assert Place("ab12", Span(3, 8), Span(4, 5)).name == "ab12:3-8"
