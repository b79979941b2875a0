"""How is a question answered? `SearchEngine`: an immutable snapshot of one index generation.

In: an index folder. Out: `search` returns passages, `answer` returns cited quotes.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.documents import Document, Region
from indexer.encoder_files import BUNDLED_SHA256
from indexer.errors import IndexFormatError
from indexer.local_store import LocalStore
from indexer.manifest import Manifest, read_manifest
from indexer.staleness import staleness
from retrieval.answers import (
    Answer,
    IndexInfo,
    Quote,
    SearchResult,
    choose_quotes,
    state_of,
)
from retrieval.clock import Clock
from retrieval.fusion import RULES, FusionRule
from retrieval.query import Query, day_limit, parse
from retrieval.question_encoder import QuestionEncoder
from retrieval.quoting import Quoter
from retrieval.ranking import MODES, Mode, Ranker
from retrieval.sentence_reader import SentenceReader
from retrieval.settings import ANSWERED_THRESHOLD, READ_DEPTH, RELATED_THRESHOLD

# `stale` must not slow a question down: a folder that takes longer is not judged.
_STALENESS_SECONDS = 0.1
_OPEN_ATTEMPTS = 3


class SearchEngine:
    """Answers questions from one generation of an index. Safe between threads.

    Open it with `SearchEngine.open`, which also says what can go wrong.
    """

    def __init__(
        self, index: Path, manifest: Manifest, store: LocalStore, encoder: QuestionEncoder
    ) -> None:
        """Take the opened parts; `open` makes them."""
        self.manifest = manifest
        self.index = index
        self._store = store
        self._ranker = Ranker(store, encoder)
        # The reader's weights fit the default encoder's cosines; with another it reads words alone.
        fitted = manifest.encoder.sha256 == BUNDLED_SHA256
        self._reader = SentenceReader(encoder.encoder if fitted else None)
        root = Path(manifest.corpus_root)
        self._quoter = Quoter(store, root)
        known = store.catalog.files()
        self.info = IndexInfo(
            path=str(index),
            generation=manifest.generation,
            documents=manifest.documents,
            passages=manifest.passages,
            stale=staleness(root, index, known, _STALENESS_SECONDS),
            corpus=manifest.corpus_root,
        )

    @classmethod
    def open(
        cls,
        index: str | Path,
        *,
        corpus: str | Path | None = None,
        threads: int | None = None,
        notify: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the live generation of an index.

        Args:
            index: the index folder.
            corpus: where the articles are now, when they have moved since the build.
            threads: how many threads one question may use; None means every core.
            notify: is told in words about work that takes long, such as exporting the encoder.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged or of another format version.
            EncoderMismatchError: when the encoder at hand is not the one that made the vectors.
        """
        path = Path(index)
        manifest = read_manifest(path)
        encoder = QuestionEncoder(manifest.encoder, threads=threads, notify=notify)
        opened, store = _open_store(path, manifest)
        if opened.encoder != manifest.encoder:
            encoder = QuestionEncoder(opened.encoder, threads=threads, notify=notify)
        if corpus is not None:
            opened = replace(opened, corpus_root=str(corpus))
        try:
            encoder.check()
            return cls(path, opened, store, encoder)
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the index's files."""
        self.close()

    def close(self) -> None:
        """Close the index's files; further questions fail."""
        self._store.close()

    def document(self, doc_id: str) -> Document:
        """Return one article with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        return self._store.document(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return which parts of an article were kept and which removed, and why.

        Raises:
            KeyError: for an unknown doc_id.
        """
        return self._store.catalog.regions(doc_id)

    def find_documents(self, name: str) -> list[str]:
        """Return the doc_ids that start with `name`, or whose path is `name`."""
        return self._store.catalog.doc_ids_of(name)

    def search(
        self,
        query: str,
        k: int = 10,
        mode: Mode = "hybrid",
        *,
        source: str | None = None,
        after: str | None = None,
        before: str | None = None,
        undated: bool = False,
        fusion: FusionRule = "convex",
    ) -> SearchResult:
        """Return the passages that fit a query best.

        Args:
            query: words, "phrases", -exclusions, `source:`, `after:`, `before:`.
            k: how many hits to return at most.
            mode: which retrievers to ask.
            source: only articles of this outlet: its name, or whole words of it.
            after: only articles published on or after this day (YYYY, YYYY-MM or YYYY-MM-DD).
            before: only articles published on or before this day.
            undated: keep articles without a date although a date limit is set.
            fusion: how the two rankings become one in hybrid mode.

        Raises:
            ValueError: when k is below 1, or mode, fusion or a date is not one.
        """
        clock = Clock()
        _at_least_one("k", k)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
        if fusion not in RULES:
            raise ValueError(f"fusion must be one of {', '.join(RULES)}, got {fusion!r}")
        parsed = _restricted(parse(query), source, after, before, undated=undated)
        ranking = self._ranker.rank(parsed, k, mode, fusion, clock)
        return SearchResult(query, ranking.hits, self.info, ranking.warnings, clock.timings())

    def answer(
        self,
        question: str,
        max_quotes: int = 5,
        k: int = 10,
        *,
        source: str | None = None,
        after: str | None = None,
        before: str | None = None,
        undated: bool = False,
    ) -> Answer:
        """Return quotes that answer a question, or say honestly that there are none.

        Args:
            question: as `query` of `search`.
            max_quotes: how many quotes to return at most.
            k: how many hits to return beside the quotes.
            source: as in `search`.
            after: as in `search`.
            before: as in `search`.
            undated: as in `search`.

        Raises:
            ValueError: when k or max_quotes is below 1, or a date is not one.
        """
        clock = Clock()
        _at_least_one("k", k)
        _at_least_one("max_quotes", max_quotes)
        parsed = _restricted(parse(question), source, after, before, undated=undated)
        ranking = self._ranker.rank(parsed, max(k, READ_DEPTH), "hybrid", "convex", clock)
        passages = [hit.found for hit in ranking.hits[:READ_DEPTH]]
        readings = self._reader.read(parsed.text, passages)
        state = state_of(readings, RELATED_THRESHOLD, ANSWERED_THRESHOLD)
        quotes: tuple[Quote, ...] = ()
        if state == "answered":
            chosen = choose_quotes(passages, readings, max_quotes, ANSWERED_THRESHOLD)
            texts = {stored.passage.passage_id: stored for stored in passages}
            quotes = tuple(self._quoter.quote(quote, texts[quote.passage_id]) for quote in chosen)
        clock.lap("read")
        hits = ranking.hits[:k]
        timings = clock.timings()
        return Answer(question, state, quotes, hits, self.info, ranking.warnings, timings)


def _open_store(index: Path, manifest: Manifest) -> tuple[Manifest, LocalStore]:
    """Open a generation; start again from the manifest when a build removed it meanwhile."""
    for _ in range(_OPEN_ATTEMPTS):
        try:
            return manifest, LocalStore(index, manifest)
        except IndexFormatError:
            newer = read_manifest(index)
            if newer.generation == manifest.generation:
                raise
            manifest = newer
    raise IndexFormatError(
        f"the index at {index} was replaced {_OPEN_ATTEMPTS} times while it was opened. Try again"
    )


def _restricted(
    query: Query, source: str | None, after: str | None, before: str | None, *, undated: bool
) -> Query:
    """Add the limits given as arguments; they go before those written in the question."""
    restriction = query.restriction
    restriction = replace(
        restriction,
        source=source or restriction.source,
        after=day_limit(after, last=False) if after else restriction.after,
        before=day_limit(before, last=True) if before else restriction.before,
        undated=undated,
    )
    return replace(query, restriction=restriction)


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
