"""Loader of sentence-transformers models, for builds and exports only: it takes seconds."""

import logging
from dataclasses import dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import LOAD_ERRORS, ModelFiles, hub_snapshot, model_sha256
from indexer.errors import EncoderError

_MAX_TOKENS = 8192  # for tokenizers without a limit


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """Model in memory, in float32.

    The prompts go before a text (empty: none), as in `encode_query` and `encode_document`.
    """

    spec: EncoderSpec
    model: SentenceTransformer
    tokenizer: Tokenizer
    pad_id: int
    query_prompt: str
    passage_prompt: str

    def vectors(self, features: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return unit rows for the output of the transformer, the model's first module."""
        for module in list(self.model)[1:]:
            features = module(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)


def load_model(files: ModelFiles, device: str = "cpu") -> LoadedModel:
    """Load a model in float32, after verifying the files of the default model.

    Raises:
        EncoderError: when it cannot be loaded, or its files were altered.
    """
    sha256 = model_sha256(files) if files.folder else None
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
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
            f"Cannot load model {files.name}: {lines[0].rstrip('.')}. Check the name: it "
            "must be a sentence-transformers model with a transformer and a fast tokenizer."
        ) from error


def _described(model: SentenceTransformer, files: ModelFiles, sha256: str | None) -> LoadedModel:
    max_tokens = min(int(model.get_max_seq_length() or _MAX_TOKENS), _MAX_TOKENS)
    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    sha256 = sha256 or model_sha256(ModelFiles(files.name, _downloaded(files.name)))
    return LoadedModel(
        EncoderSpec(files.name, sha256, int(model.get_embedding_dimension() or 0), max_tokens),
        model,
        tokenizer,
        int(model.tokenizer.pad_token_id or 0),
        _prompt(model, "query"),
        _prompt(model, "document", "passage", "corpus"),
    )


def _downloaded(name: str) -> Path:
    """Return the folder of a loaded model in the hub's cache."""
    folder = hub_snapshot(name)
    if folder is None:
        raise EncoderError(
            f"Cannot identify model {name}: its config.json is not in the hub's cache. Download "
            "the model and give its folder instead."
        )
    return folder


def _prompt(model: SentenceTransformer, *names: str) -> str:
    """Return the first of a model's prompts that exists, the default one last."""
    for name in (*names, model.default_prompt_name):
        if name is not None and name in model.prompts:
            return str(model.prompts[name])
    return ""
