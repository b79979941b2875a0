"""`SearchEngine`: search and cited answers from one index."""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Self

from indexer.catalog.statistics import Facets, Headline, newest_headlines
from indexer.documents import Document, Region
from indexer.progress import Progress
from indexer.storage.manifest import Manifest, read_manifest
from indexer.storage.staleness import SourceState, check_source
from indexer.store import Copy
from retrieval.answering.answers import QUOTED, Answer, IndexInfo, SearchResult, state_of
from retrieval.answering.candidates import highest_relevance, highest_score, scored_candidates
from retrieval.answering.quotes import choose_quotes
from retrieval.clock import Clock
from retrieval.drafts.check import check_draft
from retrieval.drafts.report import CheckedDraft
from retrieval.query.facets import facets_of
from retrieval.query.filters import narrowing_notes
from retrieval.query.parse import Filters, Names, parse
from retrieval.query.spelling import unknown_words
from retrieval.ranking.fusion import RULES, FusionRule
from retrieval.ranking.ranker import MODES, Mode
from retrieval.read_hits import read_hits
from retrieval.readers.open import DEFAULT_READER
from retrieval.snapshot import Current, Opener, Snapshot, stamp_of


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """Search and answers from one generation of an index. Safe between threads.

    Each call uses one generation; `refresh` changes to the live one. Make calls that belong
    together on a `pinned` engine.
    """

    def __init__(self, snapshot: Snapshot, opener: Opener) -> None:
        """Take over an open snapshot, and the opener of the next; use `open` instead."""
        self._current = Current(snapshot)
        self._opener = opener
        self._refreshing = threading.Lock()

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
            corpus: the new locations of the articles, if they have moved: one for each that the
                index was built from.
            threads: threads that one question may use; None means every core.
            notify: receives notes about slow work, such as exporting the encoder.
            reader: `bundled`, or the folder or Hugging Face name of a cross-encoder or an
                extractive question answering model.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged or has another format version.
            EncoderMismatchError: when the encoder did not make the index's vectors.
            CorpusError: when the number of locations is not that of the build.
            ReaderError: when a reader other than the bundled one cannot be opened.
        """
        roots = [Path(corpus)] if isinstance(corpus, str | Path) else corpus or ()
        opener = Opener(Path(index), tuple(roots), threads, notify, reader)
        return cls(opener.open(), opener)

    @property
    def info(self) -> IndexInfo:
        """Contents of the generation in use."""
        with self._current.held() as snapshot:
            return snapshot.info

    @property
    def manifest(self) -> Manifest:
        """Manifest of the generation in use."""
        with self._current.held() as snapshot:
            return snapshot.manifest

    def is_outdated(self) -> bool:
        """Tell cheaply whether the index was written since, be it with the same articles."""
        with self._current.held() as snapshot:
            return stamp_of(self._opener.index) not in (None, snapshot.stamp)

    def refresh(self) -> bool:
        """Change to the live generation.

        Questions in progress finish on the old generation, whose files are closed after the last
        of them. Models are reused where they are the same. After an error the engine is unchanged.

        Returns:
            Whether the generation changed.

        Raises:
            ValueError: when the engine is closed.
            DatelineError: as `open`.
        """
        with self._refreshing, self._current.held() as before:
            stamp = stamp_of(self._opener.index)
            if before.is_of(read_manifest(self._opener.index)):
                before.stamp = stamp
                return False
            self._current.replace(self._opener.open(before))
            return True

    def pinned(self) -> Self:
        """Return an engine that stays on this generation; close it after use.

        It shares the open files and models.
        """
        with self._current.held() as snapshot:
            snapshot.acquire()
            return type(self)(snapshot, self._opener)

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index after the questions in progress; further calls fail."""
        self._current.close()

    def document(self, doc_id: str) -> Document:
        """Return one article with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        with self._current.held() as snapshot:
            return snapshot.store.document(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return the parts of an article that cleaning kept or removed, with reasons.

        Raises:
            KeyError: for an unknown doc_id.
        """
        with self._current.held() as snapshot:
            return snapshot.store.catalog.regions(doc_id)

    def copies(self, doc_id: str) -> tuple[Copy, ...]:
        """Return the other articles with the same story, earliest first."""
        with self._current.held() as snapshot:
            return snapshot.store.copies_of([doc_id]).get(doc_id, ())

    def source_state(self, document: Document) -> SourceState:
        """Compare the file of an article with what was indexed."""
        return check_source(self.manifest.roots, document)

    def find_documents(self, name: str) -> list[str]:
        """Return the doc_ids that start with `name`, or whose path is `name`."""
        with self._current.held() as snapshot:
            return snapshot.store.catalog.doc_ids_of(name)

    def check_draft(
        self, text: str, name: str = "draft", progress: Progress | None = None
    ) -> CheckedDraft:
        """Look up every quotation of a draft in all articles; `drafts.reading` reads its file."""
        with self._current.held() as snapshot:
            return check_draft(snapshot.store, snapshot.manifest, text, name, progress)

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
        """Return the passages that match a query best.

        Args:
            query: words, "phrases", -exclusions and filters, see `query.parse`.
            k: maximum number of hits.
            mode: the retrievers to use; `reranked` reorders the first hits of both by the reader.
            source: only articles of these outlets: the name, or whole words of it.
            author: only articles by these people: whole words of the name.
            lang: only articles in these languages: ISO 639 codes or English names.
            after: only articles published on or after this day (YYYY, YYYY-MM or YYYY-MM-DD).
            before: only articles published on or before this day.
            undated: include undated articles despite a date limit.
            fusion: the rule that combines both rankings in hybrid mode.
            collapse: show one hit for a story, and name its copies beside it.

        Raises:
            ValueError: when k is below 1, or mode, fusion, a name, a date or a language is unknown.
            ReaderError: when mode is `reranked`, and the reader's model is missing or altered.
        """
        clock = Clock()
        _at_least_one("k", k)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
        if fusion not in RULES:
            raise ValueError(f"fusion must be one of {', '.join(RULES)}, got {fusion!r}")
        filters = Filters(source, author, lang, after, before, undated)
        parsed = filters.applied_to(parse(query))
        with self._current.held() as snapshot:
            if mode == "reranked":
                read = read_hits(snapshot, parsed, k, fusion, clock, collapsed=collapse)
                ranking = read.ranking
            else:
                ranking = snapshot.ranker.rank(parsed, k, mode, fusion, clock, collapsed=collapse)
            hits, info = snapshot.quoter.cited(ranking.hits), snapshot.info
            unknown = unknown_words(parsed.text, snapshot.store)
            warnings = ranking.warnings
            if not hits:
                warnings += narrowing_notes(snapshot.store.catalog, parsed.restriction)
        return SearchResult(query, hits, info, warnings, clock.timings(), unknown)

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
        """Return quotes that answer a question or may answer it, or none if the articles do not.

        The question, the filters and `collapse` are as in `search`. The answer has at most
        `max_quotes` quotes, and at most `k` hits beside them. Quotes have a score of at least
        `min_score` (0 to 1), and all are confirmed; None means the reader's own thresholds, where
        those that only may answer are not.

        Raises:
            ValueError: as `search`; also when max_quotes is below 1 or min_score is no score.
            ReaderError: when the reader's model is missing or altered.
        """
        clock = Clock()
        _at_least_one("k", k)
        _at_least_one("max_quotes", max_quotes)
        filters = Filters(source, author, lang, after, before, undated)
        parsed = filters.applied_to(parse(question))
        if min_score is not None and not 0 <= min_score <= 1:
            raise ValueError(f"min_score must be from 0 to 1, got {min_score}")
        with self._current.held() as snapshot:
            read = read_hits(snapshot, parsed, k, "convex", clock, collapsed=collapse)
            reader = snapshot.reader.get()
            thresholds = reader.thresholds
            if min_score is not None:
                thresholds = replace(thresholds, possible=min_score, answered=min_score)
            candidates = scored_candidates(
                reader, read.question, read.hits, read.readings, snapshot.info.documents
            )
            relevance, score = highest_relevance(read.readings), highest_score(candidates)
            state = state_of(relevance, score, thresholds)
            if state == "related" and min_score is None:  # the best sentences, as leads
                thresholds = replace(thresholds, possible=0.0)
            shown = [] if state == "not_found" else candidates
            chosen = choose_quotes(shown, max_quotes, thresholds)
            passages = {hit.passage_id: hit.found for hit in read.hits}
            quote, text = snapshot.quoter.quote, parsed.text
            quotes = tuple(quote(text, each, passages[each.passage_id]) for each in chosen)
            quotes, leads = (quotes, ()) if state in QUOTED else ((), quotes)
            unknown = unknown_words(parsed.text, snapshot.store)
            hits, info = snapshot.quoter.cited(read.ranking.hits), snapshot.info
            warnings = read.ranking.warnings
            if state == "not_found":
                warnings += narrowing_notes(snapshot.store.catalog, parsed.restriction)
        clock.lap("read")
        timings = clock.timings()
        return Answer(question, state, quotes, hits, info, warnings, timings, leads, unknown)

    def facets(self, question: str = "") -> Facets:
        """Count the articles that match a question best, or all, by outlet, author and so on."""
        with self._current.held() as snapshot:
            return facets_of(snapshot.store, question)

    def newest(self, count: int) -> list[Headline]:
        """Return the titles of the newest articles."""
        with self._current.held() as snapshot:
            return newest_headlines(snapshot.store.catalog, count)


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
