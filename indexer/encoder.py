"""How does text become a vector? The question side: onnxruntime and tokenizers, never torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.store import Embeddings

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"


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
