"""What the quality gate measures: the defaults, on these files, without a silent replacement."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import Report
from evaluation.question_report import Ratio
from indexer.storage.manifest import read_manifest, write_manifest
from retrieval import SearchEngine
from tests.quality.floors_file import FloorsError
from tests.quality.measuring import _every, _share, ask_seeds, files_sha256


def test_an_engine_that_warns_is_not_measured(seeds_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    manifest = read_manifest(index)
    gone = replace(manifest.encoder, name="/no/such/model", sha256="0" * 64)
    write_manifest(index, replace(manifest, encoder=gone))
    with (
        SearchEngine.open(index) as engine,
        pytest.raises(FloorsError, match="the engine warned: Searched by keywords only"),
    ):
        ask_seeds(engine)


def test_the_measures_of_the_seeds_are_those_of_the_report(seeds_report: Report) -> None:
    recall = _share(seeds_report.answerable.recall)
    assert recall.value == seeds_report.answerable.recall.count / 69
    assert recall.margin == 2 / 69


def test_a_share_of_nothing_reaches_no_floor() -> None:
    assert (_share(Ratio(0, 0)).value, _every(Ratio(0, 0)).value) == (0, 0)


def test_a_promise_has_no_margin() -> None:
    assert _every(Ratio(9, 9)).floor == 1
    assert _every(Ratio(9, 10)).value == 0.9


def test_files_are_the_same_whatever_their_line_ends_and_others_when_a_word_differs(
    tmp_path: Path,
) -> None:
    def written(name: str, content: bytes) -> list[Path]:
        (tmp_path / name).write_bytes(content)
        return [tmp_path / name]

    unix = files_sha256(written("unix", b"one\ntwo\n"))
    assert files_sha256(written("dos", b"one\r\ntwo\r\n")) == unix
    assert files_sha256(written("other", b"one\ntoo\n")) != unix
