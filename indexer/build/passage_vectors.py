"""Where does each passage's vector come from? What is there already is not encoded again.

In: a committed generation, what a stopped build has left, and new texts. Out: the vectors of a new
generation. A vector depends on the encoder and the text alone, so it does not matter in which
article, file or place the text stood.
"""

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
from indexer.errors import DatelineError
from indexer.progress import Progress
from indexer.storage.manifest import Manifest, generation_folder
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex, write_vectors

# So many passages are held in memory while they are encoded; their vectors stay, 1.5 kB each.
_PASSAGES_AT_ONCE = 20_000


class VectorSource(Protocol):
    """Has the vectors of some texts."""

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector."""

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""


class KnownVectors:
    """The vectors of a committed generation, found by the text that they are of."""

    def __init__(self, index: Path, live: Manifest) -> None:
        """Read the texts of a generation.

        Raises:
            IndexFormatError: when a file of it cannot be read.
        """
        folder = generation_folder(index, live.generation)
        self.spec: EncoderSpec = live.encoder
        self._vectors = VectorIndex(folder)
        with Catalog(folder) as catalog:
            self._rows = {text_key(text): row for row, text in enumerate(catalog.passage_texts())}

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector.

        The texts are consumed one at a time.
        """
        return np.fromiter((self._rows.get(text_key(text), UNKNOWN) for text in texts), np.int64)

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""
        return self._vectors.rows(rows)


def known_vectors(index: Path, live: Manifest) -> KnownVectors | None:
    """Return what a generation knows whose files are whole; None when they cannot be read."""
    try:
        return KnownVectors(index, live)
    except DatelineError:
        return None


def write_passage_vectors(
    folder: Path,
    catalog: Catalog,
    encoder_name: str,
    *,
    known: KnownVectors | None,
    threads: int | None,
    progress: Progress,
) -> tuple[EncoderSpec, int]:
    """Write the vectors of a generation, in row order, a block of passages at a time.

    Args:
        folder: the generation's.
        catalog: of the same generation: its passages get vectors.
        encoder_name: which encoder encodes those that are not known.
        known: vectors of that encoder; None encodes everything.
        threads: how many threads encode; None means every core.
        progress: is told how many are encoded.

    Returns:
        The encoder, and how many passages it encoded.

    Raises:
        EncoderError: when the encoder is needed and cannot be loaded.
        IndexFormatError: when the catalog cannot be read.
        IndexWriteError: when the file cannot be written.
    """
    rows = known.rows_of(catalog.passage_texts()) if known else None
    if known and rows is not None and (rows != UNKNOWN).all():
        progress.stage("encode", 0)
        taken = (known.vectors(rows[each]) for each in _blocks(catalog.count))
        write_vectors(folder, known.spec.dimension, taken)
        return known.spec, 0
    # torch is needed only here, and importing it takes seconds: nothing else may wait for it.
    from indexer.encoding.torch_encoder import PassageEncoder  # noqa: PLC0415 - see above

    encoder = PassageEncoder(encoder_name, threads=threads)
    if known and known.spec != encoder.spec:  # a hub may give other weights under the same name
        known = None
    with VectorCheckpoint(folder.parent, encoder.spec) as kept:
        sources = [source for source in (known, kept) if source is not None]
        places = [source.rows_of(catalog.passage_texts()) for source in sources]
        encoded = int(np.all([rows == UNKNOWN for rows in places], axis=0).sum())
        progress.stage("encode", encoded)

        def encode(texts: Sequence[str]) -> Embeddings:
            def finished(batch: Sequence[int], vectors: Embeddings) -> None:
                kept.add([texts[i] for i in batch], vectors)
                progress.advance(len(batch))

            return encoder.encode(texts, finished)

        vectors = _joined(catalog, list(zip(sources, places, strict=True)), encode)
        write_vectors(folder, encoder.spec.dimension, vectors)
    return encoder.spec, encoded


def _joined(
    catalog: Catalog,
    sources: Sequence[tuple[VectorSource, NDArray[np.int64]]],
    encode: Callable[[Sequence[str]], Embeddings],
) -> Iterator[Embeddings]:
    """Yield the vectors of every passage, block by block; only the texts of a block are held.

    Args:
        catalog: whose passages get vectors.
        sources: where to look first, each with its rows of all passages.
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
        for places, taken in found:
            vectors[places] = taken
        yield vectors


def _blocks(count: int) -> Iterator[slice]:
    return (
        slice(first, min(first + _PASSAGES_AT_ONCE, count))
        for first in range(0, count, _PASSAGES_AT_ONCE)
    )
