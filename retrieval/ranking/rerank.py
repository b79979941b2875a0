"""What do the reader's relevances make of a ranking?

In: hits in fused order, and readings of the first of them. Out: the same hits, reordered.
"""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.readers.protocol import Reading
from retrieval.settings import RELEVANCE_WEIGHT

# Scores closer than this are equal, as in fusion.
_DECIMALS = 6


def rerank(
    hits: Sequence[Hit], readings: Sequence[Reading], weight: float = RELEVANCE_WEIGHT
) -> tuple[Hit, ...]:
    """Return the hits by (1 - weight) x fused score + weight x relevance.

    Those that were not read follow in their order: nothing says that they are relevant.

    Args:
        hits: in rank order; the first `len(readings)` of them were read.
        readings: of the first hits, in the same order.
        weight: what the relevance counts, 0 to 1.
    """
    scored = []
    for place, hit in enumerate(hits):
        relevance = readings[place].relevance if place < len(readings) else 0.0
        score = round((1 - weight) * hit.score + weight * relevance, _DECIMALS)
        formula = f"{1 - weight:g} x ({hit.explanation.formula}) + {weight:g} x {relevance:.4f}"
        explanation = replace(hit.explanation, formula=formula)
        scored.append(replace(hit, score=score, explanation=explanation))
    read, rest = scored[: len(readings)], scored[len(readings) :]
    read.sort(key=lambda hit: (-hit.score, hit.found.passage.doc_id, hit.found.passage.start))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate((*read, *rest), FIRST_RANK))
