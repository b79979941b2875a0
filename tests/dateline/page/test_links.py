"""An address says the same after every round trip, whoever wrote it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.page.links import LONGEST_QUESTION, Link, Place, each_of, read_link
from indexer.documents import Span


def test_an_address_without_parameters_asks_nothing() -> None:
    assert read_link({}) == (Link(), [])
    assert Link().parameters() == {}


def test_every_field_comes_back_from_its_address() -> None:
    link = Link(
        "who?",
        "IFP; CNN",
        "Doe, Jane",
        "de; French",
        "2023-10-01",
        "2023-10-31",
        3,
        2,
        undated=True,
        open="ab:1-2",
    )
    assert link.parameters() == {
        "q": "who?",
        "source": "IFP; CNN",
        "author": "Doe, Jane",
        "lang": "de; French",
        "after": "2023-10-01",
        "before": "2023-10-31",
        "k": "3",
        "quotes": "2",
        "undated": "1",
        "open": "ab:1-2",
    }
    assert read_link(link.parameters()) == (link, [])


@pytest.mark.parametrize("day", ["yesterday", "2023-13-01", "2023-1", "0000-01-01"])
def test_what_is_not_a_day_is_left_out_and_named(day: str) -> None:
    link, problems = read_link({"q": "who?", "after": day})
    assert link == Link(q="who?")
    assert problems == [
        f"Ignored the date filter after={day!r}: use a date such as 2023-10-26 or 26 Oct 2023."
    ]


def test_a_date_as_people_write_it_is_the_first_or_last_day_that_it_means() -> None:
    link, problems = read_link({"q": "who?", "after": "Feb 2024", "before": "14 Mar 2024"})
    assert (link.after, link.before, problems) == ("2024-02-01", "2024-03-14", [])


def test_names_that_mean_nothing_are_left_out_and_named() -> None:
    link, problems = read_link({"q": "who?", "lang": "de; newspeak", "author": "…", "source": ";"})
    assert link == Link(q="who?", lang="de")
    assert problems == [
        "Ignored the filter author='…': '…' is not a name; use letters or digits.",
        "Ignored the filter lang='newspeak': 'newspeak' is not a language; use a code (de) or an "
        "English name (German).",
    ]


def test_a_parameter_that_there_is_not_is_named() -> None:
    link, problems = read_link({"q": "who?", "sorce": "IFP", "x" * 90: ""})
    assert link == Link(q="who?")
    assert problems == [
        "Ignored 'sorce' in the link: there is nothing of that name.",
        f"Ignored '{'x' * 30}…' in the link: there is nothing of that name.",
    ]


def test_3000_bad_parameters_are_told_in_seconds() -> None:
    wrong = {f"name{number}": "x" for number in range(1000)}
    wrong["lang"] = ";".join(f"newspeak{number}" for number in range(1000))
    wrong["author"] = ";".join("…" * (1 + number % 40) for number in range(998))
    begun = time.process_time()
    link, problems = read_link({**wrong, "after": "soon", "k": "0"})
    assert time.process_time() - begun < 5
    assert (link, len(problems)) == (Link(), 3000)


def test_more_names_than_can_be_asked_for_are_cut() -> None:
    link, problems = read_link({"source": ";".join(f"outlet {n}" for n in range(70))})
    assert len(each_of(link.source)) == 64
    assert problems == ["The link has 70 names for source; using 64."]


@pytest.mark.parametrize("number", ["0", "-1", "51", "1e3", "9" * 5000, "²"])
def test_a_number_outside_its_limits_is_replaced_by_the_default(number: str) -> None:
    link, problems = read_link({"k": number})
    assert link.k == 10
    assert len(problems) == 1
    assert "in the link is out of range (1–50); using 10." in problems[0]
    assert len(problems[0]) < 140


def test_a_question_of_100_000_characters_is_refused_in_words() -> None:
    link, problems = read_link({"q": "why " * 25_000, "source": "IFP"})
    assert link == Link(source="IFP")
    assert problems == [
        "Your question is 99,999 characters long; the limit is 2,000. Please shorten it."
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
