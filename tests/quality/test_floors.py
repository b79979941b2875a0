"""The quality gate: the defaults reach every floor of floors.json. `make floors` raises them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.question_report import Ratio
from indexer.errors import DatelineError
from indexer.storage.manifest import read_manifest, write_manifest
from retrieval import SearchEngine
from tests.quality import floors
from tests.quality.floors import load_floors, renew
from tests.quality.measuring import FILES, Measured, Measures, _share, ask_seeds, files_sha256

FLOORS, SHA256 = load_floors()
PINNED = [(name, measure) for name, bounds in FLOORS.items() for measure in bounds]


@pytest.mark.parametrize(("name", "measure"), PINNED, ids=map(": ".join, PINNED))
def test_quality_is_not_below_its_floor(name: str, measure: str, measures: Measures) -> None:
    assert measures[name][measure].value >= FLOORS[name][measure]


def test_every_measure_has_a_floor(measures: Measures) -> None:
    assert [(name, each) for name, found in measures.items() for each in found] == PINNED


def test_the_floors_were_set_on_these_files() -> None:
    found = {name: files_sha256(paths) for name, paths in FILES.items()}
    assert found == SHA256, "measure again: make floors"


def test_a_quote_that_is_not_in_its_file_is_never_tolerated() -> None:
    assert [FLOORS[name]["citation validity"] for name in ("seeds", "own set")] == [1, 1]


@pytest.mark.parametrize(
    ("value", "floor", "lowered"),
    [
        (0.9, 0.85, []),
        (0.75, 0.7, []),
        (0.74, 0.7, []),
        (0.7, 0.7, []),
        (0.69, 0.64, ["news, nDCG, from 0.7 to 0.64"]),
        (None, None, ["news, nDCG, from 0.7 to none"]),
    ],
)
def test_a_floor_that_is_reached_stays_or_rises_and_falls_only_when_it_is_not(
    value: float | None, floor: float | None, lowered: list[str]
) -> None:
    new, named = renew(
        {"news": {"nDCG": 0.7}}, {"news": {"nDCG": Measured(value, 0.05)} if value else {}}
    )
    assert (new["news"].get("nDCG"), named) == (floor, lowered)


def test_rounding_down_does_not_let_one_question_more_pass() -> None:
    assert 56 / 69 >= Measured(58 / 69, 2 / 69).floor > 55 / 69


def test_a_share_of_nothing_reaches_no_floor() -> None:
    assert _share(Ratio(0, 0)) == (0, 0)


def test_the_command_raises_floors_and_lowers_them_only_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "floors.json"
    path.write_text('{"role pairs": {"sha256": "", "floors": {"higher": 0.7}}}', encoding="utf-8")
    monkeypatch.setattr(floors, "FLOORS_FILE", path)
    for value, flags, code, floor in (
        (0.9, [], 0, 0.85),
        (0.6, [], 2, 0.85),
        (0.6, ["--lower"], 0, 0.55),
    ):
        found = {"role pairs": {"higher": Measured(value, 0.05)}}
        monkeypatch.setattr(floors, "_measure_defaults", lambda threads, found=found: found)
        assert floors.main(flags) == code
        assert load_floors()[0] == {"role pairs": {"higher": floor}}
    assert "become lower: role pairs, higher, from 0.85 to 0.55. " in capsys.readouterr().err


def test_an_engine_that_warns_is_not_measured(seeds_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    manifest = read_manifest(index)
    gone = replace(manifest.encoder, name="/no/such/model", sha256="0" * 64)
    write_manifest(index, replace(manifest, encoder=gone))
    with (
        SearchEngine.open(index) as engine,
        pytest.raises(DatelineError, match="the engine warned: Searched by keywords only"),
    ):
        ask_seeds(engine)
