"""How do two rankings become one? One rule, one function, with its source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.store import ScoredPassage
from retrieval.hits import FIRST_RANK, Explanation, RetrieverRank

FusionRule = Literal["convex", "rrf"]

# From `python -m benchmarks.fit_ranking`: nDCG@10 on development news questions, 8,000 articles:
# convex 0.832 at 0 (BM25 alone), 0.842 at 0.2, 0.839 at 0.5, 0.835 at 0.6, 0.708 at 1 (vectors
# alone); reciprocal rank fusion 0.799. The labels favour words: by the notes of the evaluation
# data, vectors alone come within 0.025 of BM25 where people made the links, so the middle stays.
# The constant of the rank fusion is the paper's.
DENSE_WEIGHT = 0.5
RRF_K = 60

# Scores closer than this are equal: they differ by rounding between threads and batches only.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FusedPassage:
    """A passage with its fused score (higher is better) and how it came about."""

    passage_id: str
    score: float
    explanation: Explanation


def convex(
    bm25: Sequence[ScoredPassage], dense: Sequence[ScoredPassage], weight: float = DENSE_WEIGHT
) -> list[FusedPassage]:
    """Add weight x cosine and (1 - weight) x BM25 / best BM25 (Bruch et al., TOIS 2023).

    A passage that one side did not find gets the least that side can tell of it: 0 for BM25, the
    lowest fetched cosine for the dense side.

    >>> found = convex([ScoredPassage("a:0", 8.0)], [ScoredPassage("a:0", 0.5)])
    >>> found[0].score, found[0].explanation.formula
    (0.75, '0.5 x 0.5000 + 0.5 x 8.0000/8.0000')
    """
    best = max((scored.score for scored in bm25), default=1.0) or 1.0
    floor = min((scored.score for scored in dense), default=0.0)

    def combine(lexical: RetrieverRank | None, vector: RetrieverRank | None) -> tuple[float, str]:
        cosine = vector.score if vector else floor
        terms = lexical.score if lexical else 0.0
        formula = f"{weight:g} x {cosine:.4f} + {1 - weight:g} x {terms:.4f}/{best:.4f}"
        return weight * cosine + (1 - weight) * terms / best, formula

    return _fuse(bm25, dense, combine)


def rrf(
    bm25: Sequence[ScoredPassage], dense: Sequence[ScoredPassage], k: int = RRF_K
) -> list[FusedPassage]:
    """Add 1 / (k + rank) over the rankings (Cormack et al., SIGIR 2009), ranks from 1.

    >>> rrf([ScoredPassage("a:0", 8.0)], [ScoredPassage("a:0", 0.5)])[0].explanation.formula
    '1/(60+1) + 1/(60+1)'
    """

    def combine(lexical: RetrieverRank | None, vector: RetrieverRank | None) -> tuple[float, str]:
        ranks = [found.rank for found in (lexical, vector) if found]
        formula = " + ".join(f"1/({k}+{rank})" for rank in ranks)
        return sum(1 / (k + rank) for rank in ranks), formula

    return _fuse(bm25, dense, combine)


RULES: dict[FusionRule, Callable[..., list[FusedPassage]]] = {"convex": convex, "rrf": rrf}


def single(ranking: Sequence[ScoredPassage], *, dense: bool) -> list[FusedPassage]:
    """Return one retriever's ranking with its own scores."""

    def combine(lexical: RetrieverRank | None, vector: RetrieverRank | None) -> tuple[float, str]:
        found = vector or lexical
        score = found.score if found else 0.0
        return score, f"{'cosine' if dense else 'BM25'} {score:.4f}"

    return _fuse([], ranking, combine) if dense else _fuse(ranking, [], combine)


def _fuse(
    bm25: Sequence[ScoredPassage],
    dense: Sequence[ScoredPassage],
    combine: Callable[[RetrieverRank | None, RetrieverRank | None], tuple[float, str]],
) -> list[FusedPassage]:
    lexical = _ranks(bm25)
    vector = _ranks(dense)
    fused = []
    for passage_id in dict.fromkeys([*lexical, *vector]):
        found = lexical.get(passage_id), vector.get(passage_id)
        score, formula = combine(*found)
        explanation = Explanation(bm25=found[0], dense=found[1], formula=formula)
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
