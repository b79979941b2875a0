"""One word has one form, in passages and in questions, for both BM25 engines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.analyzer import (
    MAX_TERM_BYTES,
    content_terms,
    fold,
    fold_apart,
    folded_lines,
    parts,
    readings,
    terms,
    words,
)


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


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Zoë Müller-Łęcki", "Zoe Muller-Lecki"),
        ("Øystein Þórsson", "Oystein Thorsson"),
        ("Straße", "STRASSE"),
        ("İzmir ılık", "Izmir ilik"),
        ("Nguyễn Ước", "Nguyen Uoc"),
        ("Max\u030cat", "Maxat"),
        ("Kaʿba", "Kaba"),
        ("Ёлкино", "Елкино"),
        ("за́мок", "замок"),
    ],
)
def test_a_word_is_the_same_with_and_without_accents(written: str, plain: str) -> None:
    assert words(written) == words(plain)
    assert terms(written) == terms(plain)


def test_letters_that_only_look_accented_stay_apart() -> None:
    assert words("йод") != words("иод")
    assert words("が") != words("か")


def test_an_accent_keeps_a_word_of_a_question_from_being_a_function_word() -> None:
    assert content_terms("le prix du thé") == ["le", "prix", "du", "the"]
    assert content_terms("the price of tea") == ["price", "tea"]


@pytest.mark.parametrize(
    ("written", "joined", "apart"),
    [
        ("the mu-\nseum shut", ["the", "museum", "shut"], ["the", "mu", "seum", "shut"]),
        ("a hard- \r\n  won prize", ["a", "hardwon", "prize"], ["a", "hard", "won", "prize"]),
        ("mu\u00ad\nseum", ["museum"], ["mu", "seum"]),
        ("mu\u2010\nseum", ["museum"], ["mu", "seum"]),
        ("mu¬\nseum", ["museum"], ["mu", "seum"]),
        ("MU-\nSEUM", ["museum"], ["mu", "seum"]),
        ("کتاب‌ها را", ["كتابها", "را"], ["كتاب", "ها", "را"]),
        ("mu\u200bseum", ["museum"], ["mu", "seum"]),
    ],
)
def test_a_word_that_may_be_one_or_two_has_both_readings(
    written: str, joined: list[str], apart: list[str]
) -> None:
    assert words(written) == joined
    assert readings(written) == [joined, apart]
    assert set(terms(written)) == {*terms(" ".join(joined)), *terms(" ".join(apart))}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("UN-\nbacked talks", ["un", "backed", "talks"]),
        ("Al-\nQuds", ["al", "quds"]),
        ("2019-\n2021", ["2019", "2021"]),
        ("he left -\nand returned", ["he", "left", "and", "returned"]),
        ("mu\u00adseum", ["museum"]),
        ("\ufeffmu\u2060seum", ["museum"]),
        ("ស្រី\u200bខ្មែរ", [*words("ស្រី"), *words("ខ្មែរ")]),
    ],
)
def test_where_there_is_no_doubt_a_word_has_one_reading(written: str, expected: list[str]) -> None:
    assert readings(written) == [expected]
    assert parts(written) == fold_apart(written) == ""


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
    assert len(words(text)) == len(terms(text)) - len(words(parts(text)))
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
    "mu-",
    "seum",
    "mu\u00ad",
    "mu-\u200b ",
    "\u200c",
]


@given(st.lists(st.sampled_from([*LINES, "Ｕ．", "É", "\u0301"]) | st.text(max_size=4), max_size=6))
@settings(max_examples=300, deadline=None)
def test_lines_that_were_folded_one_by_one_are_those_of_the_whole(lines: list[str]) -> None:
    assert folded_lines(lines, [fold(line) for line in lines]) == fold("\n".join(lines))
