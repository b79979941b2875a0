import pytest

from indexer.dedup.signatures import (
    SignatureIndex,
    containment,
    exact_key,
    jaccard,
    minhash,
    normalize,
    shingles,
    words_of,
)

WORDS = [f"word{number}" for number in range(200)]


def test_a_normalized_text_has_lower_case_and_single_spaces() -> None:
    assert normalize(" The\n PIER — “closed”  ") == "the pier — “closed”"
    assert words_of("the pier — “closed” at 3:00") == ["the", "pier", "closed", "at", "3", "00"]
    assert words_of("der große hafen") == ["der", "große", "hafen"]


def test_equal_texts_have_equal_keys_of_16_bytes_even_with_lone_surrogates() -> None:
    assert exact_key("a\ud800") == exact_key("a\ud800") != exact_key("a")
    assert len(exact_key("")) == 16


def test_shingles_are_runs_of_five_words() -> None:
    assert shingles("a b c d e f".split()) == {"a b c d e", "b c d e f"}
    assert shingles(["a", "b"]) == {"a b"}


def test_similarities_of_sets() -> None:
    assert jaccard(set("abc"), set("bcd")) == pytest.approx(0.5)
    assert containment(set("ab"), set("abcd")) == 1
    assert jaccard(set(), set("a")) == containment(set(), set("a")) == 0


def test_near_texts_are_neighbours_and_others_are_not() -> None:
    index = SignatureIndex(0.3)
    index.add(3, minhash(WORDS))
    index.add(1, minhash([*WORDS[:190], *"quite another end".split()]))
    index.add(2, minhash([f"other{number}" for number in range(200)]))
    assert dict(index.neighbours()) == {1: [3], 3: [1]}
