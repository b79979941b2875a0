"""Encoder of questions, run by onnxruntime without torch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from indexer.cores import cores
from indexer.encoding.cache import TOKENIZER_FILE, ExportedEncoder, export_folder
from indexer.encoding.export_child import export_in_child
from indexer.encoding.model_files import BUNDLED_SHA256, DEFAULT_ENCODER, locate, model_sha256
from indexer.encoding.onnx_model import OnnxModel, open_bundled, open_export
from indexer.errors import EncoderError, EncoderMismatchError
from indexer.store import Embeddings

# A batch is padded to its longest text: 25 sentences took 140 ms with 256 to 1024 tokens a batch,
# and 180 with 4096.
_BATCH_TOKENS = 512

# A question of 24 tokens took one core 10.0 ms, two 7.0, three 6.3 and four 6.5.
_MOST_THREADS = 3


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """Identity of the model that made an index's vectors, as the manifest has it."""

    name: str
    sha256: str
    dimension: int
    max_tokens: int


class Encoder(Protocol):
    """Encoder of texts as unit vectors."""

    @property
    def spec(self) -> EncoderSpec:
        """The identity of the model."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return float32 unit rows, shape (len(texts), dimension)."""


class OnnxEncoder:
    """Encoder of questions by a model that onnxruntime runs. Thread-safe."""

    def __init__(self, model: OnnxModel) -> None:
        """Keep an open model."""
        self._model = model
        self.spec = spec_of(model.described)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return float32 unit rows for questions, truncated to what the model reads."""
        return self._encode([self._model.described.query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return float32 unit rows for passages, which some models distinguish from questions."""
        return self._encode([self._model.described.passage_prompt + text for text in texts])

    def _encode(self, texts: list[str]) -> Embeddings:
        ids = [encoding.ids for encoding in self._model.tokenizer.encode_batch_fast(texts)]
        rows = np.zeros((len(texts), self.spec.dimension), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: (len(ids[row]), row))
        while order:
            length = len(ids[order[-1]])
            count = max(1, _BATCH_TOKENS // max(1, length))
            batch, order = order[-count:], order[:-count]
            rows[batch] = self._model.vectors([ids[row] for row in batch], length)
        return rows


def spec_of(described: ExportedEncoder) -> EncoderSpec:
    """Return the identity of a model."""
    return EncoderSpec(described.name, described.sha256, described.dimension, described.max_tokens)


def open_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    expected_sha256: str | None = None,
    threads: int | None = None,
    notify: Callable[[str], None] | None = None,
) -> OnnxEncoder:
    """Open the bundled model, or another after a child process has exported it if need be.

    Args:
        name: name or folder of the model.
        expected_sha256: identity that the model must have. An index gives it, whoever made that:
            no hub is asked then.
        threads: number of threads for a batch; None means up to three.
        notify: receives a note when an export begins, which takes seconds.

    Raises:
        EncoderError: when the model cannot be found, exported or run.
        EncoderMismatchError: when the model is not the expected one.
    """
    threads = threads or min(_MOST_THREADS, cores())
    if expected_sha256 == BUNDLED_SHA256 or (expected_sha256 is None and locate(name).bundled):
        return OnnxEncoder(open_bundled(threads))
    folder = _known_folder(name, expected_sha256)
    if folder is not None and folder.is_dir():
        try:
            return OnnxEncoder(open_export(folder, threads))
        except EncoderError:
            pass  # damaged, or of another onnxruntime version: exported again below
    from_hub = expected_sha256 is None
    files = locate(name, from_hub=from_hub)
    if files.folder is not None and expected_sha256 is not None:
        _check_model(name, model_sha256(files), expected_sha256)
    replace = folder is not None and folder.is_dir()
    folder = export_in_child(name, notify, replace=replace, from_hub=from_hub)
    encoder = OnnxEncoder(open_export(folder, threads))
    _check_model(name, encoder.spec.sha256, expected_sha256)
    return encoder


def _check_model(name: str, found: str, expected: str | None) -> None:
    if expected not in (None, found):
        raise EncoderMismatchError(
            f"Model {name} has SHA-256 {found}, but the index was built with {expected}. Rebuild "
            "the index or restore that model."
        )


def _known_folder(name: str, expected_sha256: str | None, *, from_hub: bool = True) -> Path | None:
    """Return the folder of the export; None for a hub's model of unknown identity."""
    if expected_sha256 is not None:
        return export_folder(expected_sha256)
    files = locate(name, from_hub=from_hub)
    return export_folder(model_sha256(files)) if files.folder else None


def tokenizer_file(name: str = DEFAULT_ENCODER, *, from_hub: bool = True) -> Path:
    """Return the path of a model's tokenizer, after exporting the model if need be.

    Args:
        name: name or folder of the model.
        from_hub: whether a hub may be asked for it.

    Raises:
        EncoderError: when the model cannot be found or exported.
    """
    files = locate(name, from_hub=from_hub)
    if files.tokenizer is not None:
        return files.tokenizer
    folder = _known_folder(files.name, None, from_hub=from_hub)
    if folder is None or not folder.is_dir():
        folder = export_in_child(files.name, from_hub=from_hub)
    return folder / TOKENIZER_FILE
