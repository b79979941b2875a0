"""The comparison's own parts: adapters that need no package of their own, figures, limits, page."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import __main__ as command
from benchmarks.peers import environments
from benchmarks.peers.catalogue import PEERS, PeerEntry
from benchmarks.peers.environments import REQUIREMENTS, NotInstalled
from benchmarks.peers.limits import GaveUp, run_within
from benchmarks.peers.measures import growth, nearest, percentiles, shared
from benchmarks.peers.peer import Mode
from benchmarks.peers.report import write_report
from benchmarks.peers.runner import Limits, measure
from benchmarks.peers.tables import faster
from benchmarks.scale.layout import Material
from benchmarks.scale.material import make_material
from evaluation.results import load

ABOUT = {
    "encoding": "2 ms",
    "questions": "200 questions",
    "real": 71,
    "limits": "10 minutes",
    "machine": "a machine",
}
HERE = [name for name, entry in PEERS.items() if entry.requirements is None]


@pytest.fixture(scope="module")
def material(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_EVAL_DATA", "/absent")
        return make_material(
            seeds_index, tmp_path_factory.mktemp("peers") / "material", 60, questions=45
        )


def entry(p50: float, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    times = {"p50": p50, "p95": 2 * p50, "p99": 3 * p50, "questions": 200}
    asked = {
        "import_seconds": 0.5,
        "open_seconds": 0.25,
        "first_seconds": 0.25,
        "memory": 50_000_000,
        "modes": {"bm25": times},
    }
    return {
        "status": "measured",
        "build": {"seconds": 2.0, "disk": 1_000_000, "peak": 3_000_000},
        "ask": {"all": asked},
        "recall": None,
        "overlap": 0.9,
    } | changed


@pytest.mark.parametrize(
    ("name", "mode"), [(name, mode) for name in HERE for mode in PEERS[name].modes]
)
def test_a_peer_finds_a_passage_by_its_words_or_its_vector(
    name: str, mode: Mode, material: Material, tmp_path: Path
) -> None:
    peer = PEERS[name].make()
    assert peer.modes == PEERS[name].modes
    peer.build(material, tmp_path, threads=1)
    peer.open(tmp_path, threads=1)
    question = material.questions()[22]
    hits = peer.search(question, 10, mode)
    peer.close()
    asked_of = next(p for p in material.passages() if p.text.startswith(question.text[:40]))
    assert asked_of.passage_id in [passage_id for passage_id, _ in hits[:3]]
    assert len(hits) <= 10
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)


def test_a_peer_is_measured_in_processes_of_its_own_and_leaves_nothing_behind(
    material: Material, tmp_path: Path
) -> None:
    found = measure(PEERS["faiss-flat"], material, tmp_path, Limits(seconds=120))
    assert found["status"] == "measured", found
    assert found["recall"] == 1.0
    assert found["ask"]["all"]["modes"]["dense"]["questions"] == 25
    assert set(found["ask"]) == {"1", "all"}
    assert found["build"]["disk"] >= 60 * 384 * 4
    assert not (tmp_path / "work" / "faiss-flat").exists()


def test_a_peer_that_takes_too_long_gives_up_and_says_so(
    material: Material, tmp_path: Path
) -> None:
    found = measure(PEERS["tantivy"], material, tmp_path, Limits(seconds=0))
    assert found == {"status": "gave up", "why": "build: took longer than 0 s"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process holds")
def test_a_process_that_holds_too_much_memory_is_ended() -> None:
    held = [sys.executable, "-c", "import time; x = bytearray(80_000_000); time.sleep(60)"]
    with pytest.raises(GaveUp, match=r"held 0\.\d GB, more than 0 GB"):
        run_within(held, dict(os.environ), 60, 50_000_000)


def test_a_process_that_fails_is_quoted() -> None:
    with pytest.raises(GaveUp, match="failed: ValueError: no such index"):
        run_within(
            [sys.executable, "-c", "raise ValueError('no such index')"],
            dict(os.environ),
            60,
            10**10,
        )


def test_packages_that_cannot_be_had_are_reported(tmp_path: Path) -> None:
    requirements = tmp_path / "none.txt"
    requirements.write_text("./no-such-folder\n", encoding="utf-8")
    with pytest.raises(NotInstalled, match="no-such-folder"):
        environments._install(Path(sys.executable), requirements)


def test_every_requirement_of_a_peer_is_pinned() -> None:
    named = {entry.requirements for entry in PEERS.values() if entry.requirements}
    assert {path.name for path in REQUIREMENTS.iterdir()} == named
    for path in REQUIREMENTS.iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "==" in line, (path.name, line)


def test_no_peer_is_under_a_licence_that_asks_for_ours() -> None:
    for peer in PEERS.values():
        assert "GPL" not in peer.licence.upper()


def test_the_nearest_passages_are_those_of_comparing_all(material: Material) -> None:
    ids, vectors = material.passage_ids(), material.vectors()
    asked = material.questions()[20].vector
    expected = np.argsort(-(vectors @ asked), kind="stable")[:5]
    assert nearest(material)[0][:5] == [ids[row] for row in expected]


def test_percentiles_are_those_of_the_times() -> None:
    times = [float(number) for number in range(1, 101)]
    assert percentiles(times) == {"p50": 50.5, "p95": 95.05, "p99": 99.01, "questions": 100}


def test_a_share_is_a_mean_over_questions_that_have_a_reference() -> None:
    assert shared([["a", "b"], ["c"], ["d"]], [["a", "c"], ["c"], []]) == 0.75
    assert shared([["a"]], []) is None


def test_growth_is_the_slope_of_logarithms_from_ten_thousand_up() -> None:
    assert growth({1_000: 50.0, 10_000: 2.0, 40_000: 4.0}) == 0.5
    assert growth({1_000: 1.0, 10_000: 2.0}) is None


def test_the_page_says_where_a_peer_is_faster_and_where_it_gave_up(tmp_path: Path) -> None:
    results = {
        "dateline": {10_000: entry(4.0), 100_000: entry(8.0)},
        "bm25s": {
            10_000: entry(1.5),
            100_000: {"status": "gave up", "why": "build: took longer than 600 s"},
        },
        "tantivy": {10_000: entry(5.0), 100_000: entry(9.0)},
    }
    assert list(faster(results)) == [("bm25s", "bm25", 10_000, 1.5, 4.0)]
    text = write_report(tmp_path / "peers.md", results, ABOUT)
    assert "| **dateline** | 4.00 / 8.00 / 12.0 | 8.00 / 16.0 / 24.0 | n^0.30 |" in text
    assert "| bm25s | 1.50 / 3.00 / 4.50 | gave up | – |" in text
    assert "| bm25s | bm25 | 10,000: 1.50 against 4.00 ms | the score of every term" in text
    assert "- bm25s, 100,000 passages: gave up: build: took longer than 600 s" in text
    assert "| tantivy | bm25 |" not in text
    plot = (tmp_path / "peers-bm25.svg").read_bytes()
    assert plot.startswith(b"<?xml")
    write_report(tmp_path / "peers.md", results, ABOUT)
    assert (tmp_path / "peers-bm25.svg").read_bytes() == plot


def test_an_interrupted_run_goes_on_where_it_was_and_a_peer_that_gave_up_is_not_tried_larger(
    seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_EVAL_DATA", "/absent")
    output = tmp_path / "peers.json"
    given = ["--index", str(seeds_index), "--folder", str(tmp_path), "--output", str(output)]
    given += ["--questions", "25"]
    tried: list[str] = []

    def measured(peer: PeerEntry, material: Material, *_: object) -> dict[str, Any]:
        tried.append(f"{peer.name}/{material.about.passages}")
        return {"status": "gave up", "why": "too slow"} if peer.name == "bm25s" else entry(1.0)

    monkeypatch.setattr(command, "measure", measured)
    assert command.main([*given, "--sizes", "30", "--peers", "tantivy,bm25s"]) == 0
    assert tried == ["bm25s/30", "tantivy/30"]
    assert command.main([*given, "--sizes", "30,40", "--peers", "tantivy,bm25s"]) == 0
    assert tried == ["bm25s/30", "tantivy/30", "tantivy/40"]
    kept = load(output)
    assert kept["bm25s/40"]["why"] == "already at 30: too slow"
    assert str(tmp_path) not in json.dumps(kept)


def test_a_peer_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--peers", "tantivi"]) == 2
    assert "Unknown peers tantivi; expected some of rank-bm25, dateline" in (
        capsys.readouterr().err
    )
