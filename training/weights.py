"""Weights of an earlier training, in 16 bits, as a starting point.

A checkpoint holds the state of the optimizer too and is six times as large.
"""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from indexer.errors import ReaderError


def save_weights(network: nn.Module, path: Path) -> None:
    """Write the weights as float16; the file that was there stays whole until the new one is."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    save_file(
        {name: tensor.half().contiguous() for name, tensor in network.state_dict().items()},
        str(unfinished),
    )
    unfinished.replace(path)


def load_weights(network: nn.Module, path: Path) -> None:
    """Put the weights of a file into a network of the same shape.

    Raises:
        ReaderError: when the file is missing, damaged, or of another network.
    """
    # A file of another network may be put in by half before it is noticed.
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    try:
        found = load_file(str(path))
        network.load_state_dict({name: tensor.float() for name, tensor in found.items()})
    except (OSError, SafetensorError, RuntimeError) as error:
        network.load_state_dict(before)
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ReaderError(
            f"{path} cannot be read as the weights of this network: {reason} Expected the file "
            "that python -m training.export writes with --weights. Name another, or none"
        ) from error
