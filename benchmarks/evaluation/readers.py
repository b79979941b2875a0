"""Which reader is measured, and what identifies its model?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.encoding.model_files import file_sha256
from retrieval.readers.open import DEFAULT_READER, open_reader
from retrieval.readers.protocol import Reader
from retrieval.readers.trained_files import BUNDLED_READER

_ONNX: Final = ".onnx"


@dataclass(frozen=True, slots=True)
class NamedReader:
    """A reader, how it was asked for, and the SHA-256 of its model when that is one file."""

    given: str
    sha256: str | None
    reader: Reader

    @property
    def name(self) -> str:
        """The name that reports give it: of a path only the last part."""
        return Path(self.given).name

    @property
    def identity(self) -> dict[str, str | None]:
        """What the results record of it."""
        return {"name": self.name, "sha256": self.sha256}


def named_reader(given: str, threads: int | None) -> NamedReader:
    """Open a reader.

    Args:
        given: as of `retrieval.readers.open.open_reader`.
        threads: how many threads read; None means every core.

    Raises:
        ReaderError: when its files are missing, altered, or not a reader's.
    """
    reader = open_reader(given, threads=threads)
    sha256 = None
    if given == DEFAULT_READER:
        sha256 = BUNDLED_READER.sha256
    elif given.endswith(_ONNX):
        sha256 = file_sha256(Path(given))
    return NamedReader(given, sha256, reader)
