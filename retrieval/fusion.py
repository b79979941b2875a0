"""How do two rankings become one? One rule, one function, with its source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
class Found:
    """What each side says of one passage: its rank and score there, None where it was not found."""

    bm25: RetrieverRank | None
    dense: RetrieverRank | None
    article: float | None


Rule = Callable[[Found], float]
Formula = Callable[[Found], str]


@dataclass(frozen=True, slots=True)
class FusedPassage:
    """A passage with its fused score (higher is better) and how it came about.

    Hundreds are fused and few are shown, so the explanation is written when it is asked for.
    """

    passage_id: str
    score: float
    found: Found
    formula: Formula = field(compare=False, repr=False)

    @property
    def explanation(self) -> Explanation:
        """Which retriever found it where, and what fusion made of it."""
        found = self.found
        return Explanation(found.bm25, found.dense, self.formula(found), found.article)


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

    def shares(found: Found) -> tuple[float, float, float]:
        cosine = found.dense.score if found.dense else floor
        return cosine, found.bm25.score if found.bm25 else 0.0, found.article or 0.0

    def score(found: Found) -> float:
        cosine, terms, article = shares(found)
        lexical = terms / best
        if share:
            lexical = (1 - share) * lexical + share * article / best_article
        return weight * cosine + (1 - weight) * lexical

    def formula(found: Found) -> str:
        cosine, terms, article = shares(found)
        lexical = f"{terms:.4f}/{best:.4f}"
        if share:
            whole = f"{article:.4f}/{best_article:.4f}"
            lexical = f"({1 - share:g} x {lexical} + {share:g} x {whole})"
        return f"{weight:g} x {cosine:.4f} + {1 - weight:g} x {lexical}"

    return _fuse(bm25, dense, score, formula, articles)


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

    def ranks(found: Found) -> list[int]:
        return [side.rank for side in (found.bm25, found.dense) if side]

    def score(found: Found) -> float:
        return sum(1 / (k + rank) for rank in ranks(found))

    def formula(found: Found) -> str:
        return " + ".join(f"1/({k}+{rank})" for rank in ranks(found))

    return _fuse(bm25, dense, score, formula, articles)


RULES: dict[FusionRule, Callable[..., list[FusedPassage]]] = {"convex": convex, "rrf": rrf}


def single(ranking: Sequence[ScoredPassage], *, dense: bool) -> list[FusedPassage]:
    """Return one retriever's ranking with its own scores."""

    def score(found: Found) -> float:
        side = found.dense or found.bm25
        return side.score if side else 0.0

    def formula(found: Found) -> str:
        return f"{'cosine' if dense else 'BM25'} {score(found):.4f}"

    return _fuse([], ranking, score, formula) if dense else _fuse(ranking, [], score, formula)


def _fuse(
    bm25: Sequence[ScoredPassage],
    dense: Sequence[ScoredPassage],
    score: Rule,
    formula: Formula,
    articles: Mapping[str, float] = NO_ARTICLES,
) -> list[FusedPassage]:
    lexical, vector = _ranks(bm25), _ranks(dense)
    places = _places((*bm25, *dense))
    fused = []
    for passage_id in lexical | vector:
        article = articles.get(places[passage_id][0])
        found = Found(lexical.get(passage_id), vector.get(passage_id), article)
        rounded = round(score(found), _DECIMALS)
        fused.append(FusedPassage(passage_id, rounded, found, formula))
    return sorted(fused, key=lambda passage: (-passage.score, places[passage.passage_id]))


def _ranks(ranking: Sequence[ScoredPassage]) -> dict[str, RetrieverRank]:
    """Return the rank of each passage: by score, then by (doc_id, start), never by arrival."""
    places = _places(ranking)
    ordered = sorted(
        ranking, key=lambda scored: (-round(scored.score, _DECIMALS), places[scored.passage_id])
    )
    return {
        scored.passage_id: RetrieverRank(rank, scored.score)
        for rank, scored in enumerate(ordered, FIRST_RANK)
    }


def _places(ranking: Sequence[ScoredPassage]) -> dict[str, tuple[str, int]]:
    """Return the document of each passage, and where it starts there."""
    places = {}
    for scored in ranking:
        doc_id, _, start = scored.passage_id.rpartition(":")
        places[scored.passage_id] = (doc_id, int(start))
    return places
