"""`python -m tests.quality.floors`: what it prints, writes and refuses, for given measurements."""

from pathlib import Path

import pytest

from tests.quality import floors
from tests.quality.floors_file import Measured, Measurement, parse_floors

LINE = "- Quality floor lowered from 0.7: news, nDCG, to 0.55, because …"


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A floor of 0.7 and a changelog, in place of the repository's."""
    path, changelog = tmp_path / "floors.json", tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## Unreleased\n\n- A page.\n", encoding="utf-8")
    monkeypatch.setattr(floors, "FLOORS", path)
    monkeypatch.setattr(floors, "CHANGELOG", changelog)
    measured(0.75, monkeypatch)
    assert floors.main([]) == 0
    return path


def measured(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command find this; the measuring itself is what the gate runs."""
    found = Measurement("small", {"news": "ab"}, {"news": {"nDCG": Measured(value, 0.05)}})
    monkeypatch.setattr(floors, "measure_defaults", lambda threads: found)


def floor_in(path: Path) -> float:
    return parse_floors(path.read_text(encoding="utf-8"), path.name).bounds["news"]["nDCG"]


def test_a_better_measurement_raises_the_floor(
    pinned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert floor_in(pinned) == 0.7
    capsys.readouterr()
    measured(0.9, monkeypatch)
    assert floors.main([]) == 0
    out, err = capsys.readouterr()
    assert out == "0.9000  news, nDCG\n"
    assert err == "wrote floors.json for the reader 'small'\n"
    assert floor_in(pinned) == 0.85


def test_a_worse_measurement_is_refused_with_the_line_for_the_changelog(
    pinned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    measured(0.6, monkeypatch)
    assert floors.main([]) == 2
    assert capsys.readouterr().err.startswith(f"{LINE}\nerror: floors would become lower ")
    assert floors.main(["--lower"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"{LINE}\nerror: CHANGELOG.md does not name floors ")
    assert floor_in(pinned) == 0.7


def test_the_flag_and_the_line_together_lower_it(
    pinned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured(0.6, monkeypatch)
    changelog = pinned.with_name("CHANGELOG.md")
    changelog.write_text(f"## Unreleased\n\n{LINE[:-1]}of that.\n", encoding="utf-8")
    assert floors.main([]) == 2
    assert floors.main(["--lower"]) == 0
    assert "\nlower than it was: news, nDCG, to 0.55\n" in capsys.readouterr().err
    assert floor_in(pinned) == 0.55
