import math
from collections.abc import Mapping

import numpy as np
import pytest

from retrieval.readers.logits import Weights, WindowLogits, probability, reading_of
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import MAX_QUOTE_CHARACTERS
from tests.support.reader_models import passage_of, span_weight

EVIDENCE: Weights = (0.5, 1.0, -1.0)
RELEVANCE: Weights = (1.0, 0.25, 0.0)
TEXT = "Ada left Sel. Bo came home late. Cy saw both of us."


def offsets_of(text: str) -> list[tuple[int, int]]:
    """Return a token a word or full stop."""
    found, place = [], 0
    for word in text.replace(".", " .").split():
        start = text.index(word, place)
        place = start + len(word)
        found.append((start, place))
    return found


def window(
    first: int,
    count: int,
    *,
    start: Mapping[int, float] | None = None,
    end: Mapping[int, float] | None = None,
    null: float = 0.0,
    relevance: float = 0.0,
) -> WindowLogits:
    """Return a window whose logits are given by the token's number in the passage."""
    columns = []
    for given in (start or {}, end or {}):
        column = np.zeros(count, dtype=np.float32)
        for token, logit in given.items():
            column[token - first] = logit
        columns.append(column)
    return WindowLogits(first, columns[0], columns[1], null, relevance)


def read(text: str, *windows: WindowLogits, start: int = 0) -> Reading:
    return reading_of(passage_of(text, start=start), offsets_of(text), windows, EVIDENCE, RELEVANCE)


def words(text: str, evidence: Evidence) -> tuple[str, str]:
    return evidence.quote.slice(text), evidence.highlight.slice(text)


def test_each_sentence_has_its_best_span_and_the_best_sentence_is_first() -> None:
    # Tokens: Ada left Sel . Bo came home late . Cy saw both of us .
    reading = read(TEXT, window(0, 15, start={2: 2, 5: 3}, end={2: 1, 7: 2}, null=1, relevance=4))
    assert [words(TEXT, one) for one in reading.evidence] == [
        ("Bo came home late.", "came home late"),
        ("Ada left Sel.", "Sel"),
        ("Cy saw both of us.", "Cy"),
    ]
    margins = [
        span_weight({5: 3}, {7: 2}, range(4, 9)) - 1,
        span_weight({2: 2}, {2: 1}, range(4)) - 1,
        span_weight({}, {}, range(9, 15)) - 1,
    ]
    assert [one.score for one in reading.evidence] == pytest.approx(
        [probability(EVIDENCE, 4, margin) for margin in margins]
    )
    assert reading.relevance == pytest.approx(probability(RELEVANCE, 4, margins[0]))


def test_a_span_never_runs_from_one_sentence_into_the_next() -> None:
    reading = read(TEXT, window(0, 15, start={2: 9}, end={4: 9, 3: 1}))
    assert words(TEXT, reading.evidence[0]) == ("Ada left Sel.", "Sel.")


def test_spans_are_counted_from_the_beginning_of_the_document() -> None:
    reading = read(TEXT, window(0, 15, start={4: 5}, end={4: 5}), start=1000)
    assert (reading.evidence[0].highlight.start, reading.evidence[0].highlight.end) == (1014, 1016)
    assert (reading.evidence[0].quote.start, reading.evidence[0].quote.end) == (1014, 1032)


def test_a_sentence_in_two_windows_is_judged_in_the_one_that_holds_it_whole() -> None:
    # The first window ends inside the second sentence, and thinks more of it than the second does.
    first = window(0, 6, start={4: 9}, end={4: 9})
    second = window(4, 11, start={6: 2}, end={6: 2})
    evidence = read(TEXT, first, second).evidence
    assert ("Bo came home late.", "home") in [words(TEXT, one) for one in evidence]


def test_a_sentence_that_no_window_holds_whole_is_judged_by_its_best_part() -> None:
    first = window(0, 6, start={4: 2}, end={4: 2})
    second = window(5, 10, start={7: 3}, end={7: 3})
    evidence = read(TEXT, first, second).evidence
    assert ("Bo came home late.", "late") in [words(TEXT, one) for one in evidence]


def test_a_sentence_whole_in_two_windows_takes_the_better() -> None:
    first = window(0, 9, start={4: 2}, end={4: 2}, null=0)
    second = window(4, 11, start={6: 3}, end={6: 3}, null=3)
    evidence = read(TEXT, first, second).evidence
    assert ("Bo came home late.", "Bo") in [words(TEXT, one) for one in evidence]


def test_the_relevance_of_a_passage_is_that_of_its_best_window() -> None:
    reading = read(TEXT, window(0, 9, relevance=-2), window(9, 6, relevance=3))
    margin = span_weight({}, {}, range(9, 15))
    assert reading.relevance == pytest.approx(probability(RELEVANCE, 3, margin))


def test_a_sentence_longer_than_a_quote_counts_for_relevance_and_is_not_quoted() -> None:
    text = "Word " * (MAX_QUOTE_CHARACTERS // 5) + "end. Short one."
    count = len(offsets_of(text))
    reading = read(text, window(0, count, start={1: 8}, end={1: 8}))
    assert [words(text, one)[0] for one in reading.evidence] == ["Short one."]
    margin = 16.0  # so high that no other span counts
    assert reading.relevance == pytest.approx(probability(RELEVANCE, 0, margin), abs=1e-3)


def test_a_passage_without_tokens_has_no_reading() -> None:
    assert reading_of(passage_of("\u200b."), [], [window(0, 0)], EVIDENCE, RELEVANCE) == Reading(
        0.0, ()
    )


@pytest.mark.parametrize(("margin", "expected"), [(1e9, 1.0), (-1e9, 0.0), (math.nan, 0.0)])
def test_extreme_logits_are_probabilities_and_no_number_is_no_answer(
    margin: float, expected: float
) -> None:
    assert probability((0.0, 1.0, 0.0), 0.0, margin) == pytest.approx(expected)
