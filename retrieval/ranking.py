"""Which passages fit a query best? Ask both retrievers, fuse, fetch the texts."""

from dataclasses import dataclass
from typing import Literal

from indexer.errors import IndexFormatError, build_command
from indexer.local_store import LocalStore
from indexer.store import ScoredPassage
from retrieval.clock import Clock
from retrieval.filter_notes import nobody_notes, unknown_notes
from retrieval.fusion import RULES, FusedPassage, FusionRule, single
from retrieval.hits import FIRST_RANK, Hit
from retrieval.query import Query
from retrieval.question_encoder import QuestionEncoder
from retrieval.settings import RETRIEVAL_DEPTH

Mode = Literal["hybrid", "bm25", "dense", "reranked"]
MODES: tuple[Mode, ...] = ("hybrid", "bm25", "dense", "reranked")


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

    def rank(self, query: Query, k: int, mode: Mode, fusion: FusionRule, clock: Clock) -> Ranking:
        """Return at most `k` passages.

        Args:
            query: the parsed question.
            k: how many hits to return; capped at the number of passages.
            mode: which retrievers to ask; both, unless it is one of their names.
            fusion: how two rankings become one.
            clock: receives the times of encoding and retrieving.
        """
        warnings = [*query.warnings, *unknown_notes(self._store.catalog, query.restriction)]
        if not query.text:
            warnings.append("there are no words to search for")
            return Ranking((), tuple(warnings))
        count = self._store.catalog.count
        depth = min(max(k, RETRIEVAL_DEPTH), count)
        dense = None if mode == "bm25" else self._dense(query, depth, clock)
        if dense is None and mode != "bm25":
            warnings.append(self._encoder.warning or "the encoder is not available")
        if dense is not None and self._language_note and query.restriction.languages != ("en",):
            warnings.append(self._language_note)
        bm25 = None if mode == "dense" else self._bm25(query, depth)
        hits = self._hits(self._combine(query, bm25, dense, fusion)[: min(k, count)])
        if not hits:
            warnings += nobody_notes(self._store.catalog, query.restriction)
        clock.lap("retrieve")
        return Ranking(hits, tuple(warnings))

    def _dense(self, query: Query, depth: int, clock: Clock) -> list[ScoredPassage] | None:
        vector = self._encoder.encode(query.text)
        clock.lap("encode")
        if vector is None:
            return None
        return self._store.match_vector(vector, depth, query.restriction)

    def _bm25(self, query: Query, depth: int) -> list[ScoredPassage]:
        return self._store.match_terms(query.terms, depth, query.restriction)

    def _combine(
        self,
        query: Query,
        bm25: list[ScoredPassage] | None,
        dense: list[ScoredPassage] | None,
        fusion: FusionRule,
    ) -> list[FusedPassage]:
        """Fuse what was found; a single retriever keeps its own scores."""
        if bm25 is None or dense is None:
            return single(dense or [], dense=True) if bm25 is None else single(bm25, dense=False)
        found = {scored.passage_id.rpartition(":")[0] for scored in (*bm25, *dense)}
        articles = self._store.match_articles(query.terms, sorted(found))
        return RULES[fusion](bm25, dense, articles)

    def _hits(self, fused: list[FusedPassage]) -> tuple[Hit, ...]:
        try:
            found = self._store.passages([passage.passage_id for passage in fused])
        except KeyError as error:
            raise IndexFormatError(
                f"the index is damaged: it names passage {error} but does not hold it. "
                f"Rebuild it: {build_command()}"
            ) from error
        return tuple(
            Hit(stored, passage.score, rank, passage.explanation)
            for rank, (stored, passage) in enumerate(zip(found, fused, strict=True), FIRST_RANK)
        )
