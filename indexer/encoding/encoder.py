"""How does text become a vector? The question side: onnxruntime and tokenizers, never torch.

In: questions or sentences. Out: float32 unit rows, from a graph exported once from the model by a
child process (`indexer.encoding.export`) and kept in the user's cache folder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.cores import cores
from indexer.encoding.cache import GRAPH_FILE, TOKENIZER_FILE, export_folder, read_export
from indexer.encoding.export_child import export_in_child
from indexer.encoding.model_files import (
    BUNDLED_SHA256,
    DEFAULT_ENCODER,
    locate,
    model_sha256,
)
from indexer.encoding.onnx_setup import ort
from indexer.errors import EncoderError, EncoderMismatchError
from indexer.store import Embeddings

__all__ = [
    "DEFAULT_ENCODER",
    "Encoder",
    "EncoderSpec",
    "OnnxEncoder",
    "open_encoder",
    "tokenizer_file",
]

# A batch is padded to its longest text. Measured with the 25 sentences of one question, 64 to 4096:
# 256 to 1024 take 140 ms; 4096, where everything is padded to the longest, 180.
_BATCH_TOKENS = 512

# A question of 24 tokens took one core 10.0 ms, two 7.0, three 6.3 and four 6.5.
_MOST_THREADS = 3


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """Which encoder made the vectors: written into the manifest, compared on opening."""

    name: str
    sha256: str
    dimension: int
    max_tokens: int


class Encoder(Protocol):
    """Turns questions or sentences into unit vectors."""

    @property
    def spec(self) -> EncoderSpec:
        """The identity of the model."""

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return float32 unit rows, shape (len(texts), dimension)."""


class OnnxEncoder:
    """The exported encoder. Safe between threads."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Open an export folder.

        Raises:
            EncoderError: when it is missing or damaged.
        """
        self._export = read_export(folder)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads or min(_MOST_THREADS, cores())
        # Threads that sleep between two steps of a question wake too late to help with it; they
        # spin until it is encoded, and not a moment longer.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        # The graph was optimised when it was exported.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 4  # a failure is raised; it need not be printed as well
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = ort.InferenceSession(
                str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both raise types of their own that share no other base
            raise EncoderError(
                f"the exported encoder in {folder} cannot be opened: {error}; expected a graph and "
                "a tokenizer that this version reads. Delete this folder; it is made again."
            ) from error

    @property
    def spec(self) -> EncoderSpec:
        """The identity of the model."""
        export = self._export
        return EncoderSpec(export.name, export.sha256, export.dimension, export.max_tokens)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return float32 unit rows for questions, shape (len(texts), dimension).

        A text longer than the model reads is cut at its limit.
        """
        return self._encode([self._export.query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Return what `encode` does, for passages: some models tell them from questions."""
        return self._encode([self._export.passage_prompt + text for text in texts])

    def _encode(self, texts: list[str]) -> Embeddings:
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        rows = np.zeros((len(texts), self._export.dimension), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: (len(ids[row]), row))
        while order:
            length = len(ids[order[-1]])
            count = max(1, _BATCH_TOKENS // max(1, length))
            batch, order = order[-count:], order[:-count]
            tokens, mask = pad([ids[row] for row in batch], length, self._export.pad_id)
            feed = {"input_ids": tokens, "attention_mask": mask}
            rows[batch] = self._session.run(["embedding"], feed)[0]
        return rows


def pad(
    ids: Sequence[Sequence[int] | NDArray[np.int32]], length: int, pad_id: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return token ids padded on the right to `length`, and the mask of those that count.

    >>> pad([[7, 8], [9]], 3, 0)[0].tolist()
    [[7, 8, 0], [9, 0, 0]]
    """
    tokens = np.full((len(ids), length), pad_id, dtype=np.int64)
    mask = np.zeros((len(ids), length), dtype=np.int64)
    for row, row_ids in enumerate(ids):
        tokens[row, : len(row_ids)] = row_ids
        mask[row, : len(row_ids)] = 1
    return tokens, mask


def open_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    expected_sha256: str | None = None,
    threads: int | None = None,
    notify: Callable[[str], None] | None = None,
) -> OnnxEncoder:
    """Open the exported encoder; a missing or damaged export is made first, by a child process.

    Args:
        name: a model's name or folder.
        expected_sha256: the identity of the model that made an index's vectors.
        threads: how many threads run one batch; None leaves it to onnxruntime.
        notify: is told in words when an export, which takes seconds, begins.

    Raises:
        EncoderError: when the model cannot be found, exported or run here.
        EncoderMismatchError: when the model at hand is not the expected one.
    """
    folder = _known_folder(name, expected_sha256)
    if folder is not None and folder.is_dir():
        try:
            return OnnxEncoder(folder, threads)
        except EncoderError:
            pass  # damaged, or written for another onnxruntime: it is made again, once
    files = locate(name)
    if files.folder is not None and expected_sha256 is not None:
        _check_model(name, model_sha256(files), expected_sha256)
    folder = export_in_child(name, notify, replace=folder is not None and folder.is_dir())
    encoder = OnnxEncoder(folder, threads)
    if expected_sha256 is not None:
        _check_model(name, encoder.spec.sha256, expected_sha256)
    return encoder


def _check_model(name: str, found: str, expected: str) -> None:
    if found != expected:
        raise EncoderMismatchError(
            f"encoder {name} has SHA-256 {found}; the index was built with {expected}. Rebuild "
            "the index, or put back the model that it was built with."
        )


def _known_folder(name: str, expected_sha256: str | None) -> Path | None:
    """Return where the export must be; None for a hub's model that no index names yet."""
    if expected_sha256 is not None:
        return export_folder(expected_sha256)
    files = locate(name)
    if files.bundled:
        return export_folder(BUNDLED_SHA256)  # hashing 90 MB a question would cost 0.1 s
    return export_folder(model_sha256(files)) if files.folder else None


def tokenizer_file(name: str = DEFAULT_ENCODER) -> Path:
    """Return where a model's tokenizer lies.

    Raises:
        EncoderError: when it has none here and none can be had.
    """
    files = locate(name)
    if files.tokenizer is not None:
        return files.tokenizer
    folder = _known_folder(files.name, None)
    if folder is None or not folder.is_dir():
        folder = export_in_child(files.name)
    return folder / TOKENIZER_FILE
