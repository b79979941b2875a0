"""Warnings of a ranking, and the number of its hits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.background import QuestionEncoder
from retrieval.clock import Clock
from retrieval.query.parse import Filters, parse
from retrieval.ranking.ranker import Mode, Ranker, Ranking

NOTE = "some languages cannot be read"


@pytest.fixture(scope="module")
def ranker(seeds_index: Path) -> Iterator[Ranker]:
    manifest = read_manifest(seeds_index)
    with LocalStore(seeds_index, manifest) as store:
        yield Ranker(store, QuestionEncoder(manifest.encoder, threads=1), NOTE)


def rank(ranker: Ranker, question: str, mode: Mode, filters: Filters | None = None) -> Ranking:
    query = (filters or Filters()).applied_to(parse(question))
    return ranker.rank(query, 3, mode, "convex", Clock())


def test_a_question_without_words_is_not_searched(ranker: Ranker) -> None:
    assert rank(ranker, "-Iran", "hybrid") == Ranking(
        (), ("Please enter at least one word to search for.",)
    )


@pytest.mark.parametrize(("mode", "expected"), [("bm25", ()), ("dense", (NOTE,))])
def test_only_vectors_warn_of_languages(
    ranker: Ranker, mode: Mode, expected: tuple[str, ...]
) -> None:
    ranking = rank(ranker, "Iran", mode)
    assert ranking.warnings == expected
    assert [hit.rank for hit in ranking.hits] == [1, 2, 3]
    assert rank(ranker, "Iran", mode, Filters(lang="en")).warnings == ()


def test_with_one_thread_the_ranking_is_that_of_many(seeds_index: Path, ranker: Ranker) -> None:
    manifest = read_manifest(seeds_index)
    with LocalStore(seeds_index, manifest) as store:
        many = Ranker(store, QuestionEncoder(manifest.encoder), NOTE)
        assert rank(many, "Iran", "hybrid") == rank(ranker, "Iran", "hybrid")
