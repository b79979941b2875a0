import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.support.commands import REPOSITORY
from tests.support.tiny_network import tiny_network
from tests.support.training_material import write_all
from training import __main__ as module
from training import calibrate, development, export
from training.__main__ import main
from training.lookalikes import RANKED
from training.network import ReaderNetwork
from training.squad import SQUAD_FILE, load_squad

_MODULES = {"training": main, "training.calibrate": calibrate.main, "training.export": export.main}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of data beside one with its lookalikes, and train the tiny network."""

    def load(_base: str) -> tuple[ReaderNetwork, nn.Embedding]:
        return tiny_network()

    monkeypatch.setattr(module, "load_base", load)
    monkeypatch.setattr(development, "SYNTHETIC_GROUPS", 12)
    found = write_all(tmp_path / "data")
    squad = load_squad(found, held_out=False)
    ranked = np.arange(RANKED, dtype=np.int32) + np.zeros((len(squad.questions), 1), dtype=np.int32)
    (tmp_path / "run").mkdir()
    for name in ("bm25.npy", "encoder.npy"):
        np.save(tmp_path / "run" / name, ranked)
    return found


def _arguments(data: Path, **others: object) -> list[str]:
    named: dict[str, object] = {"data": data, "folder": data.parent / "run", "tokens": 6_000}
    named |= {"seed": 3, "threads": 1, **others}
    return [str(part) for name, value in named.items() for part in (f"--{name}", value)]


def _weights(data: Path) -> torch.Tensor:
    state = torch.load(data.parent / "run" / "checkpoint.pt", weights_only=True)
    found: torch.Tensor = state["network"]["span.weight"]
    return found


def test_the_command_trains_measures_and_prints_the_last_measures(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(_arguments(data))

    (entry,) = json.loads(capsys.readouterr().out)
    assert code == 0
    assert entry["tokens"] >= 6_000
    assert {"loss", "squad_f1", "news_f1", "changed_auroc", "wikiqa/dev_map"} <= set(entry)
    history = (data.parent / "run" / "history.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in history.splitlines()] == [entry]
    started = tiny_network(seed=1)[0].span.weight
    assert not torch.equal(_weights(data), started)


def test_the_same_command_on_a_finished_run_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_arguments(data)) == 0
    printed, weights = capsys.readouterr().out, _weights(data)

    assert main(_arguments(data)) == 0

    assert capsys.readouterr().out == printed
    assert torch.equal(_weights(data), weights)


def test_a_run_that_is_stopped_by_hand_says_how_to_go_on(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_others: object) -> dict[str, float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(development.DevelopmentSet, "measure", stop)

    assert main(_arguments(data)) == 130

    assert capsys.readouterr().err == (
        "stopped; the same command goes on from the last checkpoint\n"
    )


def test_another_seed_in_the_same_folder_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_arguments(data)) == 0
    capsys.readouterr()

    assert main(_arguments(data, seed=4)) == 2

    error = capsys.readouterr().err
    assert re.fullmatch(r".*checkpoint\.pt was trained with seed 3; expected 4, .*\n", error)


@pytest.mark.parametrize(
    "name",
    [
        str(SQUAD_FILE),
        "newsqa/extractive_2022_2024.jsonl",
        "as2/wikiqa/dev.tsv",
        "as2/trecqa/clean-dev.tsv",
    ],
)
def test_data_that_is_missing_is_named_before_anything_is_encoded(
    data: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / name).unlink()
    monkeypatch.setattr(module, "lookalikes", None)

    assert main(_arguments(data)) == 2

    error = capsys.readouterr().err
    assert error.startswith(f"{data / name} cannot be read: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("name", _MODULES)
def test_every_option_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command: Callable[[Sequence[str]], int] = _MODULES[name]

    with pytest.raises(SystemExit, match=r"^0$"):
        command(["--help"])

    text = capsys.readouterr().out
    assert text.startswith(f"usage: python -m {name} ")
    for option in re.findall(r"^  (--[a-z0-9-]+)(.*(?:\n {10}.*)?)", text, re.MULTILINE):
        assert re.search(r"\s{2,}\S", option[1]), option


@pytest.mark.parametrize(
    ("option", "value"), [("tokens", "0"), ("threads", "0"), ("tokens", "-5"), ("threads", "two")]
)
def test_a_number_that_cannot_be_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main([f"--{option}", value])

    assert f"must be a whole number, at least 1, got '{value}'" in capsys.readouterr().err


def test_real_commands_end_with_one_line_where_something_is_missing(tmp_path: Path) -> None:
    """All three at once, since each takes seconds to import its libraries."""
    commands = (
        (("training", "--data", "none", "--folder", str(tmp_path / "run")), "json.xz cannot be"),
        (("training.calibrate", "none.onnx", "--data", "none"), "none.onnx cannot be read"),
        (("training.export", "--checkpoint", "none.pt", "--model", str(tmp_path / "m")), "none.pt"),
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments, _ in commands
    ]
    for process, (arguments, expected) in zip(started, commands, strict=True):
        out, error = process.communicate(timeout=300)
        assert (process.returncode, out) == (2, ""), (arguments, error)
        assert expected in error
        assert error.count("\n") == 1, error
    assert not (tmp_path / "m").exists()
