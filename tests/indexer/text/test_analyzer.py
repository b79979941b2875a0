"""One word has one form, in passages and in questions, for both BM25 engines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.analyzer import MAX_TERM_BYTES, content_terms, fold, folded_lines, terms, words


@pytest.mark.parametrize(
    "written",
    ["U.S.", "US", "USA", "U.S.A.", "U.S.A", "U. S.", "U. S. A.", "u.s.", "u.s.a.", "U.S.’s"],
)
def test_every_way_to_write_the_country_is_one_word(written: str) -> None:
    assert words(f"the {written} asked") == ["the", "usa", "asked"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they asked us", ["they", "asked", "us"]),
        ("the U.S.S.R. fell", ["the", "ussr", "fell"]),
        ("the USSR fell", ["the", "ussr", "fell"]),
        ("the U.S.A.F. flew", ["the", "usaf", "flew"]),
        ("USAF and USAID", ["usaf", "and", "usaid"]),
        ("in the U.S. A year later", ["in", "the", "usa", "a", "year", "later"]),
        ("U.S.-led talks", ["usa", "led", "talks"]),
        ("the U.N. and the UN", ["the", "un", "and", "the", "un"]),
    ],
)
def test_the_country_is_neither_the_pronoun_nor_part_of_a_longer_acronym(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("apostrophe", ["'", "’", "‘", "ʼ", "＇", "´"])
def test_every_apostrophe_makes_a_possessive(apostrophe: str) -> None:
    assert words(f"Iran{apostrophe}s envoy") == ["iran", "envoy"]
    assert words(f"IRAN{apostrophe}S envoy") == ["iran", "envoy"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17,400 tons", ["17400", "tons"]),
        ("1,234,567", ["1234567"]),
        ("in 2021,2022", ["in", "2021", "2022"]),
        ("1,23", ["1", "23"]),
        ("4.7 million", ["4", "7", "million"]),
    ],
)
def test_commas_leave_numbers_only_between_thousands(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("variant", "plain"),
    [
        ("ﬁnal", "final"),
        ("Ｉｒａｎ", "Iran"),
        ("Tel\u00a0Aviv", "Tel Aviv"),
        ("cafe\u0301", "café"),
    ],
)
def test_compatibility_variants_are_one_word(variant: str, plain: str) -> None:
    assert words(variant) == words(plain)


def test_terms_are_stemmed_and_words_are_not() -> None:
    assert terms("Requests were requested") == ["request", "were", "request"]
    assert words("Requests were requested") == ["requests", "were", "requested"]


def test_a_word_of_the_longest_length_is_dropped_and_a_shorter_one_kept() -> None:
    longest = "x" * (MAX_TERM_BYTES - 1)
    assert words(f"{longest} {longest}x a") == [longest, "a"]


def test_function_words_are_dropped_from_a_question_and_doubles_counted_once() -> None:
    assert content_terms("What did the U.S. ask, and ask, of Iran?") == ["usa", "ask", "iran"]


def test_a_question_of_function_words_keeps_them() -> None:
    assert content_terms("who will be there") == ["who", "will", "be", "there"]


def test_in_a_lower_case_question_us_may_be_the_country() -> None:
    assert content_terms("what did the us ask iran") == ["usa", "ask", "iran"]
    assert content_terms("Did they ask us?") == ["ask"]


@pytest.mark.parametrize("text", ["", "?!…", "😀", "\u200b", "\ud800", "\x00"])
def test_text_without_letters_has_no_terms(text: str) -> None:
    assert content_terms(text) == terms(text) == words(text) == []


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_can_be_analysed_and_words_match_terms_one_by_one(text: str) -> None:
    assert len(words(text)) == len(terms(text))
    assert content_terms(text) == list(dict.fromkeys(content_terms(text)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("U.S. Iran’s 17,400 talks the ﬁrm’s".split()), max_size=6))
def test_folding_folded_text_changes_nothing(parts: list[str]) -> None:
    folded = fold(" ".join(parts))
    assert fold(folded) == folded


LINES = [
    "from the U.",
    "S. Navy",
    "the U.S.",
    "A. Smith",
    "U",
    ".S.",
    "’s",
    "1,",
    "234",
    "u.s.",
    "a.",
]


@given(st.lists(st.sampled_from([*LINES, "Ｕ．", "É", "\u0301"]) | st.text(max_size=4), max_size=6))
@settings(max_examples=300, deadline=None)
def test_lines_that_were_folded_one_by_one_are_those_of_the_whole(lines: list[str]) -> None:
    assert folded_lines(lines, [fold(line) for line in lines]) == fold("\n".join(lines))
