"""Contract of every BM25 engine, whichever library counts."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import indexer.lexical.index
from indexer.lexical.index import TantivyIndex
from indexer.lexical.reference import RankBm25Index
from indexer.text.analyzer import terms, words
from tests.support.index_files import write_lexical

VOCABULARY = "alpha beta gamma delta epsilon zeta eta theta".split()
COUNT = 400

# A question's terms are already analysed; these are equal to their stems.
queries = st.lists(st.sampled_from([terms(word)[0] for word in VOCABULARY]), min_size=1, max_size=5)


class LexicalIndex(Protocol):
    """Finds passages by the terms in them."""

    count: int

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row)."""


def tantivy_index(folder: Path, texts: Sequence[str]) -> TantivyIndex:
    write_lexical(folder, texts)
    return TantivyIndex(folder)


def reference_index(folder: Path, texts: Sequence[str]) -> RankBm25Index:
    return RankBm25Index(texts)


Build = Callable[[Path, Sequence[str]], TantivyIndex | RankBm25Index]
ENGINES: list[Build] = [tantivy_index, reference_index]


@pytest.fixture(scope="module", params=ENGINES)
def build(request: pytest.FixtureRequest) -> Build:
    engine: Build = request.param
    return engine


@pytest.fixture(scope="module")
def texts() -> list[str]:
    generator = random.Random(3)  # noqa: S311 - not for secrets
    return [
        " ".join(generator.choices(VOCABULARY, k=generator.randint(0, 12))) for _ in range(COUNT)
    ]


@pytest.fixture(scope="module")
def index(
    build: Build, texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> TantivyIndex | RankBm25Index:
    return build(tmp_path_factory.mktemp("bm25"), texts)


class TestLexicalIndex:
    def test_it_counts_every_passage_empty_ones_included(self, index: LexicalIndex) -> None:
        assert index.count == COUNT

    @settings(max_examples=50, deadline=None)
    @given(query=queries, depth=st.integers(1, COUNT + 10))
    def test_hits_are_sorted_unique_positive_and_no_more_than_asked_for(
        self, index: LexicalIndex, query: list[str], depth: int
    ) -> None:
        found = index.search(query, depth)
        assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        assert len({row for row, _ in found}) == len(found) <= depth
        assert all(0 <= row < COUNT for row, _ in found)
        assert all(score > 0 for _, score in found)

    @settings(max_examples=50, deadline=None)
    @given(query=queries)
    def test_exactly_the_passages_with_one_of_the_terms_are_found(
        self, index: LexicalIndex, texts: list[str], query: list[str]
    ) -> None:
        expected = {row for row, text in enumerate(texts) if set(query) & set(terms(text))}
        assert {row for row, _ in index.search(query, COUNT)} == expected

    @settings(max_examples=50, deadline=None)
    @given(query=queries, depth=st.integers(1, 60))
    def test_a_shallow_search_is_the_top_of_a_deep_one(
        self, index: LexicalIndex, query: list[str], depth: int
    ) -> None:
        assert index.search(query, depth) == index.search(query, COUNT)[:depth]

    @settings(max_examples=50, deadline=None)
    @given(query=queries, share=st.floats(0, 1), seed=st.integers(0, 99), depth=st.integers(1, 60))
    @pytest.mark.parametrize("named_rows", [indexer.lexical.index._MAX_NAMED_ROWS, 0])
    def test_a_mask_lets_exactly_its_rows_through_with_their_scores(
        self,
        index: LexicalIndex,
        named_rows: int,
        query: list[str],
        share: float,
        seed: int,
        depth: int,
    ) -> None:
        allowed = np.random.default_rng(seed).random(COUNT) < share
        expected = [hit for hit in index.search(query, COUNT) if allowed[hit[0]]]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(indexer.lexical.index, "_MAX_NAMED_ROWS", named_rows)
            assert index.search(query, depth, allowed) == expected[:depth]

    def test_a_mask_that_allows_nothing_finds_nothing(self, index: LexicalIndex) -> None:
        assert index.search(["alpha"], 10, np.zeros(COUNT, dtype=np.bool_)) == []

    def test_a_mask_that_allows_everything_changes_nothing(self, index: LexicalIndex) -> None:
        everything = np.ones(COUNT, dtype=np.bool_)
        assert index.search(["alpha"], 10, everything) == index.search(["alpha"], 10)

    @pytest.mark.parametrize("depth", [0, -1])
    def test_no_depth_finds_nothing(self, index: LexicalIndex, depth: int) -> None:
        assert index.search(["alpha"], depth) == []

    def test_an_enormous_depth_finds_what_there_is(self, index: LexicalIndex) -> None:
        assert index.search(["alpha"], 10**12) == index.search(["alpha"], COUNT)

    def test_no_terms_find_nothing(self, index: LexicalIndex) -> None:
        assert index.search([], 10) == []

    @pytest.mark.parametrize(
        "term", ["unknown", "", "a b", '"', "*", "alpha OR beta", "x" * 70_000]
    )
    def test_a_term_that_no_passage_has_finds_nothing(self, index: LexicalIndex, term: str) -> None:
        assert index.search([term], 10) == []

    def test_an_unknown_term_beside_a_known_one_changes_nothing(self, index: LexicalIndex) -> None:
        assert index.search(["alpha", "unknown"], 10) == index.search(["alpha"], 10)

    def test_building_twice_finds_the_same(
        self, build: Build, texts: list[str], index: LexicalIndex, tmp_path: Path
    ) -> None:
        again = build(tmp_path, texts)
        for query in (["alpha"], ["alpha", "beta"], VOCABULARY):
            assert again.search(query, COUNT) == index.search(query, COUNT)

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_a_match_counts_for_a_passage_in_a_tiny_corpus_too(
        self, build: Build, tmp_path: Path, count: int
    ) -> None:
        index = build(tmp_path, ["alpha beta"] + ["alpha"] * (count - 1))
        assert [row for row, score in index.search(["alpha"], 9) if score > 0] == [
            *range(1, count),
            0,
        ]

    @pytest.mark.parametrize("texts", [[""], ["", "?!"]])
    def test_passages_without_words_are_never_found(
        self, build: Build, tmp_path: Path, texts: list[str]
    ) -> None:
        index = build(tmp_path, texts)
        assert index.count == len(texts)
        assert index.search(["alpha"], 10) == []
        assert index.rows_with_phrase(["alpha"]).tolist() == []

    @pytest.mark.parametrize(
        ("phrase", "expected"),
        [
            ("asked Iran", [0, 4]),
            ("Iran asked", [1]),
            ("ask Iran", []),
            ("the US asked", [0, 4]),
            ("iran", [0, 1, 2, 4]),
            ("asked Iran to", [4]),
            ("asked Iran asked", []),
            ("asked asked", [3]),
            ("17400 tons", [2]),
            ("nobody knows", []),
            ("", []),
        ],
    )
    def test_a_phrase_is_words_unstemmed_next_to_each_other(
        self, build: Build, tmp_path: Path, phrase: str, expected: list[int]
    ) -> None:
        index = build(
            tmp_path,
            [
                "The U.S. asked Iran.",
                "Iran asked, “Why?”",
                "Iran’s 17,400 tons",
                "they asked, asked and asked",
                "The US asked\nIran’s to leave",
            ],
        )
        assert index.rows_with_phrase(words(phrase)).tolist() == expected
