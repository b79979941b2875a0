"""Choice of the reader: the bundled one, or a model that the user names, which loads torch."""

from pathlib import Path
from typing import Final

from indexer.encoding.model_files import lacking_for_others
from indexer.errors import ReaderError
from retrieval.readers.protocol import Reader
from retrieval.readers.trained import TrainedReader

DEFAULT_READER: Final = "bundled"
_ONNX = ".onnx"


def open_reader(name: str = DEFAULT_READER, *, threads: int | None = None) -> Reader:
    """Open a reader.

    Args:
        name: `bundled`, an ONNX file with the same inputs and outputs, or the folder or Hugging
            Face name of a cross-encoder or an extractive question answering model.
        threads: number of threads; None means every core.

    Raises:
        ReaderError: when its files are missing, altered, or not those of a reader.
    """
    if name == DEFAULT_READER:
        return TrainedReader.open(threads=threads)
    if name.endswith(_ONNX):
        return TrainedReader.open(Path(name), threads)
    if lacking := lacking_for_others():
        raise ReaderError(f"Cannot open reader {name}: {lacking}")
    from retrieval.readers.transformer import (  # noqa: PLC0415 - torch takes seconds
        open_transformer_reader,
    )

    return open_transformer_reader(name, threads=threads)
