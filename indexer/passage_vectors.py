"""Where does each passage's vector come from? What the index has already is not encoded again.

In: a committed generation and new texts. Out: the vectors of a new one. A vector depends on the
encoder and the text alone, so it does not matter in which article, file or place the text stood.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.catalog import Catalog
from indexer.encoder import EncoderSpec
from indexer.errors import DatelineError
from indexer.manifest import Manifest, damaged_files, generation_folder
from indexer.progress import Progress
from indexer.store import Embeddings
from indexer.vectors import VectorIndex, write_vector_blocks

UNKNOWN = -1

# So many passages are held in memory while they are encoded; their vectors stay, 1.5 kB each.
_PASSAGES_AT_ONCE = 20_000


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
            self._rows = {_key(text): row for row, text in enumerate(_texts(catalog))}

    def rows_of(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of each text, in their order; `UNKNOWN` for one without a vector.

        The texts are consumed one at a time.
        """
        return np.fromiter((self._rows.get(_key(text), UNKNOWN) for text in texts), dtype=np.int64)

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
    rows = known.rows_of(_texts(catalog)) if known else _all_unknown(catalog)
    if known and (rows != UNKNOWN).all():
        progress.stage("encode", 0)
        taken = (known.vectors(block) for block in _blocks(rows))
        write_vector_blocks(folder, known.spec.dimension, taken)
        return known.spec, 0
    # torch is needed only here, and importing it takes seconds: nothing else may wait for it.
    from indexer.encoder_torch import PassageEncoder  # noqa: PLC0415 - see above

    encoder = PassageEncoder(encoder_name, threads=threads)
    if known and known.spec != encoder.spec:  # a hub may give other weights under the same name
        known, rows = None, _all_unknown(catalog)
    encoded = int((rows == UNKNOWN).sum())
    progress.stage("encode", encoded)
    encode = partial(encoder.encode, on_batch=progress.advance)
    vectors = _encoded(catalog, rows, encode, known)
    write_vector_blocks(folder, encoder.spec.dimension, vectors)
    return encoder.spec, encoded


def _encoded(
    catalog: Catalog,
    rows: NDArray[np.int64],
    encode: Callable[[Sequence[str]], Embeddings],
    known: KnownVectors | None,
) -> Iterator[Embeddings]:
    """Yield the vectors of every passage, block by block; only the texts of a block are held."""
    texts = _texts(catalog)
    for block in _blocks(rows):
        is_new = block == UNKNOWN
        held = islice(texts, len(block))
        new = [text for text, wanted in zip(held, is_new, strict=True) if wanted]
        encoded = encode(new)
        vectors = np.empty((len(block), encoded.shape[1]), dtype=np.float32)
        vectors[is_new] = encoded
        if known:
            vectors[~is_new] = known.vectors(block[~is_new])
        yield vectors


def _texts(catalog: Catalog) -> Iterator[str]:
    return (stored.text for stored in catalog.all_passages())


def _blocks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    return (
        rows[first : first + _PASSAGES_AT_ONCE] for first in range(0, len(rows), _PASSAGES_AT_ONCE)
    )


def _all_unknown(catalog: Catalog) -> NDArray[np.int64]:
    return np.full(catalog.count, UNKNOWN, dtype=np.int64)


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
