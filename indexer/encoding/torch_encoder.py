"""How do a corpus's passages become vectors? With torch, on every core or a GPU.

In: any sentence-transformers model and passages. Out: float32 unit rows.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from indexer.encoding.encoder import EncoderSpec, pad
from indexer.encoding.model_files import locate
from indexer.encoding.sentence_transformer import load_model
from indexer.errors import EncoderError
from indexer.store import Embeddings

# Measured with bf16 on AVX512-BF16: a text's vector depends on the length it is padded to (up to
# 1e-3 a component), and on nothing else: not on its neighbours, their number or the threads. So
# that length is a function of the text alone, its own tokens rounded up, and vectors are equal bit
# for bit however the texts are batched, in one build or by updates. Steps of 4 and 8 were equally
# fast, 16 was slower by 4 % (more padding).
_LENGTH_STEP = 8
_BATCH_TOKENS = 2048  # measured from 1024 to 8192: no gain above, more memory
_GPU_BATCH_TOKENS = 65_536  # a guess: no GPU was at hand
_TOKENIZED_AT_ONCE = 4096
SAME_VECTOR = 1e-4  # a component; float32 in another order stays below 1e-6
PROBES = (
    "What did the minister say?",
    "Talks.",
    "The talks ended on Friday without a result, an official said. " * 40,  # cut by most models
)
_Batch: TypeAlias = tuple[list[int], list[NDArray[np.int32]]]
"""The numbers of some texts, and their token ids."""


class PassageEncoder:
    """Turns passages into unit vectors with torch: the same text, the same vector.

    On a GPU, where the order of a sum may depend on the batch, the same up to rounding.
    """

    def __init__(
        self,
        name: str,
        threads: int | None = None,
        *,
        bf16: bool | None = None,
        device: str | None = None,
    ) -> None:
        """Load a model: the default's files are verified first.

        Args:
            name: a model's name or folder; a hub is asked only for what is neither.
            threads: how many threads torch uses, in this whole process; None leaves them.
            bf16: whether the transformer computes in bfloat16; None: where the processor does so
                faster. A GPU computes in float32.
            device: `cpu` or `cuda`; None takes a GPU that torch can use, if there is one.

        Raises:
            EncoderError: when the model cannot be loaded, or its files were altered.
        """
        if threads is not None:
            torch.set_num_threads(threads)
        files = locate(name)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._loaded = load_model(files, self._device)
        self._bf16 = False
        if not files.bundled:
            self._check()
        if self._device == "cpu":
            self._bf16 = has_fast_bf16() if bf16 is None else bf16

    @property
    def spec(self) -> EncoderSpec:
        """The identity of the model."""
        return self._loaded.spec

    def encode(
        self,
        texts: Sequence[str],
        on_batch: Callable[[Sequence[int], Embeddings], None] | None = None,
    ) -> Embeddings:
        """Return float32 unit rows, shape (len(texts), dimension).

        Args:
            texts: passages; each is cut at the model's limit of tokens. The prompt that the model
                defines for documents is put before them, as `encode_document` does.
            on_batch: is given each batch that is finished: the numbers of its texts, and their
                vectors.
        """
        rows = np.zeros((len(texts), self.spec.dimension), dtype=np.float32)
        with closing(self._encoded(list(self._batches(texts)))) as encoded:
            for (batch, _), vectors in encoded:
                rows[batch] = vectors
                if on_batch is not None:
                    on_batch(batch, vectors)
        return rows

    def _encoded(self, batches: list[_Batch]) -> Generator[tuple[_Batch, Embeddings], None, None]:
        """Yield the vectors of batches: of several, each by one thread.

        Threads that share a batch wait for each other at every step. On four cores beside one other
        busy process they encoded 19 to 82 passages a second, a batch each 88 to 161.
        """
        threads = torch.get_num_threads()
        if self._device != "cpu" or len(batches) < threads:
            with self._autocast():
                yield from map(self._computed, batches)
            return
        torch.set_num_threads(1)  # of each thread that is started from now on, and of this one
        pool = ThreadPoolExecutor(threads, "dateline-encoder", self._enter_autocast)
        try:
            submitted = (pool.submit(self._computed, batch) for batch in batches)
            yield from (done.result() for done in as_completed(submitted))
        finally:
            pool.shutdown(cancel_futures=True)
            torch.clear_autocast_cache()  # the threads have not left theirs
            torch.set_num_threads(threads)

    def _autocast(self) -> torch.autocast:
        """Return a context that keeps the weights that it casts to bfloat16."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._bf16)

    def _enter_autocast(self) -> None:
        """Enter that context for as long as the thread lives."""
        self._autocast().__enter__()  # type: ignore[no-untyped-call] # no annotations

    def _computed(self, batch: _Batch) -> tuple[_Batch, Embeddings]:
        with torch.inference_mode():
            return batch, self._forward(batch[1])

    def _check(self) -> None:
        """Refuse a model that `encode_document` treats in a way that is unknown here."""
        expected = self._loaded.model.encode_document(list(PROBES), normalize_embeddings=True)
        difference = float(np.abs(self.encode(PROBES) - expected).max())
        if not difference <= SAME_VECTOR:
            raise EncoderError(
                f"encoder {self.spec.name} cannot be used: its vectors differ by {difference:.1e} "
                "from sentence-transformers' own. Expected a model whose vectors depend on the "
                "text and its prompt alone. Use another encoder."
            )

    def _batches(self, texts: Sequence[str]) -> Iterator[_Batch]:
        """Yield row numbers and token ids of texts that share a padded length, longest first."""
        ids: list[NDArray[np.int32]] = []
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            part = [
                self._loaded.passage_prompt + text
                for text in texts[start : start + _TOKENIZED_AT_ONCE]
            ]
            found = self._loaded.tokenizer.encode_batch_fast(part)
            ids.extend(np.array(encoding.ids, dtype=np.int32) for encoding in found)
        batch_tokens = _BATCH_TOKENS if self._device == "cpu" else _GPU_BATCH_TOKENS
        groups: dict[int, list[int]] = {}
        for row, row_ids in enumerate(ids):
            groups.setdefault(self._padded_length(len(row_ids)), []).append(row)
        for length in sorted(groups, reverse=True):
            count = max(1, batch_tokens // length)
            rows = groups[length]
            for start in range(0, len(rows), count):
                batch = rows[start : start + count]
                yield batch, [ids[row] for row in batch]

    def _padded_length(self, tokens: int) -> int:
        rounded = -(-max(1, tokens) // _LENGTH_STEP) * _LENGTH_STEP
        return max(tokens, min(rounded, self.spec.max_tokens))

    def _forward(self, ids: list[NDArray[np.int32]]) -> Embeddings:
        length = self._padded_length(max(len(row) for row in ids))
        count = len(ids)
        if all(len(row) == length for row in ids):
            # Without any padding transformers drops the mask and torch takes another path through
            # attention, with other roundings; a row that is nearly all padding prevents that.
            ids = [*ids, ids[0][:1]]
        tokens, mask = pad(ids, length, self._loaded.pad_id)
        features = {
            "input_ids": torch.from_numpy(tokens).to(self._device),
            "attention_mask": torch.from_numpy(mask).to(self._device),
        }
        features = self._loaded.model[0](features)
        # Pooling and what follows it are cheap, and are done in full precision.
        with torch.autocast("cpu", enabled=False):
            features["token_embeddings"] = features["token_embeddings"].float()
            vectors = self._loaded.vectors(features)[:count]
        found: Embeddings = vectors.cpu().numpy()
        return found


def has_fast_bf16() -> bool:
    """Tell whether this processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX).

    Where it does not, torch emulates it and is slower than with float32.
    """
    capabilities = torch.cpu.get_capabilities()
    return any(bool(capabilities.get(name)) for name in ("avx512_bf16", "amx_bf16"))
