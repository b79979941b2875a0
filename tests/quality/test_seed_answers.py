"""Promises over the five articles, whatever the floors: citations, and the known question.

The floors of the questions on them are in floors.json.
"""

import pytest

from evaluation import Report
from retrieval import SearchEngine
from tests.support.commands import QUESTION

# What the US asked of Iran or wanted passed on to it, as each article says it.
REQUESTS = {
    "000_ea7539c17dd2a708.txt": (
        "US Asks Iran to Urge Hamas",
        "has called on Iran to convince",
        "asked Iran to attend the nuclear talks seriously",
    ),
    "002_28ca8b3639213b9e.txt": (
        "Washington has asked Iran and resistance groups to show restraint",
        "the US has asked them to not get involved",
    ),
    "004_4110ac0129b996c5.txt": (
        "US tells allies to press Iran to avoid escalation",
        "press Tehran for restraint",
        "should press Iran to take de-escalatory steps",
    ),
}


def test_every_quote_is_a_request_of_the_us_and_they_come_from_two_articles(
    engine: SearchEngine,
) -> None:
    answer = engine.answer(QUESTION)
    assert answer.state == "answered"
    for quote in answer.quotes:
        wordings = REQUESTS[quote.citation.path]
        assert any(words in quote.citation.quote for words in wordings), quote.citation.quote
    assert len({quote.citation.path for quote in answer.quotes}) >= 2


@pytest.mark.parametrize(
    "question",
    [
        "what did the US ask Iran",
        "What did the U.S. ask Iran?",
        "What did the USA ask Iran?",
        "What did America ask Iran?",
        "What did Washington ask Iran?",
        "What did the United States ask Iran?",
        "What did the US ask Iran to do?",
        "What did the US request from Iran?",
    ],
)
def test_a_list_of_requests_is_among_the_first_three_quotes_in_every_wording(
    question: str, engine: SearchEngine
) -> None:
    quotes = engine.answer(question).quotes
    assert any(
        REQUESTS["000_ea7539c17dd2a708.txt"][2] in each.citation.quote for each in quotes[:3]
    )
    assert quotes == engine.answer(QUESTION).quotes


def test_what_nobody_asked_is_not_answered(engine: SearchEngine) -> None:
    assert not engine.answer("What did China ask Iran?").quotes


def test_every_quote_is_in_its_file_at_its_span(seeds_report: Report) -> None:
    assert seeds_report.citations.total > 0
    assert seeds_report.invalid_citations == ()


def test_the_counts_are_those_that_the_floors_are_shares_of(seeds_report: Report) -> None:
    assert seeds_report.answerable.recall.total == 69
    assert seeds_report.unanswerable.not_answered.total == 36
    kinds = {row.name: row.not_answered.total for row in seeds_report.by_kind}
    assert (kinds["same_people"], kinds["boilerplate"]) == (12, 10)
