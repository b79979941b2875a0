"""Export of a trained network to the file that ships: `python -m training.export`.

From a checkpoint, perhaps averaged with earlier weights, to an ONNX file of 8-bit matrices, one
scale a column, with the metadata of `retrieval/readers/trained_files.py` but no word embeddings.
"""

import argparse
import sys
import tempfile
import warnings
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from indexer.encoding.model_files import file_sha256
from indexer.errors import DatelineError
from retrieval.readers.trained import INPUTS, OUTPUTS, TrainedReader
from retrieval.readers.trained_files import BUNDLED_READER
from training.checkpoint import reading_checkpoint
from training.lora import merge_low_rank
from training.network import MINILM, ReaderNetwork, load_base
from training.weights import load_weights, put_in, save_weights, trained_weights

DEFAULT_CHECKPOINT = Path("build/training/checkpoint.pt")
EXIT_ERROR = 2
_OPSET = 17  # as the encoder's export


def main(arguments: Sequence[str] | None = None) -> int:
    """Export a checkpoint and print what must be written beside it."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT, help="(%(default)s)")
    parser.add_argument("--model", type=Path, default=BUNDLED_READER.path, help="(%(default)s)")
    parser.add_argument("--average", type=Path, help="earlier weights to average with")
    parser.add_argument("--share", type=_share, default=0.75, help="of the newer (%(default)s)")
    parser.add_argument("--weights", type=Path, help="also keep the weights, to train on from them")
    parser.add_argument("--float32", action="store_true", help="do not quantise, to compare with")
    options = parser.parse_args(arguments)
    try:
        network, _ = load_checkpoint(options.checkpoint)
        if options.average is not None:
            average(network, options.average, options.share)
        if options.weights is not None:
            save_weights(network, options.weights)
        options.model.parent.mkdir(parents=True, exist_ok=True)
        export(network, options.model, quantised=not options.float32)
        if network.base == MINILM:
            TrainedReader.open(options.model)
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    size, sha256 = options.model.stat().st_size, file_sha256(options.model)
    sys.stdout.write(f'{options.model}\n    size={size:_},\n    sha256="{sha256}",\n')
    return 0


def load_checkpoint(path: Path) -> tuple[ReaderNetwork, nn.Embedding]:
    """Return the network of a checkpoint, with its running average, and its word embeddings.

    Raises:
        ReaderError: when the file is no checkpoint of `python -m training`.
    """
    with reading_checkpoint(path):
        state = torch.load(path, weights_only=True, map_location="cpu")
        weights = state["network"]
        weights, base = state.get("average", weights), state.get("base", MINILM)
    network, words = load_base(base)
    with reading_checkpoint(path):
        put_in(network, weights)
    return network.eval(), words


def average(network: ReaderNetwork, earlier: Path, share: float) -> None:
    """Put `share` of the network's weights and the rest of earlier ones in place of its own.

    Weights of two points of one training, averaged, are often better than either (Wortsman et al.,
    ICML 2022).

    Raises:
        ReaderError: when the earlier file is missing, damaged, or of another network.
    """
    newer = {name: tensor.clone() for name, tensor in trained_weights(network).items()}
    load_weights(network, earlier)
    for name, tensor in trained_weights(network).items():
        tensor.lerp_(newer[name], share)


def export(network: ReaderNetwork, path: Path, *, quantised: bool = True) -> None:
    """Write the network as ONNX, its matrices as 8-bit integers unless `quantised` is false.

    The file is there whole or not at all: one that was there stays until then.
    """
    network = deepcopy(network)
    merge_low_rank(network)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        traced, finished = Path(folder) / "traced.onnx", Path(folder) / "finished.onnx"
        _trace(network, traced if quantised else finished)
        if quantised:
            quantize_dynamic(
                traced,
                finished,
                per_channel=True,
                # 7 bits of 8: processors without VNNI add products of 8 bits in 16 and lose what
                # is beyond, so that logits differed by up to 1.1 there; now by up to 0.2. Neither
                # the error against float32 nor the time grew.
                reduce_range=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul"],
                extra_options={"MatMulConstBOnly": True},
            )
        finished.replace(path)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0, at most 1, got {text!r}")
    return share


def _trace(network: ReaderNetwork, path: Path) -> None:
    embeddings = torch.zeros((2, 9, network.span.in_features))
    token_types = torch.zeros((2, 9), dtype=torch.long)
    mask = torch.ones((2, 9), dtype=torch.long)
    mask[1, 6:] = 0
    axes = {0: "window", 1: "token"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the exporter's age and about traced constants
        torch.onnx.export(
            network,
            (embeddings, token_types, mask),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys((*INPUTS, "start", "end"), axes)
            | {"relevance": {0: "window"}},
            opset_version=_OPSET,
            dynamo=False,
        )


if __name__ == "__main__":
    sys.exit(main())
