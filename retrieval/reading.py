"""What does the reader make of the first hits of a question, and which of it is quoted?

In: a parsed question and a snapshot. Out: hits as the reader orders them, and cited quotes.
"""

from collections.abc import Sequence

from retrieval.answering.answers import Quote, choose_quotes
from retrieval.clock import Clock
from retrieval.query.parse import Query
from retrieval.ranking.fusion import FusionRule
from retrieval.ranking.hits import Hit
from retrieval.ranking.ranker import Ranking
from retrieval.ranking.rerank import rerank
from retrieval.readers.protocol import Reading
from retrieval.settings import READ_DEPTH
from retrieval.snapshot import Snapshot


def read_hits(
    snapshot: Snapshot, query: Query, k: int, fusion: FusionRule, clock: Clock, *, collapsed: bool
) -> tuple[Ranking, list[tuple[Hit, Reading]]]:
    """Return at most `k` hits as the reader orders them, and what it read, in fused order.

    Raises:
        ReaderError: when the reader's model is missing or altered.
    """
    depth = max(k, READ_DEPTH)
    ranking = snapshot.ranker.rank(query, depth, "hybrid", fusion, clock, collapsed=collapsed)
    read = ranking.hits[:READ_DEPTH]
    reader = snapshot.reader.get()
    readings = reader.read(query.text, [hit.found for hit in read])
    warnings = (*ranking.warnings, *reader.warnings(query.text))
    hits = rerank(ranking.hits, readings)[:k]
    clock.lap("read")
    return Ranking(hits, warnings), list(zip(read, readings, strict=True))


def cite_best(
    snapshot: Snapshot, read: Sequence[tuple[Hit, Reading]], most: int, least: float
) -> tuple[Quote, ...]:
    """Return the best of what was read, compared with the articles once more."""
    passages = {hit.passage_id: hit.found for hit, _ in read}
    readings = [reading for _, reading in read]
    chosen = choose_quotes(list(passages.values()), readings, most, least)
    return tuple(snapshot.quoter.quote(quote, passages[quote.passage_id]) for quote in chosen)
