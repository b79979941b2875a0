"""Readers of small layers with the parts of the trained ones, for tests that take steps."""

import torch
from torch import nn
from transformers import BertConfig, MPNetConfig

from retrieval.readers.trained_files import VOCABULARY
from training.mpnet import load_layers
from training.network import ReaderNetwork

WIDTH = 32


def tiny_network(seed: int = 1, attention: str = "sdpa") -> tuple[ReaderNetwork, nn.Embedding]:
    """Return a network with random weights, and frozen random word embeddings."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config._attn_implementation = attention  # as the training sets it
    network = ReaderNetwork(config)
    words = nn.Embedding(VOCABULARY, WIDTH)
    words.weight.requires_grad = False
    return network, words


def tiny_mpnet(seed: int = 1) -> tuple[ReaderNetwork, nn.Embedding]:
    """Return the same over two layers of MPNet, frozen but for additions of low rank."""
    torch.manual_seed(seed)
    config = MPNetConfig(
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=260,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    network = ReaderNetwork(config, "mpnet")
    load_layers(network.bert, network.bert.get_submodule("mpnet").state_dict())
    words = nn.Embedding(VOCABULARY, WIDTH)
    words.weight.requires_grad = False
    return network, words
