"""A tiny model for the trained reader, whose logits are given token by token."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from indexer.build.passages import sentences
from indexer.documents import Passage, PassageKind, Span
from indexer.store import StoredPassage
from retrieval.readers.trained_files import WIDTH, open_tokenizer, open_word_embeddings

_OPSET = 17
_IR_VERSION = 10


def passage_of(
    text: str,
    *,
    start: int = 0,
    doc_id: str = "doc",
    title: str | None = None,
    kind: PassageKind = "body",
) -> StoredPassage:
    """Return a passage that is the whole text, standing at `start` of its document."""
    spans = sentences(text, Span(0, len(text)))
    shifted = tuple(Span(span.start + start, span.end + start) for span in spans)
    first, last = shifted[0].start, shifted[-1].end
    passage = Passage(doc_id, first, last, kind, shifted)
    return StoredPassage(passage, text[first - start : last - start], title)


def span_weight(start: Mapping[int, float], end: Mapping[int, float], tokens: range) -> float:
    """Return the logarithm of the sum over all spans of some tokens; others have the logit 0."""
    spans = [(first, last) for first in tokens for last in range(first, tokens.stop)]
    return math.log(sum(math.exp(start.get(a, 0) + end.get(b, 0)) for a, b in spans))


def write_marking_model(
    path: Path,
    vocabulary: Sequence[str],
    *,
    start: Mapping[str, float],
    end: Mapping[str, float],
    relevance: Mapping[str, float] | None = None,
    quantized: bool = False,
) -> Path:
    """Write an ONNX reader whose logits are sums over tokens; tokens not named have 0.

    `start` and `end` are the logits of tokens of type 1 (type 0 has 0, so that no answer has 0);
    `relevance` is what each token, of either type, adds to the relevance.

    Args:
        path: where to write it.
        vocabulary: texts that hold every token that will be read, at most 300 different ones.
        start: by token.
        end: by token.
        relevance: by token.
        quantized: whether the weights, and thus the activations, become 8 bits.
    """
    table = np.zeros((WIDTH, 3), dtype=np.float32)
    tokenizer = open_tokenizer()
    ids = {101, 102, *(i for text in vocabulary for i in tokenizer.encode(text).ids)}
    order = sorted(ids)
    rows = np.asarray(open_word_embeddings()[order], dtype=np.float64)
    for column, logits in enumerate((start, end, relevance or {})):
        wanted = np.zeros(len(order))
        for token, logit in logits.items():
            number = tokenizer.token_to_id(token)
            assert number is not None, token
            wanted[order.index(number)] = logit
        table[:, column] = np.linalg.lstsq(rows, wanted, rcond=None)[0]
    onnx.save(_marking_graph(table), path)
    if quantized:
        quantize_dynamic(path, path, per_channel=True, weight_type=QuantType.QInt8)
    return path


def _marking_graph(table: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> onnx.ModelProto:
    node = helper.make_node
    nodes = [
        node("MatMul", ["embeddings", "table"], ["logits"]),
        node("Split", ["logits", "parts"], ["start3", "end3", "relevance3"], axis=2),
        node("Squeeze", ["start3", "last"], ["start_all"]),
        node("Squeeze", ["end3", "last"], ["end_all"]),
        node("Squeeze", ["relevance3", "last"], ["relevance_all"]),
        node("Cast", ["token_types"], ["types"], to=TensorProto.FLOAT),
        node("Cast", ["mask"], ["counts"], to=TensorProto.FLOAT),
        node("Mul", ["start_all", "types"], ["start"]),
        node("Mul", ["end_all", "types"], ["end"]),
        node("Mul", ["relevance_all", "counts"], ["relevance_kept"]),
        node("ReduceSum", ["relevance_kept", "one"], ["relevance"], keepdims=0),
    ]
    constants = {"table": table, "parts": [1, 1, 1], "last": [2], "one": [1]}
    graph = helper.make_graph(
        nodes,
        "marking",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["b", "t", WIDTH]),
            helper.make_tensor_value_info("token_types", TensorProto.INT64, ["b", "t"]),
            helper.make_tensor_value_info("mask", TensorProto.INT64, ["b", "t"]),
        ],
        [
            helper.make_tensor_value_info("relevance", TensorProto.FLOAT, ["b"]),
            helper.make_tensor_value_info("start", TensorProto.FLOAT, ["b", "t"]),
            helper.make_tensor_value_info("end", TensorProto.FLOAT, ["b", "t"]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", _OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
