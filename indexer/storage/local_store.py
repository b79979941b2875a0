"""Passage store over one committed generation on this machine.

Joins the catalog, the BM25 indexes and the vectors by row; rows never leave this module.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.corrections import corrections_of
from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import RowMap
from indexer.documents import Document
from indexer.errors import damaged_index
from indexer.lexical.index import TantivyIndex
from indexer.lexical.reference import RankBm25Index
from indexer.lexical.schema import ARTICLES_FOLDER
from indexer.storage.manifest import Manifest, check_files, generation_folder
from indexer.store import (
    Copy,
    Corrections,
    DocIds,
    Embeddings,
    PassageStore,
    Restriction,
    ScoredPassages,
    StoredPassage,
)
from indexer.vectors.index import VectorIndex

# Both retrievers need the mask of a filter, and so do further questions with the same filter.
_MAX_CACHED_MASKS = 4


class LocalStore(PassageStore, AbstractContextManager["LocalStore"]):
    """Store over an index folder: an immutable snapshot that threads may share.

    Raises:
        IndexFormatError: when a file is missing, damaged, or does not fit the others.
    """

    def __init__(self, index: Path, manifest: Manifest) -> None:
        """Open the generation that a manifest names."""
        check_files(index, manifest)
        folder = generation_folder(index, manifest.generation)
        self._lexical: TantivyIndex | RankBm25Index
        self._articles: TantivyIndex | RankBm25Index
        self._masks: dict[Restriction, NDArray[np.bool_]] = {}
        with ExitStack() as opened:
            self.catalog = opened.enter_context(Catalog(folder))
            self._vectors = VectorIndex(folder, manifest.vector_lists)
            if manifest.bm25 == "rank-bm25":
                passages = list(self.catalog.all_passages())
                self._lexical = RankBm25Index(
                    [stored.text for stored in passages], [stored.heading for stored in passages]
                )
                self._articles = RankBm25Index(list(self.catalog.article_texts()))
            else:
                self._lexical = TantivyIndex(folder)
                self._articles = TantivyIndex(folder, ARTICLES_FOLDER)
            self._check_counts(index, manifest)
            self._row_map = RowMap.open(folder, self.catalog)
            opened.pop_all()  # the catalog stays open until `close`

    def match_terms(
        self, terms: Sequence[str], depth: int, restriction: Restriction
    ) -> ScoredPassages:
        return self._scored(self._lexical.search(terms, depth, self._allowed(restriction)))

    def match_articles(self, terms: Sequence[str], doc_ids: DocIds) -> NDArray[np.float64]:
        numbers = self._row_map.numbers(doc_ids)
        allowed = np.zeros(self.catalog.documents, dtype=np.bool_)
        allowed[numbers[numbers >= 0]] = True
        found = dict(self._articles.search(terms, max(1, len(numbers)), allowed))
        return np.array([found.get(number, np.nan) for number in numbers.tolist()])

    def match_vector(
        self, vector: Embeddings, depth: int, restriction: Restriction
    ) -> ScoredPassages:
        return self._scored(self._vectors.search(vector, depth, self._allowed(restriction)))

    def has_term(self, term: str) -> bool:
        return self._lexical.has_term(term)

    def words_with_prefix(self, prefix: str) -> list[tuple[str, int]]:
        return self._lexical.words_with_prefix(prefix)

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        return self.catalog.passages(passage_ids)

    def document(self, doc_id: str) -> Document:
        return self.catalog.document(doc_id)

    def representatives(self, doc_ids: DocIds) -> DocIds:
        return self._row_map.representatives(doc_ids)

    def copies_of(self, doc_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
        copied = [doc_id for doc_id in doc_ids if self._row_map.has_copies(doc_id)]
        return self.catalog.copies_of(copied) if copied else {}

    def corrections_of(self, doc_ids: Sequence[str]) -> dict[str, Corrections]:
        return corrections_of(self.catalog, doc_ids)

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog; the garbage collector releases the other files."""
        self.catalog.close()

    def _allowed(self, restriction: Restriction) -> NDArray[np.bool_] | None:
        """Return a mask of the allowed rows, shape (passages,); None means all."""
        if restriction.is_empty:
            return None
        cached = self._masks.get(restriction)
        if cached is None:
            cached = self._compute_allowed(restriction)
            cached.flags.writeable = False
            # A new dictionary each time, since other threads may be reading the old one.
            latest = list(self._masks.items())[1 - _MAX_CACHED_MASKS :]
            self._masks = dict([*latest, (restriction, cached)])
        return cached

    def _compute_allowed(self, restriction: Restriction) -> NDArray[np.bool_]:
        documents = self.catalog.documents_allowed(restriction)
        if documents is None:
            allowed = np.ones(self.catalog.count, dtype=np.bool_)
        else:
            allowed = self._row_map.rows_of(documents)
        for phrase in restriction.phrases:
            wanted = np.zeros_like(allowed)
            wanted[self._lexical.rows_with_phrase(phrase)] = True
            allowed &= wanted
        for phrase in restriction.excluded:
            allowed[self._lexical.rows_with_phrase(phrase)] = False
        return allowed

    def _scored(self, found: Sequence[tuple[int, float]]) -> ScoredPassages:
        rows = np.array([row for row, _ in found], dtype=np.int64)
        scores = np.array([score for _, score in found], dtype=np.float64)
        return ScoredPassages(*self._row_map.locate(rows), scores)

    def _check_counts(self, index: Path, manifest: Manifest) -> None:
        counts = {
            "documents in the catalog": (self.catalog.documents, manifest.documents),
            "passages in the catalog": (self.catalog.count, manifest.passages),
            "vectors": (self._vectors.count, manifest.passages),
            "dimensions": (self._vectors.dimension, manifest.encoder.dimension),
            "passages in the BM25 index": (self._lexical.count, manifest.passages),
            "articles in the BM25 index": (self._articles.count, manifest.documents),
        }
        for name, (found, expected) in counts.items():
            if found != expected:
                what = f"found {found:,} {name}, expected {expected:,}"
                raise damaged_index(index, what, manifest.roots.paths)
