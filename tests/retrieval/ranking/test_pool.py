"""Two rankings are joined by passage; each side keeps its scores and gets its ranks."""

import math

from retrieval.ranking.hits import RetrieverRank
from retrieval.ranking.pool import NOTHING_FOUND, Pool
from tests.support.scored_passages import ScoredPassage, columns

BM25 = columns([ScoredPassage("b:40", 8.0), ScoredPassage("a:5", 2.0)])
DENSE = columns([ScoredPassage("b:3", 0.9), ScoredPassage("a:5", 0.5)])


def test_each_passage_is_there_once_by_document_then_by_start_as_a_number() -> None:
    pool = Pool.of(BM25, DENSE)
    found = list(zip(pool.doc_ids.tolist(), pool.starts.tolist(), strict=True))
    assert found == [(b"a", 5), (b"b", 3), (b"b", 40)]
    assert pool.documents.tolist() == [b"a", b"b"]
    assert pool.document_indices.tolist() == [0, 1, 1]


def test_each_side_says_where_it_found_a_passage() -> None:
    pool = Pool.of(BM25, DENSE)
    assert [pool.bm25.at(place) for place in range(3)] == [
        RetrieverRank(2, 2.0),
        None,
        RetrieverRank(1, 8.0),
    ]
    assert [pool.dense.at(place) for place in range(3)] == [
        RetrieverRank(2, 0.5),
        RetrieverRank(1, 0.9),
        None,
    ]


def test_a_side_that_found_nothing_says_nothing() -> None:
    pool = Pool.of(NOTHING_FOUND, DENSE)
    assert len(pool) == 2
    assert all(math.isnan(score) for score in pool.bm25.scores)
    assert pool.bm25.at(0) is None
    assert len(Pool.of(NOTHING_FOUND, NOTHING_FOUND)) == 0


def test_equal_scores_but_for_rounding_are_ranked_by_passage() -> None:
    noisy = columns([ScoredPassage("b:0", 0.5 + 1e-9), ScoredPassage("a:0", 0.5)])
    pool = Pool.of(NOTHING_FOUND, noisy)
    assert pool.dense.ranks.tolist() == [1, 2]
    assert pool.dense.scores.tolist() == [0.5, 0.5 + 1e-9]
