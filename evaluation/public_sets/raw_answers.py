"""Answers of the real engine to one question, at every threshold, with and without articles."""

from collections.abc import Collection as Names
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from evaluation.public_sets.work import Work
from evaluation.runs import DEPTH, as_plain_text
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, read_manifest
from indexer.store import (
    DocIds,
    Embeddings,
    Restriction,
    ScoredPassages,
    StoredPassage,
    doc_id_array,
)
from retrieval.answering.answers import Answer, State, state_of
from retrieval.answering.candidates import Candidate, find_candidates, highest_relevance
from retrieval.background import Background, QuestionEncoder
from retrieval.clock import Clock
from retrieval.engine import SearchEngine
from retrieval.query.parse import parse
from retrieval.read_hits import read_hits
from retrieval.readers.protocol import Reader, Reading
from retrieval.settings import Thresholds
from retrieval.snapshot import Opener, Snapshot

QUOTES: Final = 5
_EVERYTHING: Final = Thresholds(related=0.0, possible=0.0, answered=0.0)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """Answer with the best quotes however low their scores.

    `state` is the one that a user sees, `relevance` that of the best passage.
    """

    answer: Answer
    state: State
    relevance: float

    @property
    def score(self) -> float:
        """Score of the first quote; 0 without one."""
        return self.answer.quotes[0].score if self.answer.quotes else 0.0


class ReducedStore(LocalStore):
    """Store that searches as if some of its articles were not there."""

    def __init__(self, index: Path, manifest: Manifest) -> None:
        """Open the generation that a manifest names, with all its articles."""
        super().__init__(index, manifest)
        self._left_out: DocIds = doc_id_array([])
        self._passages_left_out = 0

    def leave_out(self, doc_ids: Names[str]) -> None:
        """Leave out these articles, and no others, from now on."""
        self._left_out = doc_id_array(sorted(doc_ids))
        self._passages_left_out = sum(len(self.catalog.passages_of(name)) for name in doc_ids)

    def match_terms(
        self, terms: Sequence[str], depth: int, restriction: Restriction
    ) -> ScoredPassages:
        """Match terms in the articles that are not left out."""
        return self._kept(super().match_terms(terms, self._deeper(depth), restriction), depth)

    def match_vector(
        self, vector: Embeddings, depth: int, restriction: Restriction
    ) -> ScoredPassages:
        """Match a vector in the articles that are not left out."""
        return self._kept(super().match_vector(vector, self._deeper(depth), restriction), depth)

    def _deeper(self, depth: int) -> int:
        return min(depth + self._passages_left_out, self.catalog.count)

    def _kept(self, found: ScoredPassages, depth: int) -> ScoredPassages:
        kept = np.flatnonzero(~np.isin(found.doc_ids, self._left_out))[:depth]
        return ScoredPassages(found.doc_ids[kept], found.starts[kept], found.scores[kept])


class RecordingReader:
    """Reader that passes everything, and keeps what it read for the last question.

    A passage that was read for the same question is not read again: readings do not depend on the
    passages beside them.
    """

    def __init__(self, reader: Reader) -> None:
        """Wrap a reader."""
        self._reader = reader
        self._question = ""
        self._known: dict[tuple[str, int], Reading] = {}
        self.last: list[Reading] = []

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds that every score reaches."""
        return _EVERYTHING

    @property
    def calibrator(self) -> Mapping[str, float] | None:
        """Weights of the reader's calibrator."""
        return self._reader.calibrator

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading per passage, in order."""
        if question != self._question:
            self._question, self._known = question, {}
        new = [each for each in passages if _key(each) not in self._known]
        for stored, reading in zip(new, self._reader.read(question, new), strict=True):
            self._known[_key(stored)] = reading
        found = [self._known[_key(stored)] for stored in passages]
        # Candidates are read again, alone.
        if not self.last:
            self.last = found
        return found

    def warnings(self, question: str) -> tuple[str, ...]:
        """Return the reader's warnings."""
        return self._reader.warnings(question)


class Asker(AbstractContextManager["Asker"]):
    """Engine over one index that answers as the product does, but shows every score."""

    def __init__(self, index: Path, reader: Reader, threads: int | None = None) -> None:
        """Open the index with a reader that is open already."""
        manifest = read_manifest(index)
        self._thresholds = reader.thresholds
        self._reader = recording = RecordingReader(reader)
        self._store = ReducedStore(index, manifest)
        self._snapshot = Snapshot(
            index,
            manifest,
            self._store,
            QuestionEncoder(manifest.encoder, threads=threads),
            Background[Reader]("open-reader", lambda: recording),
        )
        self._engine = SearchEngine(self._snapshot, Opener(index, threads=threads))

    def __exit__(self, *error: object) -> None:
        self._engine.close()

    def copies(self, doc_ids: Names[str]) -> set[str]:
        """Return the articles with the same stories as these, themselves included."""
        found = self._store.copies_of(sorted(doc_ids))
        return {*doc_ids, *(copy.doc_id for copies in found.values() for copy in copies)}

    def ask(self, question: str, without: Names[str] = frozenset()) -> RawAnswer:
        """Answer a question, as if the articles of `without` were not there."""
        self._store.leave_out(without)
        self._reader.last = []
        answer = self._engine.answer(as_plain_text(question), QUOTES, DEPTH, min_score=0.0)
        relevance = highest_relevance(self._reader.last)
        score = answer.quotes[0].score if answer.quotes else 0.0
        return RawAnswer(answer, state_of(relevance, score, self._thresholds), relevance)

    def candidates(self, question: str, without: Names[str] = frozenset()) -> list[Candidate]:
        """Return the candidates for quotes, with the reader's scores and their features."""
        self._store.leave_out(without)
        query = parse(as_plain_text(question))
        read = read_hits(self._snapshot, query, DEPTH, "convex", Clock(), collapsed=True)
        articles = self._snapshot.info.documents
        return find_candidates(self._reader, read.question, read.hits, read.readings, articles)


def _key(stored: StoredPassage) -> tuple[str, int]:
    """Return the passage and its end, since a sentence alone may begin where a passage does."""
    return stored.passage.passage_id, stored.passage.end


@contextmanager
def opened(work: Work, index: Path) -> Iterator[Asker]:
    """Open an index with the measured reader."""
    with Asker(index, work.reader.reader, work.threads) as asker:
        yield asker
