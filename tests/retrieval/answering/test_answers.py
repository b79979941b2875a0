"""The state of an answer, and what it must agree with."""

import pytest

from indexer.documents import Span
from retrieval.answering.answers import Answer, State, state_of
from retrieval.readers.protocol import Evidence, Reading
from tests.support.answer_builders import SANK, answer_with, quote


def reading(relevance: float, score: float) -> Reading:
    return Reading(relevance, (Evidence(Span(0, 4), Span(0, 4), score),))


@pytest.mark.parametrize(
    ("relevance", "score", "expected"),
    [
        (0.4, 0.5, "answered"),
        (0.4, 0.4999, "related"),
        (0.4, 0.0, "related"),
        (0.3999, 0.0, "not_found"),
        (0.3999, 0.9, "not_found"),
        (1.0, 1.0, "answered"),
    ],
)
def test_the_state_is_by_absolute_thresholds(
    relevance: float, score: float, expected: State
) -> None:
    assert state_of([reading(relevance, score)], related=0.4, answered=0.5) == expected


def test_relevance_and_evidence_may_come_from_different_passages() -> None:
    assert state_of([reading(0.9, 0.1), reading(0.1, 0.8)], related=0.4, answered=0.5) == "answered"


def test_nothing_read_is_not_found() -> None:
    assert state_of([], related=0.4, answered=0.5) == "not_found"
    assert state_of([Reading(0.9, ())], related=0.4, answered=0.5) == "related"


def test_quotes_without_answered_or_answered_without_quotes_cannot_be() -> None:
    whole = answer_with(quotes=(quote(*SANK),))
    assert whole.state == "answered"
    for state, quotes in (("related", whole.quotes), ("not_found", whole.quotes), ("answered", ())):
        with pytest.raises(ValueError, match=rf"state '{state}' does not go with {len(quotes)}"):
            Answer("?", state, quotes, (), whole.index, (), whole.timings)  # type: ignore[arg-type] # a name of a state
