"""Weights that are kept are those of the network, to 16 bits, or are refused."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig

from indexer.errors import ReaderError
from tests.support.tiny_network import tiny_network
from training.network import ReaderNetwork
from training.weights import load_weights, save_weights


def test_a_network_begins_where_another_was_kept(tmp_path: Path) -> None:
    kept, _ = tiny_network(seed=1)
    other, _ = tiny_network(seed=2)
    save_weights(kept, tmp_path / "kept.safetensors")
    load_weights(other, tmp_path / "kept.safetensors")
    for name, tensor in kept.state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor.half().float()), name
    assert [path.name for path in tmp_path.iterdir()] == ["kept.safetensors"]


@pytest.mark.parametrize("damage", ["missing", "cut", "other network"])
def test_what_are_no_weights_of_the_network_is_refused_and_changes_nothing(
    tmp_path: Path, damage: str
) -> None:
    network, _ = tiny_network(seed=1)
    path = tmp_path / "kept.safetensors"
    if damage == "cut":
        save_weights(network, path)
        path.write_bytes(path.read_bytes()[:1000])
    elif damage == "other network":
        config = BertConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
        )
        save_weights(ReaderNetwork(config), path)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with pytest.raises(ReaderError, match=r"kept\.safetensors cannot be read as the weights"):
        load_weights(network, path)
    assert all(torch.equal(network.state_dict()[name], before[name]) for name in before)
