"""Search with the reader: the hits of a question, and what the reader says of the first of them."""

from dataclasses import dataclass

from retrieval.clock import Clock
from retrieval.query.normalise import with_abbreviations
from retrieval.query.parse import Query
from retrieval.ranking.fusion import FusionRule
from retrieval.ranking.hits import Hit
from retrieval.ranking.ranker import Ranking
from retrieval.ranking.rerank import rerank
from retrieval.readers.protocol import Reading
from retrieval.settings import READ_DEPTH
from retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ReadHits:
    """Reranked hits, and the first hits in fused order with their readings of a question.

    `question` has the abbreviations that the hits introduce.
    """

    ranking: Ranking
    question: str
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]


def read_hits(
    snapshot: Snapshot, query: Query, k: int, fusion: FusionRule, clock: Clock, *, collapsed: bool
) -> ReadHits:
    """Search, read the first hits, and return at most `k` of them reranked."""
    depth = max(k, READ_DEPTH)
    ranking = snapshot.ranker.rank(query, depth, "hybrid", fusion, clock, collapsed=collapsed)
    first = ranking.hits[:READ_DEPTH]
    reader = snapshot.reader.get()
    question = with_abbreviations(query.text, [hit.found.text for hit in first])
    readings = reader.read(question, [hit.found for hit in first])
    warnings = (*ranking.warnings, *reader.warnings(question))
    hits = rerank(ranking.hits, readings)[:k]
    clock.lap("read")
    return ReadHits(Ranking(hits, warnings), question, first, tuple(readings))
