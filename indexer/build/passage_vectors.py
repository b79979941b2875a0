"""Vectors of the passages of a generation: reused where a text has one already, else encoded.

A vector depends on the encoder and the text alone, not on the article, file or offset of the text.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.keys import text_key
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import UNKNOWN, VectorCheckpoint
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.passage_encoder import open_passage_encoder
from indexer.progress import Progress
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex, write_vectors

# Passages held in memory at once; a vector takes 1.5 kB.
_PASSAGES_AT_ONCE = 20_000


class VectorSource(Protocol):
    """Store of the vectors of some texts."""

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector."""

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""


class StoredVectors:
    """Vectors of a committed generation, by their texts.

    Raises:
        IndexFormatError: when a file of it cannot be read.
    """

    def __init__(self, folder: Path, spec: EncoderSpec) -> None:
        """Read the texts of a generation folder."""
        self.spec = spec
        self._vectors = VectorIndex(folder)
        with Catalog(folder) as catalog:
            self._rows = {text_key(text): row for row, text in enumerate(catalog.passage_texts())}

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector."""
        return np.fromiter((self._rows.get(text_key(text), UNKNOWN) for text in texts), np.int64)

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""
        return self._vectors.rows(rows)


def write_passage_vectors(
    folder: Path,
    catalog: Catalog,
    encoder_name: str,
    stored: StoredVectors | None,
    threads: int | None,
    progress: Progress,
    *,
    from_hub: bool = True,
) -> tuple[EncoderSpec, int]:
    """Write the vectors of a generation, in row order, a block of passages at a time.

    Args:
        folder: the generation's.
        catalog: of the same generation: its passages get vectors.
        encoder_name: encodes the texts that have no vector.
        stored: vectors of that encoder; None encodes everything.
        threads: how many threads encode; None means every core.
        progress: is told how many are encoded.
        from_hub: whether a hub may be asked for the encoder.

    Returns:
        The encoder, and how many passages it encoded.

    Raises:
        EncoderError: when the encoder is needed and cannot be loaded.
        IndexFormatError: when the catalog cannot be read.
        IndexWriteError: when the file cannot be written.
    """
    rows = stored.rows_of(catalog.passage_texts()) if stored else None
    if stored and rows is not None and (rows != UNKNOWN).all():
        progress.stage("encode", 0)
        reused = (stored.vectors(rows[block]) for block in _blocks(catalog.count))
        write_vectors(folder, stored.spec.dimension, reused)
        return stored.spec, 0
    encoder = open_passage_encoder(encoder_name, threads, from_hub=from_hub)
    with VectorCheckpoint(folder.parent, encoder.spec) as checkpoint:
        sources: list[tuple[VectorSource, NDArray[np.int64]]] = []
        # A hub may give other weights under the same name.
        if stored and rows is not None and stored.spec == encoder.spec:
            sources.append((stored, rows))
        sources.append((checkpoint, checkpoint.rows_of(catalog.passage_texts())))
        encoded = int(np.all([rows == UNKNOWN for _, rows in sources], axis=0).sum())
        progress.stage("encode", encoded)

        def encode(texts: Sequence[str]) -> Embeddings:
            counts = Counter(texts)  # a text that is repeated is encoded once
            different = list(counts)

            def finished(batch: Sequence[int], vectors: Embeddings) -> None:
                done = [different[i] for i in batch]
                checkpoint.add(done, vectors)
                progress.advance(sum(counts[text] for text in done))

            vectors = encoder.encode(different, finished)
            rows = {text: row for row, text in enumerate(different)}
            return vectors[[rows[text] for text in texts]]

        write_vectors(folder, encoder.spec.dimension, _joined(catalog, sources, encode))
    return encoder.spec, encoded


def _joined(
    catalog: Catalog,
    sources: Sequence[tuple[VectorSource, NDArray[np.int64]]],
    encode: Callable[[Sequence[str]], Embeddings],
) -> Iterator[Embeddings]:
    """Yield the vectors of every passage, block by block; only the texts of a block are held.

    Args:
        catalog: its passages get vectors.
        sources: are asked in this order, each with its rows of all passages.
        encode: gives the vectors of texts that no source has.
    """
    texts = catalog.passage_texts()
    for block in _blocks(catalog.count):
        held = list(islice(texts, block.stop - block.start))
        missing = np.ones(len(held), dtype=np.bool_)
        found: list[tuple[NDArray[np.bool_], Embeddings]] = []
        for source, rows in sources:
            has = missing & (rows[block] != UNKNOWN)
            found.append((has, source.vectors(rows[block][has])))
            missing &= ~has
        new = [text for text, wanted in zip(held, missing, strict=True) if wanted]
        found.append((missing, encode(new)))
        vectors = np.empty((len(held), found[-1][1].shape[1]), dtype=np.float32)
        for mask, part in found:
            vectors[mask] = part
        yield vectors


def _blocks(count: int) -> Iterator[slice]:
    return (
        slice(first, min(first + _PASSAGES_AT_ONCE, count))
        for first in range(0, count, _PASSAGES_AT_ONCE)
    )
