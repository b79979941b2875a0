import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Span
from retrieval.readers.spans import Logits, best_span, logsumexp_of_spans, tokens_in, whole_words

_LOGITS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=12)


def logits(*values: float) -> Logits:
    return np.array(values, dtype=np.float32)


def test_the_best_span_is_the_best_sum_even_if_neither_end_is_the_best() -> None:
    # 4 + 3 at [1, 2] beats 0 + 6 at [0, 0]; 4 + 6 and 5 + 3 would run backwards.
    assert best_span(logits(0, 4, 1, 5), logits(6, 0, 3, -9), 4) == (7.0, 1, 2)


def test_a_span_is_never_longer_than_the_limit() -> None:
    assert best_span(logits(9, 0, 0, 1), logits(0, 0, 0, 9), 4) == (18.0, 0, 3)
    assert best_span(logits(9, 0, 0, 1), logits(0, 0, 0, 9), 3) == (10.0, 3, 3)


def test_of_equal_spans_the_first_and_shortest_is_taken() -> None:
    assert best_span(logits(1, 1, 0), logits(2, 2, 2), 3) == (3.0, 0, 0)


@given(_LOGITS, st.integers(1, 14))
def test_the_best_span_is_what_trying_all_of_them_finds(
    pairs: list[tuple[int, int]], limit: int
) -> None:
    start, end = logits(*(a for a, _ in pairs)), logits(*(b for _, b in pairs))
    tried = [
        (float(start[i] + end[j]), -i, -j)
        for i in range(len(pairs))
        for j in range(i, min(len(pairs), i + limit))
    ]
    score, first, last = max(tried)
    assert best_span(start, end, limit) == (score, -first, -last)
    together = math.log(sum(math.exp(score) for score, _, _ in tried))
    assert logsumexp_of_spans(start, end, limit) == pytest.approx(together)


def test_the_logsumexp_of_spans_stays_finite_for_the_largest_logits() -> None:
    assert logsumexp_of_spans(logits(1e4, 1e4), logits(-1e4, 1e4), 1) == pytest.approx(2e4)


def test_logits_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="the same length above 0, got 2 and 1"):
        best_span(logits(1, 2), logits(1), 3)
    with pytest.raises(ValueError, match="got 0 and 0"):
        logsumexp_of_spans(logits(), logits(), 3)


def test_a_token_belongs_to_the_sentence_in_which_it_begins() -> None:
    offsets = [(0, 2), (2, 4), (5, 9), (10, 12)]
    assert [tokens_in(offsets, span) for span in (Span(0, 3), Span(3, 10), Span(10, 12))] == [
        range(2),
        range(2, 3),
        range(3, 4),
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("the harbour closed", 6, 8, "harbour"),
        ("they don't know", 5, 8, "don't"),
        ("they don’t know", 9, 10, "don’t"),
        ("it cost 4.75 euros", 10, 11, "4.75"),
        ("about 12,000 left", 9, 12, "12,000"),
        ("at 10:30 a.m.", 3, 5, "10:30"),
        ("He left.", 3, 7, "left"),
        ("He left. She stayed", 7, 8, "."),
        ("one–two", 4, 5, "two"),
        ("in snake_case words", 4, 6, "snake_case"),
        ("le cafe\u0301 noir", 3, 7, "cafe\u0301"),
        ("\u0301x", 1, 2, "\u0301x"),
        ("a 👩\u200d👩\u200d👧 b", 2, 3, "👩\u200d👩\u200d👧"),
        ("a 👩\u200d👩\u200d👧 b", 6, 7, "👩\u200d👩\u200d👧"),
        ("so 👍🏽 it is", 3, 4, "👍🏽"),
        ("no ❤\ufe0f here", 3, 4, "❤\ufe0f"),
        ("港口关闭了", 1, 2, "口"),
        ("  padded  ", 0, 10, "padded"),
    ],
)
def test_a_span_grows_to_whole_words_and_characters(
    text: str, start: int, end: int, words: str
) -> None:
    assert whole_words(text, Span(start, end), Span(0, len(text))).slice(text) == words


def test_a_span_never_leaves_its_sentence() -> None:
    text = "one twothree four"
    assert whole_words(text, Span(5, 12), Span(4, 7)) == Span(4, 7)


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()), st.data())
def test_a_widened_span_holds_what_it_was_widened_from(text: str, data: st.DataObject) -> None:
    ink = [place for place, character in enumerate(text) if not character.isspace()]
    start = data.draw(st.sampled_from(ink))
    end = data.draw(st.sampled_from([place + 1 for place in ink if place >= start]))
    found = whole_words(text, Span(start, end), Span(0, len(text)))
    assert found.contains(Span(start, end))
    assert found.slice(text) == found.slice(text).strip()
