"""Ranking of the passages of one store: ask both retrievers, fuse, collapse, fetch the texts."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Literal

from indexer.cores import cores
from indexer.errors import IndexFormatError, build_command
from indexer.storage.local_store import LocalStore
from indexer.store import Embeddings, ScoredPassages
from retrieval.background import QuestionEncoder
from retrieval.clock import Clock
from retrieval.query.filters import hidden_notes
from retrieval.query.parse import Query
from retrieval.query.unknown_names import unmatched_notes
from retrieval.ranking.collapse import collapse
from retrieval.ranking.fusion import RULES, Fused, FusedPassage, FusionRule, single
from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.ranking.pool import NOTHING_FOUND, Pool
from retrieval.settings import RETRIEVAL_DEPTH

Mode = Literal["hybrid", "bm25", "dense", "reranked"]
MODES: tuple[Mode, ...] = ("hybrid", "bm25", "dense", "reranked")

# Where copies fill the hits, search deeper: by this factor, so many times (6,400 passages a side).
_DEEPER_BY = 4
_DEEPER = 3


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits in rank order, and warnings for the user."""

    hits: tuple[Hit, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    """One search: the retrievers to ask, and how to make hits of what they find.

    The dense retriever is asked when there is a vector, BM25 when `lexical`.
    """

    query: Query
    k: int
    lexical: bool
    vector: Embeddings | None
    fusion: FusionRule
    collapsed: bool


class Ranker:
    """Ranks the passages of one store. Safe between threads."""

    def __init__(
        self,
        store: LocalStore,
        encoder: QuestionEncoder,
        language_note: str | None = None,
        version_note: str | None = None,
    ) -> None:
        """Take the opened parts, and the notes on their index; see `indexer.storage.notes`."""
        self._store = store
        self._encoder = encoder
        self._language_note = language_note
        self._notes = [version_note] if version_note else []
        # BM25 runs on another core while the encoder and the vectors are busy.
        self._beside = None if encoder.threads == 1 else ThreadPoolExecutor(cores())
        # More questions at a time than cores would only wait for each other, each with its memory.
        self._turns = BoundedSemaphore(cores())

    def rank(
        self,
        query: Query,
        k: int,
        mode: Mode,
        fusion: FusionRule,
        clock: Clock,
        *,
        collapsed: bool = False,
    ) -> Ranking:
        """Return at most `k` passages.

        Args:
            query: the parsed question.
            k: maximum number of hits.
            mode: `bm25` or `dense` ask one retriever, any other both.
            fusion: the rule that combines both rankings.
            clock: receives the times of encoding and retrieving.
            collapsed: let one hit represent its copies, which do not count towards k.
        """
        catalog = self._store.catalog
        hidden = hidden_notes(catalog, query.restriction)
        warnings = [*self._notes, *query.warnings, *hidden]
        if not query.text:
            return Ranking((), (*warnings, "Please enter at least one word to search for."))
        with self._turns:
            depth = min(max(k, RETRIEVAL_DEPTH), catalog.count)
            ahead, vector = None, None
            if mode != "bm25":
                ahead = self._terms_ahead(query, depth) if mode != "dense" else None
                vector = self._encoder.encode(query.text)
                clock.lap("encode")
                warnings += self._encoder_warnings(query, encoded=vector is not None)
            search = _Search(query, k, mode != "dense", vector, fusion, collapsed)
            hits, exhausted = self._found(search, depth, ahead)
            for _ in range(_DEEPER if collapsed else 0):
                if len(hits) >= k or exhausted or depth == catalog.count:
                    break
                depth = min(depth * _DEEPER_BY, catalog.count)
                hits, exhausted = self._found(search, depth)
            warnings += unmatched_notes(catalog, query.restriction, found=bool(hits))
        clock.lap("retrieve")
        return Ranking(hits, tuple(warnings))

    def _terms_ahead(self, query: Query, depth: int) -> Future[ScoredPassages] | None:
        """Start BM25 on another core; None when a question may use one thread only."""
        if self._beside is None:
            return None
        return self._beside.submit(self._store.match_terms, query.terms, depth, query.restriction)

    def _encoder_warnings(self, query: Query, *, encoded: bool) -> list[str]:
        english = query.restriction.languages == ("en",)
        warning = (None if english else self._language_note) if encoded else self._encoder.warning
        return [warning] if warning else []

    def _found(
        self, search: _Search, depth: int, ahead: Future[ScoredPassages] | None = None
    ) -> tuple[tuple[Hit, ...], bool]:
        """Return the hits, and whether searching deeper would find no more."""
        query, bm25, dense = search.query, None, None
        if search.vector is not None:
            dense = self._store.match_vector(search.vector, depth, query.restriction)
        if ahead is not None:
            bm25 = ahead.result()
        elif search.lexical:
            bm25 = self._store.match_terms(query.terms, depth, query.restriction)
        exhausted = all(len(found) < depth for found in (bm25, dense) if found is not None)
        fused = self._combine(query, bm25, dense, search.fusion)
        try:
            if search.collapsed:
                ranks = collapse(fused, search.k, query.text, self._store)
            else:
                ranks = list(range(FIRST_RANK, FIRST_RANK + min(search.k, len(fused))))
            return self._hits(fused.at(ranks)), exhausted
        except KeyError as error:
            raise IndexFormatError(
                f"The index is damaged: passage {error} is missing. Rebuild it: {build_command()}"
            ) from error

    def _combine(
        self,
        query: Query,
        bm25: ScoredPassages | None,
        dense: ScoredPassages | None,
        fusion: FusionRule,
    ) -> Fused:
        """Fuse the rankings; a single retriever keeps its own scores."""
        if bm25 is not None and dense is not None:
            pool = Pool.of(bm25, dense)
            return RULES[fusion](pool, self._store.match_articles(query.terms, pool.documents))
        if bm25 is not None:
            return single(bm25, dense=False)
        return single(NOTHING_FOUND if dense is None else dense, dense=True)

    def _hits(self, shown: Sequence[FusedPassage]) -> tuple[Hit, ...]:
        """Fetch the passages to show, ranked anew from the first."""
        found = self._store.passages([passage.passage_id for passage in shown])
        copies = self._store.copies_of(list({stored.passage.doc_id for stored in found}))
        return tuple(
            Hit(
                stored,
                passage.score,
                rank,
                passage.explanation,
                copies.get(stored.passage.doc_id, ()),
            )
            for rank, (stored, passage) in enumerate(zip(found, shown, strict=True), FIRST_RANK)
        )
