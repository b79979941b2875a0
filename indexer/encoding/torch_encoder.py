"""Encoder of passages with torch: any sentence-transformers model, on every core or a GPU."""

import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

# Before torch is loaded: MKL's sums depend on the batch and the threads unless it is strict.
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")

import torch
from numpy.typing import NDArray

from indexer.encoding.batches import Batch, pad, padded_length
from indexer.encoding.model_files import locate
from indexer.encoding.passage_encoder import PassageEncoder, has_fast_bf16
from indexer.encoding.sentence_transformer import load_model
from indexer.errors import EncoderError
from indexer.store import Embeddings

_BATCH_TOKENS = 2048  # up to 8192 no faster, but more memory
_GPU_BATCH_TOKENS = 65_536  # not measured
SAME_VECTOR = 1e-4  # a component; rounding of float32 sums stays below 1e-6
PROBES = (
    "What did the minister say?",
    "Talks.",
    "The talks ended on Friday without a result, an official said. "
    * 40,  # most models truncate it
)


class TorchPassageEncoder(PassageEncoder):
    """Any sentence-transformers model, on every core or a GPU."""

    def __init__(
        self,
        name: str,
        threads: int | None = None,
        *,
        bf16: bool | None = None,
        device: str | None = None,
        from_hub: bool = True,
    ) -> None:
        """Load a model, after verifying the files of the default model.

        Args:
            name: name or folder of the model.
            threads: number of threads of torch in this process; None leaves it.
            bf16: whether to use bfloat16 on the CPU; None means if the processor has it.
            device: `cpu` or `cuda`; None prefers a usable GPU.
            from_hub: whether a hub may be asked for it.

        Raises:
            EncoderError: when the model cannot be loaded, or its files were altered.
        """
        if threads is not None:
            torch.set_num_threads(threads)
        files = locate(name, from_hub=from_hub)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._loaded = loaded = load_model(files, self._device)
        batch_tokens = _BATCH_TOKENS if self._device == "cpu" else _GPU_BATCH_TOKENS
        super().__init__(loaded.spec, loaded.tokenizer, loaded.passage_prompt, batch_tokens)
        self._bf16 = False
        if not files.bundled:
            self._check()
        if self._device == "cpu":
            self._bf16 = has_fast_bf16() if bf16 is None else bf16

    def _encoded(self, made: list[Batch]) -> Generator[tuple[Batch, Embeddings], None, None]:
        """Yield the vectors of batches, each from one thread unless they are too few.

        Threads that share a batch wait for each other at every step: on four cores beside one busy
        process they encoded 19 to 82 passages a second, with a batch each 88 to 161.
        """
        threads = torch.get_num_threads()
        if self._device != "cpu" or len(made) < threads:
            with self._autocast():
                yield from map(self._computed, made)
            return
        torch.set_num_threads(1)  # for this thread and those started from now on
        pool = ThreadPoolExecutor(threads, "dateline-encoder", self._enter_autocast)
        try:
            submitted = (pool.submit(self._computed, batch) for batch in made)
            yield from (done.result() for done in as_completed(submitted))
        finally:
            pool.shutdown(cancel_futures=True)
            torch.clear_autocast_cache()  # the threads never left their contexts
            torch.set_num_threads(threads)

    def _autocast(self) -> torch.autocast:
        """Return a context that caches the weights that it casts to bfloat16."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._bf16)

    def _enter_autocast(self) -> None:
        """Enter the context for the thread's lifetime."""
        self._autocast().__enter__()  # type: ignore[no-untyped-call] # no annotations

    def _computed(self, batch: Batch) -> tuple[Batch, Embeddings]:
        with torch.inference_mode():
            return batch, self._forward(batch[1])

    def _check(self) -> None:
        """Refuse a model whose `encode_document` gives other vectors."""
        expected = self._loaded.model.encode_document(list(PROBES), normalize_embeddings=True)
        difference = float(np.abs(self.encode(PROBES) - expected).max())
        if not difference <= SAME_VECTOR:
            raise EncoderError(
                f"Cannot use model {self.spec.name}: its vectors differ by {difference:.1e} from "
                "those of sentence-transformers. Use a model whose vectors depend only on the "
                "text and its prompt."
            )

    def _forward(self, ids: list[NDArray[np.int32]]) -> Embeddings:
        length = padded_length(max(map(len, ids)), self.spec.max_tokens)
        count = len(ids)
        if all(len(row) == length for row in ids):
            # Without padding, transformers drops the mask, and torch computes attention with other
            # roundings. A row that is mostly padding prevents that.
            ids = [*ids, ids[0][:1]]
        tokens, mask = pad(ids, length, self._loaded.pad_id)
        features = {
            "input_ids": torch.from_numpy(tokens).to(self._device),
            "attention_mask": torch.from_numpy(mask).to(self._device),
        }
        features = self._loaded.model[0](features)
        # Pooling and later steps are cheap enough for full precision.
        with torch.autocast("cpu", enabled=False):
            features["token_embeddings"] = features["token_embeddings"].float()
            vectors = self._loaded.vectors(features)[:count]
        found: Embeddings = vectors.cpu().numpy()
        return found
