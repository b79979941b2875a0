"""Where does each passage's vector come from? What the index has already is not encoded again.

In: a committed generation and new texts. Out: the vectors of a new one. A vector depends on the
encoder and the text alone, so it does not matter in which article, file or place the text stood.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.catalog import Catalog
from indexer.encoder import EncoderSpec
from indexer.errors import DatelineError
from indexer.manifest import Manifest, damaged_files, generation_folder
from indexer.progress import Progress
from indexer.store import Embeddings
from indexer.vectors import VectorIndex, write_vectors

UNKNOWN = -1


class KnownVectors:
    """The vectors of a committed generation, found by the text that they are of."""

    def __init__(self, index: Path, live: Manifest) -> None:
        """Read the texts of the generation that a manifest names.

        Raises:
            IndexFormatError: when a file of it cannot be read.
        """
        folder = generation_folder(index, live.generation)
        self.spec: EncoderSpec = live.encoder
        self._vectors = VectorIndex(folder)
        with Catalog(folder) as catalog:
            passages = catalog.all_passages()
            self._rows = {_key(stored.text): row for row, stored in enumerate(passages)}

    def rows_of(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each text, shape (len(texts),); `UNKNOWN` for one without a vector."""
        return np.array([self._rows.get(_key(text), UNKNOWN) for text in texts], dtype=np.int64)

    def vectors(self, rows: NDArray[np.int64]) -> Embeddings:
        """Return the vectors of rows, float32, shape (len(rows), dimension)."""
        return self._vectors.rows(rows)


def known_vectors(index: Path, live: Manifest) -> KnownVectors | None:
    """Return what a live generation knows; None when it is damaged: nothing is taken from it."""
    try:
        return None if damaged_files(index, live) else KnownVectors(index, live)
    except DatelineError:
        return None


def write_passage_vectors(
    folder: Path,
    texts: Sequence[str],
    encoder_name: str,
    *,
    known: KnownVectors | None,
    threads: int | None,
    progress: Progress,
) -> tuple[EncoderSpec, int]:
    """Write the vectors of a generation, in row order.

    Args:
        folder: the generation's.
        texts: the passages.
        encoder_name: which encoder encodes those that are not known.
        known: vectors of that encoder; None encodes everything.
        threads: how many threads encode; None means every core.
        progress: is told how many are encoded.

    Returns:
        The encoder, and how many passages it encoded.

    Raises:
        EncoderError: when the encoder is needed and cannot be loaded.
        IndexWriteError: when the file cannot be written.
    """
    rows = known.rows_of(texts) if known else np.full(len(texts), UNKNOWN)
    if known and (rows != UNKNOWN).all():
        progress.stage("encode", 0)
        write_vectors(folder, known.vectors(rows))
        return known.spec, 0
    # torch is needed only here, and importing it takes seconds: nothing else may wait for it.
    from indexer.encoder_torch import PassageEncoder  # noqa: PLC0415 - see above

    encoder = PassageEncoder(encoder_name, threads=threads)
    if known and known.spec != encoder.spec:  # a hub may give other weights under the same name
        known, rows = None, np.full(len(texts), UNKNOWN)
    new = np.flatnonzero(rows == UNKNOWN)
    progress.stage("encode", len(new))
    vectors = np.empty((len(texts), encoder.spec.dimension), dtype=np.float32)
    vectors[new] = encoder.encode([texts[row] for row in new.tolist()], on_batch=progress.advance)
    if known:
        found = np.flatnonzero(rows != UNKNOWN)
        vectors[found] = known.vectors(rows[found])
    write_vectors(folder, vectors)
    return encoder.spec, len(new)


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
