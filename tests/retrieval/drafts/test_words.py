"""Words as they are compared, and texts that differ in typography only."""

import pytest

from retrieval.drafts.words import WordText, lowercase_words, same_typography, words_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don’t", "do not"),
        ("can't", "cannot"),
        ("we’ll", "we will"),
        ("17,400", "17400"),
        ("ten", "10"),
        ("5 %", "5 percent"),
        ("Erdoğan", "ERDOGAN"),
        ("co\u00adoperate", "cooperate"),
        ("e\u0301clair", "éclair"),
        ("Oct. 7", "October 7"),
        ("我们", "我 们"),
    ],
)
def test_two_ways_to_write_the_same_words_are_equal(one: str, other: str) -> None:
    assert [word.key for word in words_in(one)] == [word.key for word in words_in(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("3.5", "35"), ("1,5", "15"), ("$5", "£5"), ("it's", "its"), ("US", "us all")],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert [word.key for word in words_in(one)] != [word.key for word in words_in(other)]


def test_words_are_at_their_offsets_and_know_where_sentences_begin() -> None:
    text = "We can’t. “Go,” he said"
    words = words_in(text)
    assert [text[word.start : word.end] for word in words] == [
        *("We", "can’t", "can’t", "Go", "he", "said")
    ]
    assert [word.first for word in words] == [True, False, False, True, True, False]
    assert [word.capital for word in words] == [True, False, False, True, False, False]


def test_a_range_of_a_text_keeps_its_offsets() -> None:
    text = WordText("one two three four", 4, 13)
    assert text.keys == ["2", "3"]
    assert text.slice(0, 2) == "two three"


def test_runs_of_words_are_found_at_their_numbers() -> None:
    text = WordText("a b a b a c")
    assert text.places(["a", "b"]) == [0, 2]
    assert text.places(["a"], most=2) == [0, 2]
    assert text.places(["x"]) == text.places([]) == []
    assert not text.has(["b", "c"])


def test_lower_case_words_are_those_without_a_capital_anywhere() -> None:
    assert lowercase_words("Officials said so. The officials left Paris.") == {
        *("said", "so", "officials", "left")
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It’s “so”", "It's 'so'"),
        ("a – b", "a—b"),
        ("a\u00a0b", "a\n b"),
        ("a...b", "a … b"),
        ("one.\n\n“two", "one. two"),
        ("go *now*", "go now"),
        ("ﬁn !", "fin!"),
    ],
)
def test_typography_is_no_difference(one: str, other: str) -> None:
    assert same_typography(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("a, b", "a b"), ("a-b", "a b"), ("Go", "go"), ("a.", "a!")]
)
def test_punctuation_and_case_are(one: str, other: str) -> None:
    assert not same_typography(one, other)
