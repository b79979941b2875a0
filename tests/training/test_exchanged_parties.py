"""In a passage whose parties have changed places, the answer is still there, for the reverse."""

import pytest

from indexer.documents import Span
from retrieval.answering.parties import swapped
from training.exchanged_parties import exchanged


def _exchanged(question: str, passage: str, answer: str) -> tuple[str, str] | None:
    start = passage.index(answer)
    found = exchanged(question, passage, Span(start, start + len(answer)))
    return None if found is None else (found[0], found[1].slice(found[0]))


@pytest.mark.parametrize(
    ("question", "passage", "answer", "turned"),
    [
        (
            "What did Norway ask Chile?",
            "On Monday Norway asked Chile to wait. Chile refused.",
            "to wait",
            "On Monday Chile asked Norway to wait. Norway refused.",
        ),
        (
            "When did the Senate warn Ada Brennick?",
            "The Senate warned Ada Brennick in May. Ada Brennick left the Senate.",
            "May",
            "Ada Brennick warned the Senate in May. The Senate left Ada Brennick.",
        ),
        (
            "Why did New York sue York?",
            "New York sued York over a bridge, and York paid New York.",
            "a bridge",
            "York sued New York over a bridge, and New York paid York.",
        ),
        (
            "What did Peru tell the UN?",
            "UN officials heard from Peru that the port is shut.",
            "the port is shut",
            "Peru officials heard from the UN that the port is shut.",
        ),
    ],
)
def test_each_party_stands_where_the_other_did_with_its_article(
    question: str, passage: str, answer: str, turned: str
) -> None:
    assert _exchanged(question, passage, answer) == (turned, answer)


def test_two_exchanges_are_none() -> None:
    question, passage = "What did Norway ask Chile?", "Norway asked Chile to wait for Norway."
    (turned, answer) = exchanged(question, passage, Span(19, 26)) or ("", Span(0, 0))
    other_way = swapped(question)
    assert turned != passage
    assert other_way is not None
    assert exchanged(other_way, turned, answer) == (passage, Span(19, 26))


@pytest.mark.parametrize(
    ("question", "passage", "answer"),
    [
        ("What did Norway ask Chile?", "Norway asked for time.", "time"),
        ("Who asked Chile?", "Norway asked Chile to wait.", "Norway"),
        ("Whom did Norway ask in Chile?", "In Chile, Norway asked Ada of Chile.", "Ada of Chile"),
        ("What connects Norway and Chile?", "Norway and Chile share a coast.", "a coast"),
    ],
)
def test_without_two_parties_beside_the_answer_nothing_is_exchanged(
    question: str, passage: str, answer: str
) -> None:
    assert _exchanged(question, passage, answer) is None
