"""How do two rankings become one? One rule, one function, with its source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from indexer.store import ScoredPassage
from retrieval.hits import FIRST_RANK, Explanation, RetrieverRank

FusionRule = Literal["convex", "rrf"]

# From `python -m benchmarks.fit_ranking`: nDCG@10 on development news questions, 8,000 articles:
# convex 0.862 at 0 (BM25 alone), 0.867 at 0.4, 0.863 at 0.5, 0.853 at 0.6, 0.708 at 1 (vectors
# alone); reciprocal rank fusion 0.799. The labels favour words: by the notes of the evaluation
# data, vectors alone come within 0.025 of BM25 where people made the links, so the middle stays.
# The constant of the rank fusion is the paper's. Of the BM25 side the whole article makes up 0.4,
# from the same run: 0.839 at 0, 0.854 at 0.2, 0.863 at 0.4, 0.859 at 0.6, 0.837 at 1.
DENSE_WEIGHT = 0.5
ARTICLE_WEIGHT = 0.4
RRF_K = 60

NO_ARTICLES: Mapping[str, float] = MappingProxyType({})

# Scores closer than this are equal: they differ by rounding between threads and batches only.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FusedPassage:
    """A passage with its fused score (higher is better) and how it came about."""

    passage_id: str
    score: float
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class _Found:
    """What each side says of one passage."""

    bm25: RetrieverRank | None
    dense: RetrieverRank | None
    article: float | None


def convex(
    bm25: Sequence[ScoredPassage],
    dense: Sequence[ScoredPassage],
    articles: Mapping[str, float] = NO_ARTICLES,
    *,
    weight: float = DENSE_WEIGHT,
    article_weight: float = ARTICLE_WEIGHT,
) -> list[FusedPassage]:
    """Add weight x cosine and (1 - weight) x BM25 / best BM25 (Bruch et al., TOIS 2023).

    A passage that one side did not find gets the least that side can tell of it: 0 for BM25, the
    lowest fetched cosine for the dense side.

    Args:
        bm25: passages by their terms.
        dense: passages by their vectors.
        articles: BM25 of the articles in which the passages stand; where given, it makes up
            `article_weight` of the BM25 side, divided by the best one as well.
        weight: of the cosine.
        article_weight: of the article within the BM25 side.

    >>> found = convex([ScoredPassage("a:0", 8.0)], [ScoredPassage("a:0", 0.5)])
    >>> found[0].score, found[0].explanation.formula
    (0.75, '0.5 x 0.5000 + 0.5 x 8.0000/8.0000')
    """
    best = max((scored.score for scored in bm25), default=1.0) or 1.0
    floor = min((scored.score for scored in dense), default=0.0)
    best_article = max(articles.values(), default=0.0)
    share = article_weight if best_article else 0.0

    def combine(found: _Found) -> tuple[float, str]:
        cosine = found.dense.score if found.dense else floor
        terms = found.bm25.score if found.bm25 else 0.0
        lexical, formula = terms / best, f"{terms:.4f}/{best:.4f}"
        if share:
            article = found.article or 0.0
            lexical = (1 - share) * lexical + share * article / best_article
            formula = f"({1 - share:g} x {formula} + {share:g} x {article:.4f}/{best_article:.4f})"
        score = weight * cosine + (1 - weight) * lexical
        return score, f"{weight:g} x {cosine:.4f} + {1 - weight:g} x {formula}"

    return _fuse(bm25, dense, combine, articles)


def rrf(
    bm25: Sequence[ScoredPassage],
    dense: Sequence[ScoredPassage],
    articles: Mapping[str, float] = NO_ARTICLES,
    *,
    k: int = RRF_K,
) -> list[FusedPassage]:
    """Add 1 / (k + rank) over the rankings (Cormack et al., SIGIR 2009), ranks from 1.

    The articles' scores are shown with the passages and do not count.

    >>> rrf([ScoredPassage("a:0", 8.0)], [ScoredPassage("a:0", 0.5)])[0].explanation.formula
    '1/(60+1) + 1/(60+1)'
    """

    def combine(found: _Found) -> tuple[float, str]:
        ranks = [side.rank for side in (found.bm25, found.dense) if side]
        formula = " + ".join(f"1/({k}+{rank})" for rank in ranks)
        return sum(1 / (k + rank) for rank in ranks), formula

    return _fuse(bm25, dense, combine, articles)


RULES: dict[FusionRule, Callable[..., list[FusedPassage]]] = {"convex": convex, "rrf": rrf}


def single(ranking: Sequence[ScoredPassage], *, dense: bool) -> list[FusedPassage]:
    """Return one retriever's ranking with its own scores."""

    def combine(found: _Found) -> tuple[float, str]:
        side = found.dense or found.bm25
        score = side.score if side else 0.0
        return score, f"{'cosine' if dense else 'BM25'} {score:.4f}"

    return _fuse([], ranking, combine) if dense else _fuse(ranking, [], combine)


def _fuse(
    bm25: Sequence[ScoredPassage],
    dense: Sequence[ScoredPassage],
    combine: Callable[[_Found], tuple[float, str]],
    articles: Mapping[str, float] = NO_ARTICLES,
) -> list[FusedPassage]:
    lexical = _ranks(bm25)
    vector = _ranks(dense)
    fused = []
    for passage_id in dict.fromkeys([*lexical, *vector]):
        article = articles.get(passage_id.rpartition(":")[0])
        found = _Found(lexical.get(passage_id), vector.get(passage_id), article)
        score, formula = combine(found)
        explanation = Explanation(found.bm25, found.dense, formula, article)
        fused.append(FusedPassage(passage_id, round(score, _DECIMALS), explanation))
    return sorted(fused, key=_by_score)


def _ranks(ranking: Sequence[ScoredPassage]) -> dict[str, RetrieverRank]:
    return {
        scored.passage_id: RetrieverRank(rank, scored.score)
        for rank, scored in enumerate(sorted(ranking, key=_by_score), FIRST_RANK)
    }


def _by_score(scored: ScoredPassage | FusedPassage) -> tuple[float, str, int]:
    """Order by score, then by (doc_id, start): never by insertion."""
    doc_id, _, start = scored.passage_id.rpartition(":")
    return (-round(scored.score, _DECIMALS), doc_id, int(start))
