"""Encoder of a corpus's passages: what torch and onnxruntime share, and the choice of one."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import closing

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.encoding.batches import Batch, batches
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import lacking_for_others, locate
from indexer.errors import EncoderError
from indexer.store import Embeddings

_TOKENIZED_AT_ONCE = 4096


class PassageEncoder(ABC):
    """Encoder of passages: equal texts get equal vectors, on a GPU up to rounding."""

    def __init__(
        self, spec: EncoderSpec, tokenizer: Tokenizer, prompt: str, batch_tokens: int
    ) -> None:
        """Keep what both ways need; `prompt` goes before each passage."""
        self.spec = spec
        self._tokenizer = tokenizer
        self._prompt = prompt
        self._batch_tokens = batch_tokens

    def encode(
        self,
        texts: Sequence[str],
        on_batch: Callable[[Sequence[int], Embeddings], None] | None = None,
    ) -> Embeddings:
        """Return float32 unit rows, shape (len(texts), dimension).

        Args:
            texts: passages; each gets the model's prompt for documents, and is truncated to what
                the model reads.
            on_batch: receives the rows and the vectors of each finished batch.
        """
        rows = np.zeros((len(texts), self.spec.dimension), dtype=np.float32)
        made = batches(self._tokenized(texts), self.spec.max_tokens, self._batch_tokens)
        with closing(self._encoded(made)) as encoded:
            for (batch, _), vectors in encoded:
                rows[batch] = vectors
                if on_batch is not None:
                    on_batch(batch, vectors)
        return rows

    @abstractmethod
    def _encoded(self, made: list[Batch]) -> Generator[tuple[Batch, Embeddings], None, None]:
        """Yield the vectors of batches, in any order."""

    def _tokenized(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        ids: list[NDArray[np.int32]] = []
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            part = [self._prompt + text for text in texts[start : start + _TOKENIZED_AT_ONCE]]
            found = self._tokenizer.encode_batch_fast(part)
            ids.extend(np.array(encoding.ids, dtype=np.int32) for encoding in found)
        return ids


def open_passage_encoder(
    name: str, threads: int | None = None, *, from_hub: bool = True
) -> PassageEncoder:
    """Open a model for passages: with torch where that is faster, or for a model that is named.

    Args:
        name: name or folder of the model.
        threads: number of threads; None means every core.
        from_hub: whether a hub may be asked for it.

    Raises:
        EncoderError: when the model cannot be loaded, or its files were altered.
    """
    # Either library takes seconds to import, or is not installed.
    lacking = lacking_for_others()
    if locate(name, from_hub=from_hub).bundled and (lacking or not _torch_is_faster()):
        from indexer.encoding.onnx_passages import OnnxPassageEncoder  # noqa: PLC0415 - see above

        return OnnxPassageEncoder(threads)
    if lacking:
        raise EncoderError(f"Cannot load model {name}: {lacking}")
    from indexer.encoding.torch_encoder import TorchPassageEncoder  # noqa: PLC0415 - see above

    return TorchPassageEncoder(name, threads, from_hub=from_hub)


def _torch_is_faster() -> bool:
    """Tell whether torch has a GPU or fast bfloat16; in float32, onnxruntime is the faster one."""
    os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")  # before torch is loaded, see torch_encoder
    import torch  # noqa: PLC0415 - takes seconds

    return torch.cuda.is_available() or has_fast_bf16()


def has_fast_bf16() -> bool:
    """Tell whether torch's bfloat16 is fast here, and gives a text the same vector in each batch.

    AMX is faster still, but its vectors depend on the batch. Without it, oneDNN's bfloat16 encoded
    83 passages a second on two cores that have AMX, and float32 130.
    """
    import torch  # noqa: PLC0415 - takes seconds

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16")) and not capabilities.get("amx_bf16")
