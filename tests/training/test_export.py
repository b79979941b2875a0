from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from torch import nn
from transformers import BertConfig

from indexer.encoding.model_files import file_sha256
from indexer.errors import ReaderError
from retrieval.readers.trained import INPUTS, OUTPUTS, TrainedReader
from retrieval.readers.trained_files import WIDTH, open_word_embeddings
from tests.support.reader_models import passage_of
from tests.support.tiny_network import tiny_network
from training import export as module
from training.export import average, export, load_checkpoint, main
from training.network import ReaderNetwork, bundled_folder, load_base
from training.weights import save_weights

LENGTHS = (4, 9, 31, 256)
_LARGEST_FILE = 30_000_000  # of the model that ships

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    found, _ = tiny_network(attention="eager")
    return found.eval()


@pytest.fixture(scope="module")
def files(network: ReaderNetwork, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the same network as exported with and without quantisation."""
    folder = tmp_path_factory.mktemp("export")
    found = {name: folder / f"{name}.onnx" for name in ("float32", "int8")}
    export(network, found["float32"], quantised=False)
    export(network, found["int8"])
    return found


def _open(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _inputs(network: ReaderNetwork, rows: int, length: int) -> dict[str, NDArray[np.generic]]:
    """Return random windows; each row but the first is padded more than the one before."""
    generator = np.random.default_rng(length)
    width = network.span.in_features
    mask = np.ones((rows, length), dtype=np.int64)
    types = np.ones((rows, length), dtype=np.int64)
    types[:, : length // 3] = 0
    for row in range(1, rows):
        mask[row, length - min(length - 3, row * 2) :] = 0
    embeddings = generator.normal(size=(rows, length, width)).astype(np.float32)
    return dict(zip(INPUTS, (embeddings, types, mask), strict=True))


def _torch_logits(network: ReaderNetwork, feed: dict[str, NDArray[np.generic]]) -> list[Floats]:
    with torch.inference_mode():
        found = network(*(torch.from_numpy(feed[name]) for name in INPUTS))
    return [tensor.numpy() for tensor in found]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("rows", [1, 3])
def test_the_exported_network_gives_torchs_logits(
    network: ReaderNetwork, files: dict[str, Path], rows: int, length: int
) -> None:
    feed = _inputs(network, rows, length)

    found = _open(files["float32"]).run(list(OUTPUTS), feed)

    expected = _torch_logits(network, feed)
    assert [each.shape for each in found] == [(rows,), (rows, length), (rows, length)]
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert np.std(expected[1]) > 0.1  # logits that differ, so that equal ones mean something


@pytest.mark.parametrize("length", LENGTHS)
def test_the_quantised_network_gives_nearly_the_same(
    network: ReaderNetwork, files: dict[str, Path], length: int
) -> None:
    feed = _inputs(network, 2, length)

    found = _open(files["int8"]).run(list(OUTPUTS), feed)

    for one, other in zip(found, _torch_logits(network, feed), strict=True):
        np.testing.assert_allclose(one, other, atol=0.05)


def test_quantising_makes_the_matrices_smaller(files: dict[str, Path]) -> None:
    found = {}
    for name, path in files.items():
        tensors = onnx.load(path).graph.initializer
        found[name] = {
            tensor.data_type
            for tensor in tensors
            if len(tensor.dims) == 2 and min(tensor.dims) >= 32
        }
    assert onnx.TensorProto.INT8 in found["int8"]
    assert found["float32"] == {onnx.TensorProto.FLOAT}
    assert files["int8"].stat().st_size < files["float32"].stat().st_size


def test_no_word_embeddings_are_in_the_file(files: dict[str, Path]) -> None:
    # The table has 30,522 rows of 32 numbers; everything else is far smaller.
    assert files["float32"].stat().st_size < 300_000


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkpoint of a network of the bundled model's size, with random weights."""
    torch.manual_seed(2)
    network = ReaderNetwork(BertConfig.from_pretrained(str(bundled_folder())))
    path = tmp_path_factory.mktemp("checkpoint") / "checkpoint.pt"
    torch.save({"network": network.state_dict(), "history": []}, path)
    return path


def test_a_checkpoint_becomes_a_model_that_the_reader_opens(
    checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole command, on a network of real size."""
    model = tmp_path / "models" / "reader.onnx"

    def load(base: str) -> tuple[ReaderNetwork, nn.Embedding]:
        # Loading takes seconds, so that what is loaded is looked at here, on its way.
        network, words = load_base(base)
        _assert_bundled(network, words)
        return network, words

    monkeypatch.setattr(module, "load_base", load)

    code = main(["--checkpoint", str(checkpoint), "--model", str(model)])

    assert code == 0
    size = model.stat().st_size
    assert 10_000_000 < size < _LARGEST_FILE
    assert capsys.readouterr().out == (
        f'{model}\n    size={size:_},\n    sha256="{file_sha256(model)}",\n'
    )
    passage = passage_of("The bridge fell. Nobody was hurt.")
    reader = TrainedReader.open(model, threads=1)
    (reading,) = reader.read("What fell?", [passage])
    assert 0 < reading.relevance < 1
    assert {evidence.quote for evidence in reading.evidence} <= set(passage.passage.sentences)
    _assert_weights_came_through(checkpoint, model)


def _assert_bundled(network: ReaderNetwork, words: nn.Embedding) -> None:
    assert not words.weight.requires_grad
    assert np.array_equal(words.weight.numpy(), open_word_embeddings())
    state = network.bert.state_dict()
    with safe_open(bundled_folder() / "model.safetensors", framework="pt") as published:
        for name in published.keys():  # noqa: SIM118 - no mapping
            if "word_embeddings" not in name and name in state:
                assert torch.equal(state.pop(name), published.get_tensor(name)), name
    assert state == {}
    assert sum(parameter.numel() for parameter in network.parameters()) == 10_993_923
    dropped = [module.p for module in network.modules() if isinstance(module, nn.Dropout)]
    assert set(dropped) == {0.0}


def _assert_weights_came_through(checkpoint: Path, model: Path) -> None:
    network = ReaderNetwork(BertConfig.from_pretrained(str(bundled_folder()))).eval()
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["network"])
    ids = np.array([[101, 2054, 3062, 1029, 102, 1996, 2958, 3062, 1012, 102]])
    assert open_word_embeddings()[ids].shape == (1, 10, WIDTH)
    feed = {
        "embeddings": open_word_embeddings()[ids],
        "token_types": np.array([[0] * 5 + [1] * 5]),
        "mask": np.ones((1, 10), dtype=np.int64),
    }
    found = _open(model).run(list(OUTPUTS), feed)
    for one, other in zip(found, _torch_logits(network, feed), strict=True):
        np.testing.assert_allclose(one, other, atol=0.15)


def test_weights_are_averaged_with_earlier_ones(tmp_path: Path) -> None:
    newer, _ = tiny_network()
    earlier, _ = tiny_network()
    with torch.no_grad():
        for old, new in zip(earlier.parameters(), newer.parameters(), strict=True):
            old.fill_(2.0)
            new.fill_(10.0)
    save_weights(earlier, tmp_path / "earlier.safetensors")

    average(newer, tmp_path / "earlier.safetensors", 0.75)

    assert {value for p in newer.parameters() for value in p.flatten().tolist()} == {8.0}


@pytest.mark.parametrize("share", ["0", "1.5", "-1", "nan", "half"])
def test_a_share_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--share", share])
    error = capsys.readouterr().err
    assert f"expected a number above 0, at most 1, got '{share}'" in error


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"", "EOFError"),
        (b"no checkpoint", "Weights only load failed"),
        (b"PK\x03\x04 half an archive", "not a ZIP archive"),
        ([1, 2], "list indices must be integers"),
        ({"weights": 1}, "'network'"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(
    tmp_path: Path, content: object, reason: str
) -> None:
    path = tmp_path / "checkpoint.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        torch.save(content, path)

    with pytest.raises(ReaderError, match=reason) as caught:
        load_checkpoint(path)

    message = str(caught.value)
    assert message.startswith(f"{path} cannot be read as a checkpoint: ")
    assert "Expected the file that python -m training writes. Train first" in message
    assert "\n" not in message
