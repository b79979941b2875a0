"""Where are the passages? The protocol that the local index and a remote engine both satisfy.

In: analysed terms or a vector, with a restriction. Out: passage ids with scores, best first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Document, Passage

Embeddings: TypeAlias = NDArray[np.float32]
"""float32, shape (n, dimension) or (dimension,), unit rows."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Which passages may be returned at all.

    Phrases and exclusions are sequences of unstemmed words, all of which must occur (or not) next
    to each other. Of several sources, authors or languages (ISO 639 codes) any one will do. Dates
    are inclusive ISO days. `undated` keeps articles without a date although a date limit is set.
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


NO_RESTRICTION = Restriction()


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage id and its score; higher is better."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its text and what is needed to show it; `text` is the document's slice."""

    passage: Passage
    text: str = field(repr=False)
    title: str | None = None
    source: str | None = None
    published: str | None = None

    @property
    def heading(self) -> str:
        """The title under which the passage stands; empty without one, and for the title itself."""
        return "" if self.passage.kind == "headline" else self.title or ""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article with the same report, or with the same sentence."""

    doc_id: str
    source: str | None
    published: str | None = None
    path: str | None = None


class PassageStore(Protocol):
    """Searches passages and returns their text. All rankings are sorted by (-score, passage)."""

    def match_terms(
        self, terms: Sequence[str], depth: int, restriction: Restriction
    ) -> list[ScoredPassage]:
        """Return at most `depth` passages by BM25 over analysed terms; no terms, no passages."""

    def match_articles(self, terms: Sequence[str], doc_ids: Sequence[str]) -> dict[str, float]:
        """Return the BM25 score of whole articles; those without any of the terms are left out."""

    def match_vector(
        self, vector: Embeddings, depth: int, restriction: Restriction
    ) -> list[ScoredPassage]:
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

    def reports_of(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """Return which document stands for each of these and its copies: itself, without any."""

    def copies_of(self, doc_id: str) -> tuple[Copy, ...]:
        """Return the other documents with the same report, the earliest first."""
