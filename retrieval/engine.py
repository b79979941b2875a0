"""How is a question answered? `SearchEngine`: an immutable snapshot of one index generation.

In: an index folder. Out: `search` returns passages, `answer` returns cited quotes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.documents import Document, Region
from indexer.encoder_files import BUNDLED_SHA256
from indexer.language_note import language_note
from indexer.local_store import LocalStore
from indexer.manifest import Manifest, read_manifest
from indexer.staleness import SourceState, check_source, staleness
from indexer.store import Copy
from retrieval.answers import (
    Answer,
    IndexInfo,
    Quote,
    SearchResult,
    choose_quotes,
    state_of,
)
from retrieval.clock import Clock
from retrieval.filters import Filters, Names
from retrieval.fusion import RULES, FusionRule
from retrieval.hits import Hit
from retrieval.opening import open_store
from retrieval.query import Query, parse
from retrieval.question_encoder import QuestionEncoder
from retrieval.question_reader import QuestionReader
from retrieval.quoting import Quoter
from retrieval.ranking import MODES, Mode, Ranker, Ranking
from retrieval.reader import Reading
from retrieval.readers import DEFAULT_READER
from retrieval.reranking import rerank
from retrieval.settings import READ_DEPTH

# `stale` must not slow a question down: a folder that takes longer is not judged.
_STALENESS_SECONDS = 0.1


class SearchEngine:
    """Answers questions from one generation of an index. Safe between threads.

    Open it with `SearchEngine.open`, which also says what can go wrong.
    """

    def __init__(
        self,
        index: Path,
        manifest: Manifest,
        store: LocalStore,
        encoder: QuestionEncoder,
        reader: QuestionReader,
    ) -> None:
        """Take the opened parts; `open` makes them."""
        self.manifest = manifest
        self.index = index
        self._store = store
        self._ranker = Ranker(store, encoder, language_note(manifest))
        self._reader = reader
        self._quoter = Quoter(store, manifest.roots)
        known = store.catalog.files()
        self.info = IndexInfo(
            path=str(index),
            generation=manifest.generation,
            documents=manifest.documents,
            passages=manifest.passages,
            stale=staleness(manifest.roots, index, known, _STALENESS_SECONDS),
            corpus=manifest.roots.paths,
        )

    @classmethod
    def open(
        cls,
        index: str | Path,
        *,
        corpus: str | Path | Sequence[Path] | None = None,
        threads: int | None = None,
        notify: Callable[[str], None] | None = None,
        reader: str = DEFAULT_READER,
    ) -> Self:
        """Open the live generation of an index.

        Args:
            index: the index folder.
            corpus: where the articles are now, when they have moved since the build: as many
                places as it was built from.
            threads: how many threads one question may use; None means every core.
            notify: is told in words about work that takes long, such as exporting the encoder.
            reader: who reads: `bundled`, `sentences` for the baseline, or the folder or hub's name
                of a cross-encoder or an extractive question answering model.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged or of another format version.
            EncoderMismatchError: when the encoder at hand is not the one that made the vectors.
            CorpusError: when not as many places are named as the index was built from.
            ReaderError: when a model that was named as the reader cannot be opened.
        """
        path = Path(index)
        manifest = read_manifest(path)
        encoder = QuestionEncoder(manifest.encoder, threads=threads, notify=notify)
        # The baseline's weights fit the default encoder's cosines; with another it reads words.
        fitted = manifest.encoder.sha256 == BUNDLED_SHA256
        reading = QuestionReader(reader, encoder, fitted=fitted, threads=threads)
        opened, store = open_store(path, manifest)
        if opened.encoder != manifest.encoder:
            encoder = QuestionEncoder(opened.encoder, threads=threads, notify=notify)
        try:
            if corpus:
                places = [Path(corpus)] if isinstance(corpus, str | Path) else corpus
                opened = replace(opened, roots=opened.roots.moved(places))
            encoder.check()
            reading.check()
            return cls(path, opened, store, encoder, reading)
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

    def copies(self, doc_id: str) -> tuple[Copy, ...]:
        """Return the other articles with the same report, the earliest first."""
        return self._store.copies_of(doc_id)

    def source_state(self, document: Document) -> SourceState:
        """Compare the file of an article with what was indexed, now."""
        return check_source(self.manifest.roots, document)

    def find_documents(self, name: str) -> list[str]:
        """Return the doc_ids that start with `name`, or whose path is `name`."""
        return self._store.catalog.doc_ids_of(name)

    def search(
        self,
        query: str,
        k: int = 10,
        mode: Mode = "hybrid",
        *,
        source: Names = None,
        author: Names = None,
        lang: Names = None,
        after: str | None = None,
        before: str | None = None,
        undated: bool = False,
        fusion: FusionRule = "convex",
        collapse: bool = True,
    ) -> SearchResult:
        """Return the passages that fit a query best.

        Args:
            query: words, "phrases", -exclusions, and filters, as in `query.parse`.
            k: how many hits to return at most.
            mode: which retrievers to ask; `reranked` has the reader reorder the first hits of both.
            source: only articles of this outlet, or any of these: its name, or whole words of it.
            author: only articles by this person, or any of these: whole words of the name.
            lang: only articles in this language, or any of these: an ISO 639 code or English name.
            after: only articles published on or after this day (YYYY, YYYY-MM or YYYY-MM-DD).
            before: only articles published on or before this day.
            undated: keep articles without a date although a date limit is set.
            fusion: how the two rankings become one in hybrid mode.
            collapse: show one hit for a report and its copies, which are named beside it.

        Raises:
            ValueError: when k is below 1, or mode, fusion, a date or a language is not one.
        """
        clock = Clock()
        _at_least_one("k", k)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
        if fusion not in RULES:
            raise ValueError(f"fusion must be one of {', '.join(RULES)}, got {fusion!r}")
        filters = Filters(source, author, lang, after, before, undated)
        parsed = filters.applied_to(parse(query))
        if mode == "reranked":
            ranking, _ = self._read(parsed, k, fusion, clock, collapsed=collapse)
        else:
            ranking = self._ranker.rank(parsed, k, mode, fusion, clock, collapsed=collapse)
        return SearchResult(query, ranking.hits, self.info, ranking.warnings, clock.timings())

    def answer(
        self,
        question: str,
        max_quotes: int = 5,
        k: int = 10,
        *,
        source: Names = None,
        author: Names = None,
        lang: Names = None,
        after: str | None = None,
        before: str | None = None,
        undated: bool = False,
        min_score: float | None = None,
        collapse: bool = True,
    ) -> Answer:
        """Return quotes that answer a question, or say honestly that there are none.

        Args:
            question: as `query` of `search`.
            max_quotes: how many quotes to return at most.
            k: how many hits to return beside the quotes.
            source: as in `search`.
            author: as in `search`.
            lang: as in `search`.
            after: as in `search`.
            before: as in `search`.
            undated: as in `search`.
            min_score: the least score of a quote, 0 to 1; None means the reader's own threshold.
            collapse: as in `search`.

        Raises:
            ValueError: when k or max_quotes is below 1, min_score no score, or a date is not one.
        """
        clock = Clock()
        _at_least_one("k", k)
        _at_least_one("max_quotes", max_quotes)
        filters = Filters(source, author, lang, after, before, undated)
        parsed = filters.applied_to(parse(question))
        if min_score is not None and not 0 <= min_score <= 1:
            raise ValueError(f"min_score must be from 0 to 1, got {min_score}")
        ranking, read = self._read(parsed, k, "convex", clock, collapsed=collapse)
        thresholds = self._reader.reader.thresholds
        least = thresholds.answered if min_score is None else min_score
        passages = [hit.found for hit, _ in read]
        readings = [reading for _, reading in read]
        state = state_of(readings, thresholds.related, least)
        quotes: tuple[Quote, ...] = ()
        if state == "answered":
            chosen = choose_quotes(passages, readings, max_quotes, least)
            texts = {stored.passage.passage_id: stored for stored in passages}
            quotes = tuple(self._quoter.quote(quote, texts[quote.passage_id]) for quote in chosen)
        clock.lap("read")
        timings = clock.timings()
        return Answer(question, state, quotes, ranking.hits, self.info, ranking.warnings, timings)

    def _read(
        self, query: Query, k: int, fusion: FusionRule, clock: Clock, *, collapsed: bool
    ) -> tuple[Ranking, list[tuple[Hit, Reading]]]:
        """Return at most `k` hits as the reader orders them, and what it read, in fused order."""
        depth = max(k, READ_DEPTH)
        ranking = self._ranker.rank(query, depth, "hybrid", fusion, clock, collapsed=collapsed)
        read = ranking.hits[:READ_DEPTH]
        reader = self._reader.reader
        readings = reader.read(query.text, [hit.found for hit in read])
        warnings = [*ranking.warnings, *reader.warnings(query.text)]
        if self._reader.warning:
            warnings.append(self._reader.warning)
        hits = rerank(ranking.hits, readings)[:k]
        clock.lap("read")
        return Ranking(hits, tuple(warnings)), list(zip(read, readings, strict=True))


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
