"""The state of an answer, and what it must agree with."""

from typing import get_args

import pytest

from indexer.documents import Span
from retrieval.answering.answers import Answer, State, state_of
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import NAMED_THRESHOLDS, Thresholds
from tests.support.answer_builders import SANK, answer_with, quote


def reading(relevance: float, score: float) -> Reading:
    return Reading(relevance, (Evidence(Span(0, 4), Span(0, 4), score),))


THRESHOLDS = Thresholds(related=0.4, possible=0.3, answered=0.5)


@pytest.mark.parametrize(
    ("relevance", "score", "expected"),
    [
        (1.0, 1.0, "answered"),
        (0.4, 0.5, "answered"),
        (0.4, 0.4999, "possible"),
        (0.4, 0.3, "possible"),
        (0.4, 0.2999, "related"),
        (0.4, 0.0, "related"),
        (0.3999, 0.0, "not_found"),
        (0.3999, 0.4, "not_found"),
        (0.3999, 0.9, "not_found"),
    ],
)
def test_the_state_is_by_absolute_thresholds(
    relevance: float, score: float, expected: State
) -> None:
    assert state_of([reading(relevance, score)], THRESHOLDS) == expected


def test_nothing_is_possible_where_both_thresholds_are_one() -> None:
    scores = (0.5, 0.4999, 0.0)
    states = [state_of([reading(0.9, score)], NAMED_THRESHOLDS) for score in scores]
    assert states == ["answered", "related", "related"]


def test_relevance_and_evidence_may_come_from_different_passages() -> None:
    assert state_of([reading(0.9, 0.1), reading(0.1, 0.8)], THRESHOLDS) == "answered"
    assert state_of([reading(0.9, 0.1), reading(0.1, 0.3)], THRESHOLDS) == "possible"


def test_nothing_read_is_not_found() -> None:
    assert state_of([], THRESHOLDS) == "not_found"
    assert state_of([Reading(0.9, ())], THRESHOLDS) == "related"


@pytest.mark.parametrize("state", get_args(State))
def test_quotes_go_with_answered_and_possible_only(state: State) -> None:
    whole = answer_with(quotes=(quote(*SANK),))
    refused = () if state in ("answered", "possible") else whole.quotes
    with pytest.raises(ValueError, match=rf"state '{state}' does not go with {len(refused)}"):
        Answer("?", state, refused, (), whole.index, (), whole.timings)
    kept = whole.quotes if not refused else ()
    assert Answer("?", state, kept, (), whole.index, (), whole.timings).quotes == kept
