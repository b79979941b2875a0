"""Source of material: passages and vectors of an index, read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalog.reader import Catalog
from indexer.storage.manifest import Manifest, generation_folder, read_manifest
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex

_PASSAGE = "SELECT text, start, sentences, kind FROM passages WHERE row = ?"
_FACTS = "SELECT title, source, published, language FROM documents WHERE doc_id = ?"
_SIZES = "SELECT doc_id, min(row), count(*) FROM passages GROUP BY doc_id ORDER BY doc_id"


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """Article of the index: id, row of its first passage, number of passages."""

    doc_id: str
    first: int
    passages: int


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """Sentences of a real passage, and its kind."""

    sentences: tuple[str, ...]
    kind: str


class SourceIndex:
    """Random-access reader of an index that holds one row per article in memory.

    Raises:
        IndexNotFoundError: if there is no index.
        IndexFormatError: if it is damaged or has another format version.
    """

    def __init__(self, index: Path) -> None:
        """Open the live generation."""
        self.manifest: Manifest = read_manifest(index)
        folder = generation_folder(index, self.manifest.generation)
        self._catalog = Catalog(folder)
        self._vectors = VectorIndex(folder)
        self.articles = [SourceArticle(*row) for row in self._catalog.rows(_SIZES)]

    def facts(self, article: SourceArticle) -> dict[str, Any]:
        """Return title, outlet, date and language of an article; None where unknown."""
        (found,) = self._catalog.rows(_FACTS, (article.doc_id,))
        return dict(zip(("title", "source", "published", "language"), found, strict=True))

    def passage(self, row: int) -> SourcePassage:
        """Return one passage."""
        ((text, start, sentences, kind),) = self._catalog.rows(_PASSAGE, (row,))
        # They count from the beginning of the article.
        offsets = np.frombuffer(sentences, dtype="<u4").reshape(-1, 2).astype(np.int64) - start
        return SourcePassage(tuple(text[first:last] for first, last in offsets.tolist()), kind)

    def vectors(self, rows: Sequence[int]) -> Embeddings:
        """Return the vectors of some rows."""
        return self._vectors.rows(np.array(rows, dtype=np.int64))

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()
