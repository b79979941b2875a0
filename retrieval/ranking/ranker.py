"""Which passages fit a query best? Ask both retrievers, fuse, fetch the texts."""

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
from retrieval.query.filter_notes import nobody_notes, unknown_notes
from retrieval.query.parse import Query
from retrieval.ranking.collapse import collapse
from retrieval.ranking.fusion import RULES, Fused, FusedPassage, FusionRule, single
from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.ranking.pool import NOTHING_FOUND, Pool
from retrieval.settings import RETRIEVAL_DEPTH

Mode = Literal["hybrid", "bm25", "dense", "reranked"]
MODES: tuple[Mode, ...] = ("hybrid", "bm25", "dense", "reranked")

# Where copies fill the hits, so much deeper is looked, so many times: to 6,400 passages a side.
_DEEPER_BY = 4
_DEEPER = 3


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits in rank order, and in words what the user should know about them."""

    hits: tuple[Hit, ...]
    warnings: tuple[str, ...]


class Ranker:
    """Ranks the passages of one store. Safe between threads."""

    def __init__(
        self, store: LocalStore, encoder: QuestionEncoder, language_note: str | None = None
    ) -> None:
        """Take the opened parts, and what is to be said of languages the encoder cannot read."""
        self._store = store
        self._encoder = encoder
        self._language_note = language_note
        # While the encoder and the vectors are busy, terms are looked up on another core.
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
            k: how many hits to return; capped at the number of passages.
            mode: which retrievers to ask; both, unless it is one of their names.
            fusion: how two rankings become one.
            clock: receives the times of encoding and retrieving.
            collapsed: one hit stands for its copies, and k counts what is left.
        """
        warnings = [*query.warnings, *unknown_notes(self._store.catalog, query.restriction)]
        if not query.text:
            warnings.append("there are no words to search for")
            return Ranking((), tuple(warnings))
        with self._turns:
            count = self._store.catalog.count
            depth = min(max(k, RETRIEVAL_DEPTH), count)
            ahead = self._terms_ahead(query, depth) if mode != "bm25" and mode != "dense" else None
            vector = None if mode == "bm25" else self._vector(query, clock)
            if vector is None and mode != "bm25":
                warnings.append(self._encoder.warning or "the encoder is not available")
            if (
                vector is not None
                and self._language_note
                and query.restriction.languages != ("en",)
            ):
                warnings.append(self._language_note)
            hits, exhausted = self._found(
                query, k, depth, mode, fusion, vector, ahead=ahead, collapsed=collapsed
            )
            for _ in range(_DEEPER if collapsed else 0):
                if len(hits) >= k or exhausted or depth == count:
                    break
                depth = min(depth * _DEEPER_BY, count)
                hits, exhausted = self._found(query, k, depth, mode, fusion, vector, collapsed=True)
            if not hits:
                warnings += nobody_notes(self._store.catalog, query.restriction)
        clock.lap("retrieve")
        return Ranking(hits, tuple(warnings))

    def _terms_ahead(self, query: Query, depth: int) -> Future[ScoredPassages] | None:
        """Begin to look for terms on another core; None when a question has one thread only."""
        if self._beside is None:
            return None
        return self._beside.submit(self._store.match_terms, query.terms, depth, query.restriction)

    def _vector(self, query: Query, clock: Clock) -> Embeddings | None:
        vector = self._encoder.encode(query.text)
        clock.lap("encode")
        return vector

    def _found(
        self,
        query: Query,
        k: int,
        depth: int,
        mode: Mode,
        fusion: FusionRule,
        vector: Embeddings | None,
        *,
        collapsed: bool,
        ahead: Future[ScoredPassages] | None = None,
    ) -> tuple[tuple[Hit, ...], bool]:
        """Return at most k hits, and whether more depth would find nothing more."""
        bm25 = dense = None
        if vector is not None:
            dense = self._store.match_vector(vector, depth, query.restriction)
        if ahead is not None:
            bm25 = ahead.result()
        elif mode != "dense":
            bm25 = self._store.match_terms(query.terms, depth, query.restriction)
        exhausted = all(len(found) < depth for found in (bm25, dense) if found is not None)
        fused = self._combine(query, bm25, dense, fusion)
        try:
            shown = collapse(fused, k, query.text, self._store) if collapsed else _first(k, fused)
            return self._hits(fused.at(shown)), exhausted
        except KeyError as error:
            raise IndexFormatError(
                f"the index is damaged: it names passage {error} but does not hold it. "
                f"Rebuild it: {build_command()}"
            ) from error

    def _combine(
        self,
        query: Query,
        bm25: ScoredPassages | None,
        dense: ScoredPassages | None,
        fusion: FusionRule,
    ) -> Fused:
        """Fuse what was found; a single retriever keeps its own scores."""
        if bm25 is None or dense is None:
            found = NOTHING_FOUND if dense is None else dense
            return single(found, dense=True) if bm25 is None else single(bm25, dense=False)
        pool = Pool.of(bm25, dense)
        return RULES[fusion](pool, self._store.match_articles(query.terms, pool.documents))

    def _hits(self, shown: Sequence[FusedPassage]) -> tuple[Hit, ...]:
        """Fetch the passages that are shown; they are counted anew, from the first rank."""
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


def _first(k: int, fused: Fused) -> list[int]:
    """Return the ranks of the first k."""
    return list(range(FIRST_RANK, FIRST_RANK + min(k, len(fused))))
