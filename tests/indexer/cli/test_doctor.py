import shutil
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.cli import doctor
from indexer.cli.doctor import Diagnosis, examine


def _of(part: str, found: list[Diagnosis]) -> list[Diagnosis]:
    return [each for each in found if each.part == part]


def test_a_damaged_export_is_a_fault(
    tiny_model: Path,
    tiny_export: Path,
    encoder_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Talks\n\nThe talks in Oslo ended on Friday.", encoding="utf-8")
    build(news, tmp_path / "index", IndexConfig(encoder=str(tiny_model), threads=1))
    (found,) = _of("exported encoder", examine(tmp_path / "index"))
    assert (found.state, found.found) == ("sound", str(tiny_export))

    cache = shutil.copytree(encoder_cache, tmp_path / "cache")
    for weights in cache.rglob("encoder.weights"):
        weights.write_bytes(weights.read_bytes()[:-1])
    monkeypatch.setenv("DATELINE_CACHE", str(cache))
    (found,) = _of("exported encoder", examine(tmp_path / "index"))
    assert found.state == "fault"
    assert found.remedy == "Delete this folder; it is made again when needed."


def test_a_library_of_an_extra_that_is_missing_is_a_note_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _of("extras", examine(tmp_path)) == []
    monkeypatch.setattr(doctor, "OPTIONAL", ("torch", "a-library"))
    (found,) = _of("extras", examine(tmp_path))
    assert (found.state, found.found) == (
        "note",
        "Not installed: a-library; what needs them says so",
    )
    assert found.remedy.endswith("-m pip install a-library")


def test_the_bundled_encoder_needs_no_export(tmp_path: Path) -> None:
    found = examine(tmp_path)
    assert [each.state for each in _of("encoder", found)] == ["sound"]
    assert _of("exported encoder", found) == []
