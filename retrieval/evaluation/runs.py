"""Which documents does each mode rank, and how long does it take?

In: an engine over an encoded collection. Out: a `Run` a mode. An article scores as its best
passage; dates are used neither to filter nor to rank.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.progress import NoProgress, Progress
from retrieval.answering.answers import SearchResult
from retrieval.evaluation.asking import Searcher
from retrieval.evaluation.collection import CollectionQuery
from retrieval.evaluation.plain_query import as_plain_text
from retrieval.ranking.ranker import MODES, Mode
from retrieval.settings import RETRIEVAL_DEPTH

RANKED = 100
"""How many documents are ranked for a query."""

_DISPLAYED = ("bm25", "dense", "hybrid", "reranked")
# The reader reorders the first hits of a hybrid search; what follows them is the hybrid ranking.
_CONTINUED_AS: Mapping[str, Mode] = {"reranked": "hybrid"}


@dataclass(frozen=True, slots=True)
class Run:
    """What a mode ranked: for each query, document ids, best first, and milliseconds.

    `warnings` are what the engine said meanwhile, each once.
    """

    mode: Mode
    rankings: tuple[tuple[str, ...], ...] = field(repr=False)
    milliseconds: tuple[float, ...] = field(repr=False)
    warnings: tuple[str, ...] = ()


def displayed(modes: Iterable[Mode] = MODES) -> tuple[Mode, ...]:
    """Return modes in the order of reports: from the simplest to the most costly."""
    rank = {name: number for number, name in enumerate(_DISPLAYED)}
    return tuple(sorted(modes, key=lambda mode: rank.get(mode, len(rank))))


def run_mode(
    engine: Searcher,
    queries: Sequence[CollectionQuery],
    ids: Mapping[str, str],
    mode: Mode,
    progress: Progress | None = None,
) -> Run:
    """Ask every query in one mode.

    The first ranks are those of the default search, which fetches RETRIEVAL_DEPTH passages from
    each side, so that nDCG@10 and RR@10 measure what users get. Where its passages are of fewer
    than RANKED documents, it is asked again, ever deeper, and what it then finds beyond is put
    behind, since recall at 100 needs 100 documents. Only the default search is timed; the first
    query is asked once before, so that opening the encoder counts for none. Copies are not
    collapsed: judged documents may be copies of each other.

    Args:
        engine: what searches.
        queries: at least one.
        ids: doc_id to the collection's document id.
        mode: which retrievers to ask.
        progress: is told about each query.
    """
    shown = progress or NoProgress()
    shown.stage(mode, len(queries))
    engine.search(as_plain_text(queries[0].text), RETRIEVAL_DEPTH, mode, collapse=False)
    rankings, milliseconds = [], []
    warnings: dict[str, None] = {}
    for query in queries:
        text = as_plain_text(query.text)
        begun = time.perf_counter()
        found = engine.search(text, RETRIEVAL_DEPTH, mode, collapse=False)
        milliseconds.append(1000 * (time.perf_counter() - begun))
        warnings |= dict.fromkeys(found.warnings)
        rankings.append(tuple(ids[doc_id] for doc_id in _ranking(engine, text, mode, found)))
        shown.advance()
    shown.close()
    return Run(mode, tuple(rankings), tuple(milliseconds), tuple(warnings))


def _ranking(engine: Searcher, text: str, mode: Mode, found: SearchResult) -> list[str]:
    """Return the doc_ids of the default search, continued from deeper ones up to RANKED."""
    documents = _documents(found)
    passages, depth = len(found.hits), RETRIEVAL_DEPTH
    while len(documents) < RANKED and passages == depth:
        depth *= 2
        deeper = engine.search(text, depth, _CONTINUED_AS.get(mode, mode), collapse=False)
        passages = len(deeper.hits)
        documents |= _documents(deeper)
    return list(documents)[:RANKED]


def _documents(found: SearchResult) -> dict[str, None]:
    """Return each document once, where its best passage stands."""
    return dict.fromkeys(hit.found.passage.doc_id for hit in found.hits)
