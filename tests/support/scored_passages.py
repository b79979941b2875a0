"""Rankings of a few passages, one by one: the store keeps them column by column."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from indexer.store import ScoredPassages, doc_id_array, passage_id_of
from retrieval.ranking.fusion import Fused, FusedPassage
from retrieval.ranking.hits import FIRST_RANK


class ScoredPassage(NamedTuple):
    passage_id: str
    score: float


def columns(passages: Iterable[ScoredPassage]) -> ScoredPassages:
    found = [(*each.passage_id.rpartition(":"), each.score) for each in passages]
    return ScoredPassages(
        doc_id_array([doc_id for doc_id, *_ in found]),
        np.array([int(start) for *_, start, _ in found], dtype=np.int64),
        np.array([score for *_, score in found], dtype=np.float64),
    )


def rows(found: ScoredPassages) -> list[ScoredPassage]:
    return [
        ScoredPassage(passage_id_of(doc_id, start), score)
        for doc_id, start, score in zip(
            found.doc_ids, found.starts, found.scores.tolist(), strict=True
        )
    ]


def best_first(fused: Fused) -> list[FusedPassage]:
    return fused.at(range(FIRST_RANK, FIRST_RANK + len(fused)))
