"""PyTorch network of the reader: the layers of MiniLM, or of a larger model, with three outputs.

The word embeddings are frozen and live outside the network: its first input is their rows. So the
file that ships holds the six layers and the heads alone.
"""

from pathlib import Path

import torch
from torch import nn
from transformers import BertConfig, BertModel, MPNetConfig

from indexer.encoding.model_files import DEFAULT_ENCODER, locate, verify_bundled
from indexer.errors import EncoderError
from retrieval.readers.trained_files import open_tokenizer
from training.mpnet import FOLDER, MpnetLayers, load_layers, mpnet_config, published, word_rows

WORD_EMBEDDINGS = "word_embeddings"
MINILM = "minilm"
# How many layers each takes.
MPNETS = {"mpnet": 12, "mpnet-8": 8, "mpnet-6": 6}


class ReaderNetwork(nn.Module):
    """From word-embedding rows to logits: relevance of the passage, start and end of the answer."""

    def __init__(self, config: BertConfig | MPNetConfig, base: str = MINILM) -> None:
        super().__init__()
        self.base = base
        self.bert = _layers(config)
        self.pooler = nn.Linear(config.hidden_size, config.hidden_size)
        self.relevance = nn.Linear(config.hidden_size, 1)
        self.span = nn.Linear(config.hidden_size, 2)

    def forward(
        self, embeddings: torch.Tensor, token_types: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return relevance (batch,), start (batch, tokens) and end (batch, tokens), as logits.

        Args:
            embeddings: float32 (batch, tokens, hidden), rows of the word-embedding matrix.
            token_types: int64 (batch, tokens), 0 for the question, 1 for title and passage.
            mask: int64 (batch, tokens), 1 where a token counts.
        """
        hidden = self.bert(
            inputs_embeds=embeddings, token_type_ids=token_types, attention_mask=mask
        ).last_hidden_state
        first = torch.tanh(self.pooler(hidden[:, 0]))
        start, end = self.span(hidden).unbind(-1)
        return self.relevance(first).squeeze(-1), start, end


def _layers(config: BertConfig | MPNetConfig) -> nn.Module:
    if isinstance(config, MPNetConfig):
        return MpnetLayers(config)
    layers = BertModel(config, add_pooling_layer=False)
    # Not used when rows are given, and 12 M parameters.
    del layers.embeddings.word_embeddings
    return layers


def load_base(base: str, folder: Path = FOLDER) -> tuple[ReaderNetwork, nn.Embedding]:
    """Return the network that training begins with, and its word embeddings.

    Args:
        base: `MINILM`, all of whose layers are trained, or one of `MPNETS`, with additions of
            low rank alone.
        folder: where the packages of all-mpnet-base-v2 are.

    Raises:
        EncoderError: when the bundled model is missing or altered.
        ReaderError: when all-mpnet-base-v2 is.
    """
    if base == MINILM:
        return load_bundled("eager")
    tensors, numbers = published(folder)
    network = ReaderNetwork(mpnet_config(MPNETS[base]), base)
    load_layers(network.bert, tensors)
    return network, word_rows(tensors, numbers, open_tokenizer().get_vocab())


def load_bundled(attention: str = "sdpa") -> tuple[ReaderNetwork, nn.Embedding]:
    """Return the network with the bundled MiniLM's layers and new heads, and its word embeddings.

    Args:
        attention: which implementation transformers uses; "eager" for exporting.

    Raises:
        EncoderError: when the bundled model is missing or altered.
    """
    files = locate(DEFAULT_ENCODER)
    folder = bundled_folder()
    verify_bundled(files)
    config = BertConfig.from_pretrained(str(folder))
    config.hidden_dropout_prob = 0.0
    config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = attention  # noqa: SLF001 - transformers' own way to choose it
    network = ReaderNetwork(config)
    whole = BertModel.from_pretrained(str(folder), add_pooling_layer=False)
    words = whole.embeddings.word_embeddings
    words.weight.requires_grad = False
    layers = {
        name: tensor for name, tensor in whole.state_dict().items() if WORD_EMBEDDINGS not in name
    }
    network.bert.load_state_dict(layers)
    return network, words


def bundled_folder() -> Path:
    """Return the folder of the bundled MiniLM.

    Raises:
        EncoderError: when the package that carries it is not installed.
    """
    folder = locate(DEFAULT_ENCODER).folder
    if folder is None:
        raise EncoderError(
            "the bundled MiniLM is not installed; expected the package of requirements.txt. "
            "Install it again: make test does that"
        )
    return folder
