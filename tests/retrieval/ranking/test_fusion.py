"""Two rankings become one by a rule written out here, whatever order they arrive in."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking.fusion import RULES, Fused, FusionRule, convex, rrf, single
from retrieval.ranking.hits import Explanation, RetrieverRank
from retrieval.ranking.pool import Pool
from tests.support.scored_passages import ScoredPassage, best_first, columns

BM25 = [ScoredPassage("a:0", 8.0), ScoredPassage("b:0", 6.0), ScoredPassage("c:0", 2.0)]
DENSE = [ScoredPassage("c:0", 0.9), ScoredPassage("a:0", 0.5), ScoredPassage("d:0", 0.1)]

scores = st.integers(-8, 240).map(lambda eighths: eighths / 8)
rankings = st.dictionaries(
    st.builds("{}:{}".format, st.sampled_from("abc"), st.integers(0, 12)), scores, max_size=20
).map(lambda found: [ScoredPassage(*pair) for pair in found.items()])


def pool_of(bm25: list[ScoredPassage], dense: list[ScoredPassage]) -> Pool:
    return Pool.of(columns(bm25), columns(dense))


def by_id(fused: Fused) -> dict[str, float]:
    return {passage.passage_id: passage.score for passage in best_first(fused)}


def ids(fused: Fused) -> list[str]:
    return [passage.passage_id for passage in best_first(fused)]


def test_reciprocal_ranks_add_up() -> None:
    fused = rrf(pool_of(BM25, DENSE))
    assert ids(fused) == ["a:0", "c:0", "b:0", "d:0"]
    assert by_id(fused) == {
        "a:0": round(1 / 61 + 1 / 62, 6),
        "c:0": round(1 / 63 + 1 / 61, 6),
        "b:0": round(1 / 62, 6),
        "d:0": round(1 / 63, 6),
    }


def test_reciprocal_ranks_with_another_constant() -> None:
    assert by_id(rrf(pool_of(BM25, DENSE), k=1))["a:0"] == round(1 / 2 + 1 / 3, 6)


def test_the_convex_rule_adds_the_cosine_and_the_share_of_the_best_bm25() -> None:
    fused = convex(pool_of(BM25, DENSE), weight=0.25)
    assert ids(fused) == ["a:0", "b:0", "c:0", "d:0"]
    assert by_id(fused) == {
        "a:0": round(0.25 * 0.5 + 0.75 * 8 / 8, 6),
        "b:0": round(0.25 * 0.1 + 0.75 * 6 / 8, 6),  # not found by vector: the least cosine
        "c:0": round(0.25 * 0.9 + 0.75 * 2 / 8, 6),
        "d:0": round(0.25 * 0.1, 6),
    }


def test_the_article_makes_up_its_share_of_the_terms() -> None:
    articles = np.array([3.0, np.nan, np.nan, 6.0])  # of a, b, c and d
    fused = convex(pool_of(BM25, DENSE), articles, weight=0.25, article_weight=0.4)
    assert by_id(fused) == {
        "a:0": round(0.25 * 0.5 + 0.75 * (0.6 * 8 / 8 + 0.4 * 3 / 6), 6),
        "b:0": round(0.25 * 0.1 + 0.75 * (0.6 * 6 / 8), 6),  # its article has no term
        "c:0": round(0.25 * 0.9 + 0.75 * (0.6 * 2 / 8), 6),
        "d:0": round(0.25 * 0.1 + 0.75 * (0.4 * 6 / 6), 6),
    }
    explained = {passage.passage_id: passage.explanation for passage in best_first(fused)}
    assert (explained["a:0"].article, explained["b:0"].article) == (3.0, None)
    assert explained["a:0"].formula == (
        "0.25 x 0.5000 + 0.75 x (0.6 x 8.0000/8.0000 + 0.4 x 3.0000/6.0000)"
    )


def test_ranks_are_fused_without_the_article() -> None:
    articles = np.array([np.nan, np.nan, np.nan, 9.0])
    found = rrf(pool_of(BM25, DENSE), articles)
    assert by_id(found) == by_id(rrf(pool_of(BM25, DENSE)))
    assert [passage.explanation.article for passage in best_first(found)] == [None, None, None, 9.0]


def test_articles_without_any_of_the_terms_change_nothing() -> None:
    nothing = np.full(4, np.nan)
    pool = pool_of(BM25, DENSE)
    assert by_id(convex(pool, nothing)) == by_id(convex(pool))


def test_each_passage_says_how_it_came_about() -> None:
    explained = {
        p.passage_id: p.explanation for p in best_first(convex(pool_of(BM25, DENSE), weight=0.25))
    }
    assert explained["a:0"] == Explanation(
        bm25=RetrieverRank(1, 8.0),
        dense=RetrieverRank(2, 0.5),
        formula="0.25 x 0.5000 + 0.75 x 8.0000/8.0000",
    )
    assert explained["b:0"].dense is None
    assert explained["d:0"].bm25 is None
    assert explained["d:0"].dense == RetrieverRank(3, 0.1)


def test_ties_are_broken_by_document_then_by_start_as_a_number() -> None:
    found = [ScoredPassage(i, 1.0) for i in ("b:5", "a:100", "a:20", "a:3")]
    for rule in (convex, rrf):
        ranked = ids(rule(pool_of(found, [])))
        assert ranked == ["a:3", "a:20", "a:100", "b:5"]


def test_a_colon_in_the_name_of_a_document_belongs_to_the_name() -> None:
    found = [ScoredPassage("a:9:5", 1.0), ScoredPassage("a:9:40", 1.0)]
    assert ids(rrf(pool_of(found, []))) == [
        "a:9:5",
        "a:9:40",
    ]


def test_rounding_noise_decides_nothing() -> None:
    noisy = [ScoredPassage("b:0", 0.5 + 1e-9), ScoredPassage("a:0", 0.5)]
    for rule in (convex, rrf):
        assert ids(rule(pool_of([], noisy))) == [
            "a:0",
            "b:0",
        ]


@pytest.mark.parametrize("rule", RULES)
def test_nothing_found_is_nothing_fused(rule: FusionRule) -> None:
    fused = RULES[rule](pool_of([], []), None)
    assert best_first(fused) == []
    assert fused.documents.tolist() == []


def test_one_side_alone_keeps_its_order() -> None:
    for rule in (convex, rrf):
        assert ids(rule(pool_of(BM25, []))) == [
            "a:0",
            "b:0",
            "c:0",
        ]
        assert ids(rule(pool_of([], DENSE))) == [
            "c:0",
            "a:0",
            "d:0",
        ]


def test_negative_cosines_stay_below_what_was_not_found_by_terms() -> None:
    fused = convex(pool_of([], [ScoredPassage("a:0", 0.2), ScoredPassage("b:0", -0.4)]))
    assert by_id(fused) == {"a:0": 0.1, "b:0": -0.2}


@settings(max_examples=100, deadline=None)
@given(rankings, rankings, st.integers(0, 9), st.sampled_from(sorted(RULES)))
def test_the_order_of_arrival_changes_nothing(
    bm25: list[ScoredPassage], dense: list[ScoredPassage], seed: int, rule: FusionRule
) -> None:
    generator = random.Random(seed)  # noqa: S311 - not for secrets
    shuffled = [generator.sample(side, len(side)) for side in (bm25, dense)]
    expected = best_first(RULES[rule](pool_of(bm25, dense), None))
    assert best_first(RULES[rule](pool_of(*shuffled), None)) == expected
    ids = [passage.passage_id for passage in expected]
    assert sorted(ids) == sorted({scored.passage_id for scored in [*bm25, *dense]})
    assert [p.score for p in expected] == sorted((p.score for p in expected), reverse=True)


@settings(max_examples=100, deadline=None)
@given(rankings, st.booleans())
def test_a_single_retriever_keeps_its_own_scores(found: list[ScoredPassage], dense: bool) -> None:
    fused = single(columns(found), dense=dense)
    assert by_id(fused) == {scored.passage_id: scored.score for scored in found}
    for rank, passage in enumerate(best_first(fused), 1):
        own, other = passage.explanation.dense, passage.explanation.bm25
        own, other = (own, other) if dense else (other, own)
        assert own == RetrieverRank(rank, passage.score)
        assert other is None
        assert passage.explanation.formula == (
            f"{'cosine' if dense else 'BM25'} {passage.score:.4f}"
        )
