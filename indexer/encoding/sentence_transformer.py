"""How is a model loaded that makes vectors? The build side: the home of sentence-transformers.

In: the files of any sentence-transformers model. Out: what encoding and exporting need of it. That
takes seconds and half a gigabyte, so nothing on the way of a question imports this.
"""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from huggingface_hub import try_to_load_from_cache
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_errors import LOAD_ERRORS
from indexer.encoding.model_files import ModelFiles, model_sha256
from indexer.errors import EncoderError

_LONGEST = 8192  # some tokenizers claim no limit at all


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
    except LOAD_ERRORS as error:
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
