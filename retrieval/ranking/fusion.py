"""Rules that fuse two rankings: one function each, with its source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexer.store import DocIds, ScoredPassages, passage_id_of
from retrieval.ranking.hits import FIRST_RANK, Explanation
from retrieval.ranking.pool import NOTHING_FOUND, SCORE_DECIMALS, Pool

FusionRule = Literal["convex", "rrf"]

# `python -m training.ranking`, nDCG@10 on development news questions over 8,000 articles:
# convex 0.862 at 0 (BM25 alone), 0.867 at 0.4, 0.863 at 0.5, 0.853 at 0.6, 0.708 at 1 (vectors
# alone); reciprocal rank fusion 0.799. These labels favour shared words; where people made the
# links, vectors alone come within 0.025 of BM25 (notes of the evaluation data), hence 0.5. Weight
# of the whole article within BM25: 0.839 at 0, 0.854 at 0.2, 0.863 at 0.4, 0.859 at 0.6, 0.837 at
# 1. The constant of rank fusion is the paper's.
DENSE_WEIGHT = 0.5
ARTICLE_WEIGHT = 0.4
RRF_K = 60

Formula = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class FusedPassage:
    """A passage with its fused score (higher is better) and its explanation."""

    passage_id: str
    score: float
    explanation: Explanation


class Fused:
    """Passages of a pool, best first; hundreds are fused and few shown, so each is made lazily."""

    def __init__(
        self,
        pool: Pool,
        scores: NDArray[np.float64],
        formula: Formula,
        articles: NDArray[np.float64] | None = None,
    ) -> None:
        """Order the passages by score, then by (doc_id, start).

        Args:
            pool: the passages.
            scores: of each passage of the pool.
            formula: returns the formula of the score at an index of the pool.
            articles: BM25 score of each document of the pool, NaN without one.
        """
        self._pool = pool
        self._scores = scores.round(SCORE_DECIMALS)
        self._formula = formula
        self._articles = articles
        self._order = np.lexsort((np.arange(len(pool)), -self._scores))

    @property
    def documents(self) -> DocIds:
        """Documents of the passages, each once, ascending."""
        return self._pool.documents

    @property
    def document_indices(self) -> NDArray[np.int64]:
        """Index of each passage's document in `documents`, best passage first."""
        return self._pool.document_indices[self._order]

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self._order)

    def at(self, ranks: Iterable[int]) -> list[FusedPassage]:
        """Return the passages at some ranks, from `FIRST_RANK`."""
        return [self._passage(int(self._order[rank - FIRST_RANK])) for rank in ranks]

    def _passage(self, index: int) -> FusedPassage:
        pool = self._pool
        article = None if self._articles is None else self._articles[pool.document_indices[index]]
        return FusedPassage(
            passage_id_of(pool.doc_ids[index], pool.starts[index]),
            float(self._scores[index]),
            Explanation(
                pool.bm25.at(index),
                pool.dense.at(index),
                self._formula(index),
                None if article is None or np.isnan(article) else float(article),
            ),
        )


def convex(
    pool: Pool,
    articles: NDArray[np.float64] | None = None,
    *,
    weight: float = DENSE_WEIGHT,
    article_weight: float = ARTICLE_WEIGHT,
) -> Fused:
    """Add weight x cosine and (1 - weight) x BM25 / best BM25 (Bruch et al., TOIS 2023).

    A passage that one side did not find gets the lowest score of that side: 0 for BM25, the lowest
    cosine found for vectors.

    Args:
        pool: passages of both retrievers.
        articles: BM25 score of each document of the pool, NaN without one; divided by the best,
            it makes up `article_weight` of the BM25 side.
        weight: of the cosine.
        article_weight: of the article within the BM25 side.

    >>> from indexer.store import doc_id_array
    >>> ids, starts = doc_id_array(["a"]), np.array([0])
    >>> found = [ScoredPassages(ids, starts, np.array([score])) for score in (8.0, 0.5)]
    >>> (fused,) = convex(Pool.of(*found)).at([1])
    >>> fused.score, fused.explanation.formula
    (0.75, '0.5 x 0.5000 + 0.5 x 8.0000/8.0000')
    """
    best = _highest(pool.bm25.scores, 1.0) or 1.0
    terms = np.nan_to_num(pool.bm25.scores)
    cosines = np.nan_to_num(pool.dense.scores, nan=-_highest(-pool.dense.scores, 0.0))
    whole = (
        np.zeros(len(pool)) if articles is None else np.nan_to_num(articles)[pool.document_indices]
    )
    best_whole = _highest(whole, 0.0)
    share = article_weight if best_whole else 0.0
    lexical = terms / best
    if share:
        lexical = (1 - share) * lexical + share * whole / best_whole

    def formula(index: int) -> str:
        lexical = f"{terms[index]:.4f}/{best:.4f}"
        if share:
            article = f"{whole[index]:.4f}/{best_whole:.4f}"
            lexical = f"({1 - share:g} x {lexical} + {share:g} x {article})"
        return f"{weight:g} x {cosines[index]:.4f} + {1 - weight:g} x {lexical}"

    return Fused(pool, weight * cosines + (1 - weight) * lexical, formula, articles)


def rrf(pool: Pool, articles: NDArray[np.float64] | None = None, *, k: int = RRF_K) -> Fused:
    """Add 1 / (k + rank) over the rankings (Cormack et al., SIGIR 2009), ranks from 1.

    Article scores appear in explanations only.

    >>> from indexer.store import doc_id_array
    >>> ids, starts = doc_id_array(["a"]), np.array([0])
    >>> found = [ScoredPassages(ids, starts, np.array([score])) for score in (8.0, 0.5)]
    >>> rrf(Pool.of(*found)).at([1])[0].explanation.formula
    '1/(60+1) + 1/(60+1)'
    """
    sides = (pool.bm25.ranks, pool.dense.ranks)

    def formula(index: int) -> str:
        return " + ".join(f"1/({k}+{ranks[index]})" for ranks in sides if ranks[index])

    scores = sum(
        (np.where(ranks > 0, 1 / (k + ranks), 0.0) for ranks in sides), np.zeros(len(pool))
    )
    return Fused(pool, scores, formula, articles)


RULES: dict[FusionRule, Callable[[Pool, NDArray[np.float64] | None], Fused]] = {
    "convex": convex,
    "rrf": rrf,
}


def single(ranking: ScoredPassages, *, dense: bool) -> Fused:
    """Return one retriever's ranking with its own scores."""
    pool = Pool.of(NOTHING_FOUND, ranking) if dense else Pool.of(ranking, NOTHING_FOUND)
    scores = (pool.dense if dense else pool.bm25).scores

    def formula(index: int) -> str:
        return f"{'cosine' if dense else 'BM25'} {scores[index]:.4f}"

    return Fused(pool, scores, formula)


def _highest(values: NDArray[np.float64], default: float) -> float:
    """Return the highest value that is not NaN, or the default."""
    numbers = values[~np.isnan(values)]
    return float(numbers.max()) if len(numbers) else default
