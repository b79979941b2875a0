"""What the encoder's tests share: a tiny model, and the default one to compare with."""

from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Dense,
    Pooling,
    Transformer,
)
from transformers import BertConfig, BertModel, BertTokenizer

from indexer.encoding.export import export
from indexer.encoding.model_files import DEFAULT_ENCODER, locate

WORDS = "question text : talks the in oslo ended on friday who met whom and why not un ##paid ##s ."


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model of two layers with a dense layer after pooling, and a prompt for each side."""
    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer = BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=48)
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=48)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32), Dense(32, 16)],
        prompts={"query": "question : ", "document": "text : "},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="session")
def default_model() -> SentenceTransformer:
    """The default model as sentence-transformers loads and runs it."""
    return SentenceTransformer(str(locate(DEFAULT_ENCODER).folder), device="cpu")


@pytest.fixture(scope="session")
def tiny_export(tiny_model: Path) -> Path:
    """The tiny model's export, in the cache that the tests share."""
    return export(str(tiny_model))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"
