"""How do a corpus's passages become vectors? The build side: the home of sentence-transformers.

In: any sentence-transformers model and passages. Out: float32 unit rows, from every core or a GPU.
Loading takes seconds and half a gigabyte, so nothing on the way of a question imports this.
"""

import logging
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from huggingface_hub import try_to_load_from_cache
from numpy.typing import NDArray
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from indexer.encoder import EncoderSpec, pad
from indexer.encoder_files import ModelFiles, locate, model_sha256
from indexer.errors import EncoderError
from indexer.side_by_side import side_by_side
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
_LONGEST = 8192  # some tokenizers claim no limit at all
SAME_VECTOR = 1e-4  # a component; float32 in another order stays below 1e-6
PROBES = (
    "What did the minister say?",
    "Talks.",
    "The talks ended on Friday without a result, an official said. " * 40,  # cut by most models
)
_Batch: TypeAlias = tuple[list[int], list[NDArray[np.int32]]]
"""The numbers of some texts, and their token ids."""

_LOAD_ERRORS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    ImportError,
    SafetensorError,
)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory, in float32: what encoding and exporting both need of it.

    The prompts are put before a text (empty: none), as `encode_query` and `encode_document` do.
    """

    spec: EncoderSpec
    model: SentenceTransformer
    tokenizer: Tokenizer
    pad_id: int
    query_prompt: str
    passage_prompt: str

    def vectors(self, features: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return unit rows for what the transformer, the model's first module, has given."""
        for module in list(self.model)[1:]:
            features = module(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)


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
            with self._computing():
                yield from ((batch, self._forward(batch[1])) for batch in batches)
            return
        torch.set_num_threads(1)  # of each thread that is started from now on, and of this one
        try:
            yield from side_by_side(
                batches, lambda batch: self._forward(batch[1]), threads, self._computing
            )
        finally:
            torch.set_num_threads(threads)

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Compute as is fastest here; the context keeps the weights that it casts to bfloat16."""
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
            yield

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


def load_model(files: ModelFiles, device: str = "cpu") -> LoadedModel:
    """Load a model in float32; the default's files are verified first.

    Raises:
        EncoderError: when it cannot be loaded, or its files were altered.
    """
    sha256 = model_sha256(files) if files.folder else None
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    # transformers leaves these two without annotations.
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call] # no annotations
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # no annotations
    try:
        model = SentenceTransformer(
            str(files.folder or files.name),
            device=device,
            local_files_only=files.folder is not None,
        )
        return _described(model.float().eval(), files, sha256)
    except _LOAD_ERRORS as error:
        lines = str(error).strip().splitlines() or [repr(error)]
        raise EncoderError(
            f"encoder {files.name} cannot be loaded: {lines[0]} Expected a sentence-transformers "
            "model that reads text with a transformer and a fast tokenizer. Check the name."
        ) from error


def _described(model: SentenceTransformer, files: ModelFiles, sha256: str | None) -> LoadedModel:
    max_tokens = min(int(model.get_max_seq_length() or _LONGEST), _LONGEST)
    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    sha256 = sha256 or model_sha256(ModelFiles(files.name, _snapshot(files.name)))
    return LoadedModel(
        EncoderSpec(files.name, sha256, int(model.get_embedding_dimension() or 0), max_tokens),
        model,
        tokenizer,
        int(model.tokenizer.pad_token_id or 0),
        _prompt(model, "query"),
        _prompt(model, "document", "passage", "corpus"),
    )


def _snapshot(name: str) -> Path:
    """Return the folder in which the hub's client keeps a model that was just loaded."""
    repository = name if "/" in name else f"sentence-transformers/{name}"
    # Where sentence-transformers was told to keep models, if it was.
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    path = try_to_load_from_cache(repository, "config.json", cache_dir=cache)
    if not isinstance(path, str):
        raise EncoderError(
            f"encoder {name} was loaded, but its config.json is not in the hub's cache; expected "
            "it there, to hash the model. Download the model and give its folder instead."
        )
    return Path(path).parent


def _prompt(model: SentenceTransformer, *names: str) -> str:
    """Return the prompt that `encode_query` or `encode_document` would put before a text."""
    for name in (*names, model.default_prompt_name):
        if name is not None and name in model.prompts:
            return str(model.prompts[name])
    return ""
