"""Protocol of a passage store, which a local index or a remote engine can satisfy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Document, Passage, Span

Embeddings: TypeAlias = NDArray[np.float32]
"""float32, shape (n, dimension) or (dimension,), unit rows."""

DocIds: TypeAlias = NDArray[np.bytes_]
"""ASCII, shape (n,): doc_ids that are compared without a Python object for each."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Filter on passages.

    Phrases and exclusions are sequences of unstemmed words that must (not) occur next to each
    other; one with two spellings is a single string of both, with `ALTERNATIVES` between. Of
    several sources, authors or languages (ISO 639 codes) any one will do. Dates are inclusive ISO
    days; `undated` keeps articles without a date in spite of them.
    """

    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    undated: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether every passage is allowed."""
        return self == Restriction(undated=self.undated)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPassages:
    """Passages and their scores, column by column, since hundreds are found and few are shown.

    Attributes:
        doc_ids: ASCII, shape (n,).
        starts: where each passage starts in its document, shape (n,).
        scores: higher is better, shape (n,).
    """

    doc_ids: DocIds
    starts: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.scores)


def doc_id_array(doc_ids: Sequence[str]) -> DocIds:
    """Return doc_ids as an array; a name that is not ASCII equals no doc_id."""
    return np.array(
        [doc_id.encode("ascii", "replace") for doc_id in doc_ids] or [], dtype=np.bytes_
    )


def doc_id_text(name: bytes) -> str:
    """Return a doc_id of an array as text."""
    return str(name, "ascii", "replace")


def passage_id_of(doc_id: bytes, start: int | np.int64) -> str:
    """Return the id of a passage.

    >>> passage_id_of(b"5c94e0bec44148f0", 120)
    '5c94e0bec44148f0:120'
    """
    return f"{doc_id_text(doc_id)}:{start}"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """Passage with its text, which is a slice of its document, and what is shown with it."""

    passage: Passage
    text: str = field(repr=False)
    title: str | None = None
    source: str | None = None
    published: str | None = None

    @property
    def heading(self) -> str:
        """The title under which the passage stands; empty without one, and for the title itself."""
        return "" if self.passage.kind == "headline" else self.title or ""

    def slice(self, span: Span) -> str:
        """Return the text at a span of the document, which lies inside the passage."""
        return self.text[span.start - self.passage.start : span.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Copy:
    """Other article with the same story, or with the same sentence."""

    doc_id: str
    source: str | None
    published: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Article of the same outlet that corrects one, or that one corrects.

    `start` and `end` are the half-open range of its first passage below the headline.
    """

    doc_id: str
    title: str | None
    published: str | None
    path: str
    url: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Corrections:
    """Articles that correct one, and those that it corrects; earliest first, undated ones last."""

    by: tuple[Correction, ...] = ()
    of: tuple[Correction, ...] = ()


NO_CORRECTIONS = Corrections()

ALTERNATIVES = "|"
"""Separates the alternatives of one term for BM25, such as `usa|america|united states`."""


class PassageStore(Protocol):
    """Searchable passages. All rankings are sorted by (-score, passage)."""

    def match_terms(
        self, terms: Sequence[str], depth: int, restriction: Restriction
    ) -> ScoredPassages:
        """Return at most `depth` passages by BM25 over analysed terms; no terms, no passages.

        A term with `ALTERNATIVES` counts once, by the best of them, of which the first weighs
        most; one of several words is a phrase.
        """

    def match_articles(self, terms: Sequence[str], doc_ids: DocIds) -> NDArray[np.float64]:
        """Return the BM25 score of each article, ids ascending; NaN without any of the terms."""

    def has_term(self, term: str) -> bool:
        """Tell whether any passage has an analysed term."""

    def words_with_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Return the words that begin so, with the number of passages that have each."""

    def match_vector(
        self, vector: Embeddings, depth: int, restriction: Restriction
    ) -> ScoredPassages:
        """Return at most `depth` passages by inner product with a unit vector (dimension,)."""

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        """Return the passages in the order asked for.

        Raises:
            KeyError: for an id that the store does not hold.
        """

    def document(self, doc_id: str) -> Document:
        """Return one document with its whole text.

        Raises:
            KeyError: for an id that the store does not hold.
        """

    def representatives(self, doc_ids: DocIds) -> DocIds:
        """Return the representative of each document's story: itself for one without copies."""

    def copies_of(self, doc_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
        """Return the copies of each document that has any, earliest first, undated ones last."""

    def corrections_of(self, doc_ids: Sequence[str]) -> dict[str, Corrections]:
        """Return the corrections of each document that has any, or that corrects others."""
