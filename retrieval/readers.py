"""Which reader reads? The bundled one, the baseline, or a model that the user names.

In: a name. Out: a `Reader`. Only a model that is named loads torch.
"""

from pathlib import Path
from typing import Final

from indexer.encoder import Encoder
from retrieval.reader import Reader
from retrieval.sentence_reader import SentenceReader
from retrieval.trained_reader import TrainedReader

BUNDLED: Final = "bundled"
SENTENCES: Final = "sentences"
DEFAULT_READER: Final = BUNDLED
_ONNX = ".onnx"


def open_reader(
    name: str = BUNDLED, *, threads: int | None = None, encoder: Encoder | None = None
) -> Reader:
    """Open a reader.

    Args:
        name: `bundled`, `sentences` for the baseline, an ONNX file with the bundled one's inputs
            and outputs, else the folder or the hub's name of a cross-encoder or an extractive
            question answering model.
        threads: how many threads read; None means every core.
        encoder: what the baseline compares sentences with; None: by words alone.

    Raises:
        ReaderError: when its files are missing, altered, or not a reader's.
    """
    if name == BUNDLED:
        return TrainedReader.open(threads=threads)
    if name == SENTENCES:
        return SentenceReader(encoder)
    if name.endswith(_ONNX):
        return TrainedReader.open(Path(name), threads)
    from retrieval.transformer_reader import (  # noqa: PLC0415 - torch takes seconds
        open_transformer_reader,
    )

    return open_transformer_reader(name, threads=threads)
