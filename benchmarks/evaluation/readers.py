"""Which reader is measured, and what identifies its model?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.encoder import open_encoder
from indexer.encoder_files import file_sha256
from retrieval.reader import Reader
from retrieval.reader_files import BUNDLED_READER
from retrieval.readers import SENTENCES, open_reader
from retrieval.trained_reader import TrainedReader

DEFAULT: Final = "default"
_MODEL_SUFFIX = ".onnx"


@dataclass(frozen=True, slots=True)
class NamedReader:
    """A reader, the name that reports give it, and the SHA-256 of its model when there is one."""

    name: str
    sha256: str | None
    reader: Reader

    @property
    def identity(self) -> dict[str, str | None]:
        """What the results record of it."""
        return {"name": self.name, "sha256": self.sha256}


def named_reader(name: str, threads: int | None) -> NamedReader:
    """Open a reader.

    Args:
        name: `default` for the bundled one, `sentences` for the baseline, a file of the trained
            reader (.onnx), else what `retrieval.readers` takes.
        threads: how many threads read; None means every core.

    Raises:
        ReaderError: when its files are missing, altered, or not a reader's.
        EncoderError: when the baseline's encoder cannot be opened.
    """
    if name == SENTENCES:
        encoder = open_encoder(threads=threads)
        reader = open_reader(name, threads=threads, encoder=encoder)
        return NamedReader(name, encoder.spec.sha256, reader)
    if name == DEFAULT:
        return NamedReader(name, BUNDLED_READER.sha256, open_reader(threads=threads))
    path = Path(name)
    if path.suffix == _MODEL_SUFFIX:
        trained = TrainedReader.open(path, threads)
        return NamedReader(path.name, file_sha256(path), trained)
    return NamedReader(path.name, None, open_reader(name, threads=threads))
