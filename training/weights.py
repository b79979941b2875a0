"""Weights of an earlier training, in 16 bits, as a starting point; those that are trained alone.

A checkpoint holds the state of the optimizer too and is six times as large.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from indexer.errors import ReaderError
from training.network import MINILM, ReaderNetwork

_BASE = "base"


def trained_weights(network: nn.Module) -> dict[str, torch.Tensor]:
    """Return the weights that training changes, by name, as they are and not as copies."""
    return {
        name: parameter.detach()
        for name, parameter in network.named_parameters()
        if parameter.requires_grad
    }


def put_in(network: nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    """Copy trained weights into a network of the same shape; its frozen ones stay.

    Raises:
        RuntimeError: when they are of another network.
    """
    trained = trained_weights(network)
    frozen = {name: kept for name, kept in network.state_dict().items() if name not in trained}
    network.load_state_dict({**weights, **frozen})


def save_weights(network: ReaderNetwork, path: Path) -> None:
    """Write the weights as float16; the file that was there stays whole until the new one is."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    save_file(
        {name: tensor.half().contiguous() for name, tensor in trained_weights(network).items()},
        str(unfinished),
        {_BASE: network.base},
    )
    unfinished.replace(path)


def base_of(path: Path) -> str:
    """Return what the network of a file of weights began with.

    Raises:
        ReaderError: when the file is missing or damaged.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            return str((file.metadata() or {}).get(_BASE, MINILM))
    except (OSError, SafetensorError) as error:
        raise _unreadable(path, error) from error


def load_weights(network: nn.Module, path: Path) -> None:
    """Put the weights of a file into a network of the same shape.

    Raises:
        ReaderError: when the file is missing, damaged, or of another network.
    """
    # A file of another network may be put in by half before it is noticed.
    before = {name: tensor.clone() for name, tensor in trained_weights(network).items()}
    try:
        found = load_file(str(path))
        put_in(network, {name: tensor.float() for name, tensor in found.items()})
    except (OSError, SafetensorError, RuntimeError) as error:
        put_in(network, before)
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> ReaderError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return ReaderError(
        f"{path} cannot be read as the weights of this network: {reason} Expected the file "
        "that python -m training.export writes with --weights. Name another, or none"
    )
