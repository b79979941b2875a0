"""The graph of the bundled encoder, as a command that writes it into the package.

The graph holds no weights: each refers to its bytes in the published `model.safetensors`, which
onnxruntime maps into memory from wherever that file is installed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from indexer.encoding.model_files import (
    BUNDLED_GRAPH,
    DEFAULT_ENCODER,
    WEIGHTS_FILE,
    file_sha256,
    locate,
    verify_bundled,
)

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12
_OPSET, _CONTRIBUTED = 20, "com.microsoft"  # 20 is the first with Gelu
_LENGTH_BYTES = 8  # length of a safetensors file's header, before the header


def make_graph(weights: Path) -> bytes:
    """Return the ONNX model of a MiniLM encoder, from token ids and mask to unit rows.

    Args:
        weights: the safetensors file that the graph refers to.
    """
    graph = _Graph(weights)
    rows = graph.constant("rows", [-1, _WIDTH])
    shape = graph.add("Shape", "input_ids")
    batch = graph.add("Concat", shape, graph.constant("width", [_WIDTH]), axis=0)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    hidden = graph.add("Reshape", _embeddings(graph, shape), rows)
    for layer in range(_LAYERS):
        name = f"encoder.layer.{layer}"
        parts = [
            graph.add("Reshape", graph.linear(hidden, f"{name}.attention.self.{part}"), batch)
            for part in ("query", "key", "value")
        ]
        attended = graph.add(
            "MultiHeadAttention", *parts, "", mask, domain=_CONTRIBUTED, num_heads=_HEADS
        )
        attended = graph.linear(
            graph.add("Reshape", attended, rows), f"{name}.attention.output.dense"
        )
        hidden = graph.norm(graph.add("Add", attended, hidden), f"{name}.attention.output")
        inner = graph.add("Gelu", graph.linear(hidden, f"{name}.intermediate.dense"))
        inner = graph.linear(inner, f"{name}.output.dense")
        hidden = graph.norm(graph.add("Add", inner, hidden), f"{name}.output")
    graph.finish(_pooled(graph, graph.add("Reshape", hidden, batch)))
    return graph.serialised()


def _embeddings(graph: "_Graph", shape: str) -> str:
    words, positions, types = (
        graph.weight(f"embeddings.{name}_embeddings.weight")
        for name in ("word", "position", "token_type")
    )
    first = graph.constant("first", [0])
    length = graph.add("Slice", shape, graph.constant("second", [1]), graph.constant("third", [2]))
    total = graph.add(
        "Add", graph.add("Gather", words, "input_ids"), graph.add("Slice", types, first, "second")
    )
    total = graph.add("Add", total, graph.add("Slice", positions, first, length))
    return graph.norm(total, "embeddings")


def _pooled(graph: "_Graph", hidden: str) -> str:
    """Return the directions of the sums over the tokens of each text, which are those of means."""
    axis = graph.constant("axis", [1])
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    total = graph.add("MatMul", graph.add("Unsqueeze", mask, axis), hidden)
    return graph.add("LpNormalization", graph.add("Squeeze", total, axis), axis=-1, p=2)


class _Graph:
    """Nodes and initialisers of a model that is being made; strings are names of values."""

    def __init__(self, weights: Path) -> None:
        self._file = weights.name
        self._begin, self._tensors = _header(weights)
        self._nodes: list[onnx.NodeProto] = []
        self._initialisers: dict[str, TensorProto] = {}

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401 - of ONNX
        """Add an operator and return its output."""
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(
            helper.make_node(kind, list(inputs), [output], domain=domain, **attributes)
        )
        return output

    def linear(self, rows: str, name: str) -> str:
        weight, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("Gemm", rows, weight, bias, transB=1)

    def norm(self, rows: str, name: str) -> str:
        scale, bias = (self.weight(f"{name}.LayerNorm.{part}") for part in ("weight", "bias"))
        return self.add("LayerNormalization", rows, scale, bias, axis=-1, epsilon=_EPSILON)

    def constant(self, name: str, values: list[int]) -> str:
        self._initialisers[name] = numpy_helper.from_array(np.array(values, np.int64), name)
        return name

    def weight(self, name: str) -> str:
        """Refer to the bytes of a tensor in the weights' file."""
        begin, end = self._tensors[name]["data_offsets"]
        place = {
            "location": self._file,
            "offset": str(self._begin + begin),
            "length": str(end - begin),
        }
        tensor = TensorProto(
            name=name,
            dims=self._tensors[name]["shape"],
            data_type=TensorProto.FLOAT,
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in place.items():
            tensor.external_data.add(key=key, value=value)
        self._initialisers[name] = tensor
        return name

    def finish(self, value: str) -> None:
        self._nodes.append(helper.make_node("Identity", [value], ["embedding"]))

    def serialised(self) -> bytes:
        tokens = ["text", "token"]
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, tokens)
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["text", _WIDTH])],
            list(self._initialisers.values()),
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIBUTED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        return bytes(model.SerializeToString(deterministic=True))


def _header(path: Path) -> tuple[int, dict[str, dict[str, list[int]]]]:
    """Return where the data of a safetensors file begin, and its tensors."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
        tensors = json.loads(stream.read(length))
    return _LENGTH_BYTES + length, tensors


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the graph and print its SHA-256."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder_graph", description=__doc__)
    parser.add_argument("--output", type=Path, default=BUNDLED_GRAPH)
    options = parser.parse_args(arguments)
    files = locate(DEFAULT_ENCODER)
    verify_bundled(files)
    options.output.write_bytes(make_graph(files.local_folder / WEIGHTS_FILE))
    print(file_sha256(options.output))
    return 0


if __name__ == "__main__":
    sys.exit(main())
