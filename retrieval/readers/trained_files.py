"""Files of the trained reader, checked against their published SHA-256.

The layers are a file of this package; word embeddings and tokenizer are the bundled encoder's.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.encoding.model_files import (
    BUNDLED_TOKENIZER_SHA256,
    DEFAULT_ENCODER,
    IS_INSTALLED,
    REINSTALL,
    file_sha256,
    locate,
)
from indexer.errors import EncoderError, ReaderError

VOCABULARY = 30_522
WIDTH = 384
WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
WORD_EMBEDDINGS_SHA256 = "352d34a4ad725bb742f36fc3f2a2dcfa7f07317926128d47c362198125003892"
_LENGTH_BYTES = 8  # length of a safetensors file's header, before the header
_LONGEST_HEADER = 1_000_000

WordEmbeddings = NDArray[np.float32]
"""float32, shape (VOCABULARY, WIDTH), not normalised."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A published model file."""

    path: Path
    size: int
    sha256: str


BUNDLED_READER = ModelFile(
    path=Path(__file__).parents[1] / "models" / "reader-2.onnx",
    size=11_979_698,
    sha256="56656dbfd1ba3265f6378f52b6250ffbb5a226db53e9f96de59f6f8770509c46",
)


def read_published(file: ModelFile) -> bytes:
    """Return the bytes of a published model after checking them.

    Raises:
        ReaderError: when the file is missing, truncated or altered.
    """
    advice = f"Restore it from git: git checkout -- retrieval/models/{file.path.name}"
    if IS_INSTALLED:
        advice = "Install Dateline again"
    content = read_model(file.path, advice)
    if len(content) != file.size:
        raise ReaderError(
            f"The reader's model {file.path} is incomplete: it has {len(content)} bytes, expected "
            f"{file.size}. {advice}"
        )
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise ReaderError(
            f"The reader's model {file.path} was altered: its SHA-256 is {found}, expected "
            f"{file.sha256}. {advice}"
        )
    return content


def read_model(path: Path, advice: str = "Check the path.") -> bytes:
    """Return the bytes of a model file.

    Args:
        path: the file.
        advice: end of the message when it cannot be read.

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
    """Return the bundled encoder's tokenizer; it truncates nothing, and special tokens are text.

    Raises:
        ReaderError: when the file is missing or altered.
    """
    path = _bundled_folder() / "tokenizer.json"
    try:
        found = file_sha256(path)
    except EncoderError as error:
        raise ReaderError(f"The reader's tokenizer cannot be read: {error} {REINSTALL}") from error
    if found != BUNDLED_TOKENIZER_SHA256:
        raise ReaderError(
            f"{path} is not the published tokenizer of {DEFAULT_ENCODER}: its SHA-256 is {found}, "
            f"expected {BUNDLED_TOKENIZER_SHA256}. {REINSTALL}"
        )
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "[SEP]" in an article must not end the question.
    tokenizer.encode_special_tokens = True
    return tokenizer


def open_word_embeddings() -> WordEmbeddings:
    """Map the bundled encoder's word embeddings into memory, read-only, after checking them.

    Raises:
        ReaderError: when the file is missing, truncated or altered.
    """
    path = _bundled_folder() / "model.safetensors"
    try:
        begin = _embeddings_begin(path)
        rows = np.memmap(path, np.dtype("<f4"), "r", begin, (VOCABULARY, WIDTH))
        found = hashlib.sha256(rows.data).hexdigest()
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        reason = f"the table {WORD_EMBEDDINGS} is missing or incomplete ({error})"
        raise _damaged(path, reason) from error
    if found != WORD_EMBEDDINGS_SHA256:
        raise _damaged(
            path, f"the SHA-256 of {WORD_EMBEDDINGS} is {found}, expected {WORD_EMBEDDINGS_SHA256}"
        )
    return rows


def _embeddings_begin(path: Path) -> int:
    """Return the offset of the table in a safetensors file."""
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
        f"The reader's word embeddings cannot be read from {path}: {reason}. Expected the "
        f"published file of {DEFAULT_ENCODER}. {REINSTALL}"
    )


def _bundled_folder() -> Path:
    try:
        folder = locate(DEFAULT_ENCODER).folder
    except EncoderError as error:
        raise ReaderError(f"The reader needs the bundled encoder: {error}") from error
    if folder is None:
        raise ReaderError(f"The reader needs the folder of {DEFAULT_ENCODER}. {REINSTALL}")
    return folder
