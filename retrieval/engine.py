"""How is a question answered? `SearchEngine`: a snapshot of one index generation at a time.

In: an index folder. Out: `search` returns passages, `answer` returns cited quotes.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from indexer.documents import Document, Region
from indexer.storage.manifest import Manifest, read_manifest
from indexer.storage.staleness import SourceState, check_source
from indexer.store import Copy
from retrieval.answering.answers import (
    Answer,
    IndexInfo,
    SearchResult,
    state_of,
)
from retrieval.clock import Clock
from retrieval.opening import stamp_of
from retrieval.query.given_filters import Filters, Names
from retrieval.query.parse import parse
from retrieval.ranking.fusion import RULES, FusionRule
from retrieval.ranking.ranker import MODES, Mode
from retrieval.readers.open import DEFAULT_READER
from retrieval.reading import cite_best, read_hits
from retrieval.snapshot import Current, Opener, Snapshot


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """Answers questions from one generation of an index. Safe between threads.

    Each call answers from one generation; `refresh` is what changes which. Calls that belong
    together are asked of `pinned`. `SearchEngine.open` says what can go wrong.
    """

    def __init__(self, snapshot: Snapshot, opener: Opener) -> None:
        """Take over an opened snapshot, and what opens the next; `open` makes both."""
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
            corpus: where the articles are now, when they have moved since the build: as many
                places as it was built from.
            threads: how many threads one question may use; None means every core.
            notify: is told in words about work that takes long, such as exporting the encoder.
            reader: who reads: `bundled`, or the folder or hub's name of a cross-encoder or an
                extractive question answering model.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged or of another format version.
            EncoderMismatchError: when the encoder at hand is not the one that made the vectors.
            CorpusError: when not as many places are named as the index was built from.
            ReaderError: when a model that was named as the reader cannot be opened.
        """
        places = [Path(corpus)] if isinstance(corpus, str | Path) else corpus or ()
        opener = Opener(Path(index), tuple(places), threads, notify, reader)
        return cls(opener.open(), opener)

    @property
    def info(self) -> IndexInfo:
        """What the generation holds that is answered from now."""
        with self._current.held() as snapshot:
            return snapshot.info

    @property
    def manifest(self) -> Manifest:
        """How the generation was made that is answered from now."""
        with self._current.held() as snapshot:
            return snapshot.manifest

    def is_outdated(self) -> bool:
        """Tell whether the index was written since this engine read it, without opening it.

        It may have been written with the same articles: `refresh` finds out. False when the index
        is gone.
        """
        with self._current.held() as snapshot:
            return stamp_of(self._opener.index) not in (None, snapshot.stamp)

    def refresh(self) -> bool:
        """Answer from the live generation from now on, if that is another one.

        Questions that are being answered finish with the generation that they began with, whose
        files are closed behind the last of them. Encoder and reader are kept where they are the
        same. After an error the engine answers as before.

        Returns:
            Whether another generation answers now.

        Raises:
            ValueError: when the engine is closed.
            DatelineError: as `open` does.
        """
        with self._refreshing, self._current.held() as before:
            stamp = stamp_of(self._opener.index)
            if before.is_of(read_manifest(self._opener.index)):
                before.stamp = stamp
                return False
            self._current.replace(self._opener.open(before))
            return True

    def pinned(self) -> Self:
        """Return an engine that stays with the generation of now, whatever becomes of this one.

        It costs nothing: both share the files and models. Close it when it is used no more.
        """
        with self._current.held() as snapshot:
            snapshot.acquire()
            return type(self)(snapshot, self._opener)

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index's files behind the questions being answered; further questions fail."""
        self._current.close()

    def document(self, doc_id: str) -> Document:
        """Return one article with its whole text.

        Raises:
            KeyError: for an unknown doc_id.
        """
        with self._current.held() as snapshot:
            return snapshot.store.document(doc_id)

    def regions(self, doc_id: str) -> tuple[Region, ...]:
        """Return which parts of an article were kept and which removed, and why.

        Raises:
            KeyError: for an unknown doc_id.
        """
        with self._current.held() as snapshot:
            return snapshot.store.catalog.regions(doc_id)

    def copies(self, doc_id: str) -> tuple[Copy, ...]:
        """Return the other articles with the same report, the earliest first."""
        with self._current.held() as snapshot:
            return snapshot.store.copies_of([doc_id]).get(doc_id, ())

    def source_state(self, document: Document) -> SourceState:
        """Compare the file of an article with what was indexed, now."""
        return check_source(self.manifest.roots, document)

    def find_documents(self, name: str) -> list[str]:
        """Return the doc_ids that start with `name`, or whose path is `name`."""
        with self._current.held() as snapshot:
            return snapshot.store.catalog.doc_ids_of(name)

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
                ranking, _ = read_hits(snapshot, parsed, k, fusion, clock, collapsed=collapse)
            else:
                ranking = snapshot.ranker.rank(parsed, k, mode, fusion, clock, collapsed=collapse)
            info = snapshot.info
        return SearchResult(query, ranking.hits, info, ranking.warnings, clock.timings())

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
            ranking, read = read_hits(snapshot, parsed, k, "convex", clock, collapsed=collapse)
            thresholds = snapshot.reader.get().thresholds
            least = thresholds.answered if min_score is None else min_score
            state = state_of([reading for _, reading in read], thresholds.related, least)
            quotes = cite_best(snapshot, read, max_quotes, least) if state == "answered" else ()
            info = snapshot.info
        clock.lap("read")
        timings = clock.timings()
        return Answer(question, state, quotes, ranking.hits, info, ranking.warnings, timings)


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
