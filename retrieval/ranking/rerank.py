"""Reordering of hits by the reader's relevance."""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.ranking.pool import SCORE_DECIMALS
from retrieval.readers.protocol import Reading
from retrieval.settings import RELEVANCE_WEIGHT


def rerank(
    hits: Sequence[Hit], readings: Sequence[Reading], weight: float = RELEVANCE_WEIGHT
) -> tuple[Hit, ...]:
    """Return the hits by (1 - weight) x fused score + weight x relevance.

    Hits that were not read follow in their order.

    Args:
        hits: in rank order.
        readings: of the first hits, in the same order.
        weight: of the relevance, 0 to 1.
    """
    scored = []
    for index, hit in enumerate(hits):
        relevance = readings[index].relevance if index < len(readings) else 0.0
        score = round((1 - weight) * hit.score + weight * relevance, SCORE_DECIMALS)
        formula = f"{1 - weight:g} x ({hit.explanation.formula}) + {weight:g} x {relevance:.4f}"
        explanation = replace(hit.explanation, formula=formula)
        scored.append(replace(hit, score=score, explanation=explanation))
    read, rest = scored[: len(readings)], scored[len(readings) :]
    read.sort(key=lambda hit: (-hit.score, hit.found.passage.doc_id, hit.found.passage.start))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate((*read, *rest), FIRST_RANK))
