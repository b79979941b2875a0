import itertools
import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from indexer.errors import ReaderError
from indexer.progress import NoProgress
from retrieval.readers.trained_files import open_tokenizer
from tests.support.commands import REPOSITORY
from tests.support.tiny_network import tiny_network
from training import examples as examples_module
from training import trainer as module
from training.material import Material
from training.squad import Squad
from training.trainer import ExampleSource, Recipe, Trainer

RECIPE = Recipe(seed=5, tokens=10_500, batch_tokens=400, learning_rate=1e-3)


class _Stopped(Exception):  # noqa: N818 - no error, an interruption
    """Somebody pulled the plug."""


class _Plug(NoProgress):
    """Interrupts training after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps + 1  # the first report is of what was done before

    def advance(self, steps: int = 1) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Stopped


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sort so few examples together that a run crosses chunks and epochs."""
    monkeypatch.setattr(module, "_CHUNK", 45)


def _trainer(folder: Path, tokenizer: Tokenizer, recipe: Recipe = RECIPE) -> Trainer:
    network, words = tiny_network()
    folder.mkdir(exist_ok=True)
    return Trainer(network, words, tokenizer, recipe, folder)


def _source(material: Material) -> ExampleSource:
    return lambda epoch: examples_module.examples(material, epoch)


def _train(trainer: Trainer, material: Material, steps: int | None = None) -> None:
    progress = NoProgress() if steps is None else _Plug(steps)
    trainer.run(
        _source(material),
        progress,
        lambda: {"norm": float(trainer.network.relevance.weight.detach().norm())},
        checkpoint_seconds=0,
        measure_tokens=1,
    )


def _weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return trainer.network.state_dict()


def _assert_equal(one: Trainer, other: Trainer) -> None:
    assert one.position == other.position
    assert one.history == other.history
    assert _weights(one).keys() == _weights(other).keys()
    for name, tensor in _weights(one).items():
        assert torch.equal(tensor, _weights(other)[name]), name


@pytest.mark.usefixtures("chunks")
def test_a_run_that_is_stopped_again_and_again_ends_as_one_that_is_not(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    whole = _trainer(tmp_path / "whole", tokenizer)
    _train(whole, material)

    stops = 0
    for steps in itertools.cycle((1, 4, 2, 7)):
        part = _trainer(tmp_path / "part", tokenizer)
        try:
            _train(part, material, steps)
        except _Stopped:
            stops += 1
            continue
        break

    assert stops >= 4
    assert whole.position.epoch >= 1
    assert len(whole.history) == whole.position.steps > 20
    _assert_equal(part, whole)
    files = [(tmp_path / name / "history.jsonl").read_text() for name in ("whole", "part")]
    assert files[0] == files[1]
    assert [json.loads(line) for line in files[0].splitlines()] == whole.history


@pytest.mark.usefixtures("chunks")
def test_a_run_goes_on_from_the_end_of_a_chunk(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    whole = _trainer(tmp_path / "whole", tokenizer)
    seen: list[tuple[int, int]] = []

    def look() -> dict[str, float]:
        seen.append((whole.position.epoch, whole.position.chunk))
        return {}

    whole.run(_source(material), NoProgress(), look, checkpoint_seconds=math.inf, measure_tokens=1)
    # Of the last step of a chunk: the next one is in another.
    ends = [steps for steps in range(1, len(seen)) if seen[steps - 1] != seen[steps]]
    assert len(ends) >= 3

    for end in ends[:3]:
        folder = tmp_path / f"after {end}"
        first = _trainer(folder, tokenizer)
        with pytest.raises(_Stopped):
            _train(first, material, end)
        first.save()
        rest = _trainer(folder, tokenizer)
        _train(rest, material)
        assert rest.position == whole.position
        for name, tensor in _weights(rest).items():
            assert torch.equal(tensor, _weights(whole)[name]), name


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    short = Recipe(seed=5, tokens=1_500, batch_tokens=400)
    made = [_trainer(tmp_path / str(n), tokenizer, short) for n in range(2)]
    for trainer in made:
        _train(trainer, material)

    _assert_equal(*made)
    other = _trainer(tmp_path / "other", tokenizer, Recipe(seed=6, tokens=1_500, batch_tokens=400))
    _train(other, material)
    assert not torch.equal(other.network.span.weight, made[0].network.span.weight)


def test_three_paragraphs_are_learned_by_heart(
    tmp_path: Path, tokenizer: Tokenizer, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples_module, "SYNTHETIC", 0.0)
    monkeypatch.setattr(examples_module, "CLAIMS", 0.0)
    squad = material.squad
    asked = [question for question in squad.questions if question.paragraph < 3]
    few = Material(Squad(squad.paragraphs[:3], tuple(asked)), [[] for _ in asked], 1)
    recipe = Recipe(seed=5, tokens=20_000, batch_tokens=300, learning_rate=1e-2)
    trainer = _trainer(tmp_path, tokenizer, recipe)

    trainer.run(_source(few), NoProgress(), dict, checkpoint_seconds=math.inf, measure_tokens=4_000)

    losses = [entry["loss"] for entry in trainer.history]
    assert losses[0] > 2.5
    assert losses[-1] < 0.65 * losses[0]
    assert losses == sorted(losses, reverse=True)


def test_word_embeddings_stay_as_they_are(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    trainer = _trainer(tmp_path, tokenizer)
    before = trainer.words.weight.clone()

    _train(trainer, material)

    assert torch.equal(trainer.words.weight, before)
    started, _ = tiny_network()
    assert not torch.equal(trainer.network.span.weight, started.span.weight)


def test_a_finished_run_is_trained_no_further(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    first = _trainer(tmp_path, tokenizer)
    _train(first, material)
    content = (tmp_path / "checkpoint.pt").read_bytes()

    again = _trainer(tmp_path, tokenizer)
    _train(again, material)

    _assert_equal(again, first)
    assert (tmp_path / "checkpoint.pt").read_bytes() == content


def test_a_budget_of_time_ends_a_run_and_its_schedule(
    tmp_path: Path, tokenizer: Tokenizer, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _trainer(tmp_path, tokenizer)
    with pytest.raises(_Stopped):
        _train(first, material, 5)
    resumed = _trainer(tmp_path, tokenizer, replace(RECIPE, tokens=1_000_000))
    tokens = resumed.position.tokens
    seconds = itertools.count(100.0)
    monkeypatch.setattr("training.trainer.time.monotonic", lambda: next(seconds))

    resumed.run(_source(material), NoProgress(), dict, checkpoint_seconds=math.inf, minutes=1)

    assert tokens < resumed.position.tokens < 100_000
    assert resumed._share() >= 1
    rates = {group["lr"] for group in resumed._optimizer.param_groups}
    assert max(rates) < 0.1 * RECIPE.learning_rate


def test_history_says_when_what_was_measured(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    trainer = _trainer(tmp_path, tokenizer)
    numbers = itertools.count(1)

    trainer.run(
        _source(material),
        NoProgress(),
        lambda: {"f1": next(numbers) / 3},
        checkpoint_seconds=math.inf,
        measure_tokens=4_000,
    )

    assert [entry["f1"] for entry in trainer.history] == [0.3333, 0.6667, 1.0]
    tokens = [entry["tokens"] for entry in trainer.history]
    assert 4_000 <= tokens[0] < 4_400
    assert 8_000 <= tokens[1] < 8_400
    assert tokens[2] >= RECIPE.tokens
    assert trainer.history[-1]["steps"] == trainer.position.steps


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EOFError"),
        (b"no checkpoint", "Weights only load failed"),
        ([1, 2], "list indices must be integers"),
        ({"network": {}}, "'recipe'"),
        (
            {"network": {}, "recipe": vars},
            "Weights only load failed",
        ),
        (
            {"network": {}, "recipe": {"seed": 5, "batch_tokens": 400}},
            r"Error\(s\) in loading state_dict for ReaderNetwork",
        ),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(
    tmp_path: Path, tokenizer: Tokenizer, content: object, reason: str
) -> None:
    path = tmp_path / "checkpoint.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)

    with pytest.raises(ReaderError, match=reason) as caught:
        _trainer(tmp_path, tokenizer)

    assert str(caught.value).startswith(f"{path} cannot be read as a checkpoint: ")
    assert "Expected the file that python -m training writes. Train first" in str(caught.value)


def test_a_truncated_checkpoint_is_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    _trainer(tmp_path, tokenizer).save()
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(path.read_bytes()[:-2_000])

    with pytest.raises(ReaderError, match=r"checkpoint\.pt cannot be read as a checkpoint: Py"):
        _trainer(tmp_path, tokenizer)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Recipe(seed=6, tokens=9_000, batch_tokens=400), "trained with seed 5; expected 6"),
        (Recipe(seed=5, tokens=9_000, batch_tokens=500), "batch_tokens 400; expected 500"),
    ],
)
def test_a_checkpoint_of_another_stream_is_refused(
    tmp_path: Path, tokenizer: Tokenizer, other: Recipe, reason: str
) -> None:
    _trainer(tmp_path, tokenizer).save()

    with pytest.raises(ReaderError, match=f"{reason}.*Give the same or another folder"):
        _trainer(tmp_path, tokenizer, other)


def test_a_longer_budget_goes_on_from_a_finished_run(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    first = _trainer(tmp_path, tokenizer, Recipe(seed=5, tokens=800, batch_tokens=400))
    _train(first, material)

    longer = _trainer(tmp_path, tokenizer)
    _train(longer, material)

    assert longer.position.tokens >= RECIPE.tokens > first.position.tokens
    assert longer.history[: len(first.history)] == first.history


_SAVES_FOR_EVER = """
import sys
from pathlib import Path
import torch
from retrieval.readers.trained_files import open_tokenizer
from tests.support.tiny_network import tiny_network
from training.trainer import ExampleSource, Recipe, Trainer

torch.set_num_threads(1)
network, words = tiny_network()
trainer = Trainer(network, words, open_tokenizer(), Recipe(), Path(sys.argv[1]))
# Long enough to write that it can be stopped meanwhile.
trainer.history = [{"tokens": 1, "filling": "x" * 60_000_000}]
while True:
    trainer.position.steps += 1
    trainer.save()
"""


def _stop_while_writing(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Stop the process at a moment when a whole checkpoint and a half one lie in the folder."""
    whole, half = folder / "checkpoint.pt", folder / "checkpoint.unfinished"
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert process.poll() is None, "the child ended by itself"
        if not (whole.exists() and half.exists()):
            time.sleep(0.001)
            continue
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        if half.exists() and 0 < half.stat().st_size < whole.stat().st_size:
            return
        process.send_signal(signal.SIGCONT)
    raise AssertionError("never found writing")


def test_a_kill_while_a_checkpoint_is_written_leaves_the_last_one(
    tmp_path: Path, tokenizer: Tokenizer, material: Material
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SAVES_FOR_EVER, str(tmp_path)], cwd=REPOSITORY
    )
    try:
        _stop_while_writing(process, tmp_path)
    finally:
        process.kill()
        process.wait()

    with pytest.raises(RuntimeError, match="PytorchStreamReader failed"):
        torch.load(tmp_path / "checkpoint.unfinished", weights_only=True)
    resumed = _trainer(tmp_path, tokenizer, Recipe())
    assert resumed.position.steps >= 1
    assert resumed.history[0]["tokens"] == 1
    started, _ = tiny_network()
    assert torch.equal(resumed.network.span.weight, started.span.weight)
    resumed.save()
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
