"""Models that onnxruntime runs: the bundled one, and exports of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.encoding.batches import pad
from indexer.encoding.cache import GRAPH_FILE, TOKENIZER_FILE, ExportedEncoder, read_export
from indexer.encoding.model_files import (
    BUNDLED_SHA256,
    DEFAULT_ENCODER,
    locate,
    read_bundled_graph,
    verify_bundled,
)
from indexer.encoding.onnx_setup import ort
from indexer.errors import EncoderError
from indexer.store import Embeddings

_BUNDLED = ExportedEncoder(
    name=DEFAULT_ENCODER,
    sha256=BUNDLED_SHA256,
    dimension=384,
    max_tokens=256,
    query_prompt="",
    passage_prompt="",
    pad_id=0,
    files={},
)


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """Open model. Safe between threads."""

    described: ExportedEncoder
    tokenizer: Tokenizer
    session: ort.InferenceSession

    def vectors(self, ids: Sequence[Sequence[int] | NDArray[np.int32]], length: int) -> Embeddings:
        """Return float32 unit rows for texts, padded to a length.

        Args:
            ids: the token ids of each text.
            length: number of tokens, at least those of the longest text.
        """
        tokens, mask = pad(ids, length, self.described.pad_id)
        feed = {"input_ids": tokens, "attention_mask": mask}
        rows: Embeddings = self.session.run(["embedding"], feed)[0]
        return rows


def open_bundled(threads: int, *, verified: bool = False) -> OnnxModel:
    """Open the bundled model, whose weights are mapped from the installed file.

    Args:
        threads: number of threads for a batch.
        verified: whether to hash the files, which takes 0.1 s, and not only compare their sizes.

    Raises:
        EncoderError: when a file is missing or altered, or cannot be run here.
    """
    files = locate(DEFAULT_ENCODER)
    verify_bundled(files, hashes=verified)
    folder = files.local_folder
    options = _options(threads)
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = _session(read_bundled_graph(), options)
    except Exception as error:  # the only common base of what both libraries raise
        raise EncoderError(
            f"Cannot open {DEFAULT_ENCODER} in {folder}: {error}. Install Dateline again."
        ) from error
    tokenizer.enable_truncation(_BUNDLED.max_tokens)
    tokenizer.no_padding()
    return OnnxModel(_BUNDLED, tokenizer, session)


def open_export(folder: Path, threads: int) -> OnnxModel:
    """Open an export folder.

    Args:
        folder: the folder.
        threads: number of threads for a batch.

    Raises:
        EncoderError: when it is missing or damaged.
    """
    described = read_export(folder)
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        session = _session(str(folder / GRAPH_FILE), _options(threads))
    except Exception as error:  # the only common base of what both libraries raise
        raise EncoderError(
            f"Cannot open the exported model in {folder}: {error}. Delete this folder; it is "
            "made again when needed."
        ) from error
    return OnnxModel(described, tokenizer, session)


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    # Sleeping threads would wake too late for the next step of a question. They spin, but only
    # until it is encoded.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Graphs are as they should run; optimising one again takes longer than a question.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # errors are raised, and need not be printed as well
    return options


def _session(graph: bytes | str, options: ort.SessionOptions) -> ort.InferenceSession:
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
