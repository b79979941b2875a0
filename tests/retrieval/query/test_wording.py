"""Questions about a request, in the words that a passage has."""

import pytest

from retrieval.query.parse import parse
from retrieval.query.wording import in_words_of

ASKED = "Peru has called on Chile to help, and asked Chile for a loan."
REQUESTED = "Peru requested the extradition of the former minister from Chile."

SAME = [
    "What did Peru ask Chile?",
    "What did Peru ask Chile to do?",
    "What did Peru ask Chile for?",
    "What did Peru ask of Chile?",
    "What did Peru ask for from Chile?",
    "What did Peru request from Chile?",
    "What did Peru request of Chile?",
    "What did Peru request from Chile",
]


@pytest.mark.parametrize("question", SAME)
def test_a_request_is_asked_in_the_words_of_the_text(question: str) -> None:
    text = parse(question).text
    assert in_words_of(ASKED, text) == "What did Peru ask Chile?"
    assert in_words_of(REQUESTED, text) == "What did Peru request from Chile?"


@pytest.mark.parametrize("question", SAME)
def test_every_wording_of_a_request_searches_the_same(question: str) -> None:
    assert parse(question).terms == ("peru", "ask|request", "chile")


@pytest.mark.parametrize(
    ("question", "asked", "requested"),
    [
        (
            "What has the union in Drell requested from the port of Anwen?",
            "What has the union in Drell asked the port of Anwen?",
            "What has the union in Drell requested from the port of Anwen?",
        ),
        (
            "What is the court asking the police to do?",
            "What is the court asking the police?",
            "What is the court requesting from the police?",
        ),
        (
            "How much money did Kenya request from the World Bank?",
            "How much money did Kenya ask the World Bank for?",
            "How much money did Kenya request from the World Bank?",
        ),
        (
            "In March, what would Oslo ask Berlin for?",
            "In March, what would Oslo ask Berlin?",
            "In March, what would Oslo request from Berlin?",
        ),
    ],
)
def test_tense_and_what_is_requested_stay(question: str, asked: str, requested: str) -> None:
    assert in_words_of(ASKED, question) == asked
    assert in_words_of(REQUESTED, question) == requested


@pytest.mark.parametrize(
    "question",
    [
        "Who asked Chile for a loan?",
        "What was Chile asked to do by Peru?",
        "What was requested from Chile?",
        "What had been requested from Chile?",
        "What did Peru ask about the loan?",
        "What did reporters ask Beck about the loan?",
        "What did the judge ask whether Askar knew?",
        "What did Chile do about the request from Peru?",
        "What did Oslo say after a request of Berlin?",
        "When did Peru ask Chile for help?",
        "What did Peru ask for?",
        "What did Peru demand from Chile?",
        "Peru request Chile",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert in_words_of(ASKED, question) == question
    assert in_words_of(REQUESTED, question) == question
