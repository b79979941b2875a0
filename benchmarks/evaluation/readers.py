"""Which reader is measured? By name: the baseline, or what the product uses by default."""

from dataclasses import dataclass
from typing import Final

from indexer.encoder import open_encoder
from retrieval.reader import Reader
from retrieval.sentence_reader import SentenceReader

BASELINE: Final = "sentences"
NAMES: Final = (BASELINE,)


@dataclass(frozen=True, slots=True)
class NamedReader:
    """A reader with what identifies its model."""

    name: str
    sha256: str | None
    reader: Reader

    @property
    def identity(self) -> dict[str, str | None]:
        """What the results record of it."""
        return {"name": self.name, "sha256": self.sha256}


def open_reader(name: str, threads: int | None) -> NamedReader:
    """Open a reader by name.

    Raises:
        ValueError: for an unknown name.
        EncoderError: when the baseline's encoder cannot be opened.
    """
    if name == BASELINE:
        encoder = open_encoder(threads=threads)
        return NamedReader(name, encoder.spec.sha256, SentenceReader(encoder))
    raise ValueError(f"reader must be one of {', '.join(NAMES)}, got {name!r}")
