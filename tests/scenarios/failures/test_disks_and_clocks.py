"""Disks that may not be written, clocks that jump back, a writer that died."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.cli.main import main
from indexer.storage.lock import HOLDER_FILE, LOCK_FILE
from indexer.storage.verify import verify
from retrieval import SearchEngine
from tests.scenarios.failures.conftest import HARBOUR
from tests.support.commands import REPOSITORY, run_module
from tests.support.disks import make_read_only, small_disk

TWO_THREADS = IndexConfig(threads=2)
QUESTION = "why was the harbour closed?"

_HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from indexer.storage.lock import writer_lock

with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def read_only(news_index: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the index on a file system that is mounted read-only."""
    disk = tmp_path / "disk"
    with small_disk(disk, 200_000_000) as is_mounted:
        if not is_mounted:
            pytest.skip("no file system can be mounted here; missing permissions are tested")
        index = Path(shutil.copytree(news_index, disk / "index"))
        make_read_only(disk)
        yield index


def test_an_index_on_a_read_only_disk_answers_and_verifies_and_is_not_built(
    corpus: Path, read_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SearchEngine.open(read_only) as engine:
        assert engine.answer(QUESTION).quotes
        assert not engine.refresh()
    assert verify(read_only) == []
    assert main(["build", str(corpus), "--index", str(read_only), "--quiet"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"error: {read_only}/{LOCK_FILE} could not be written ([Errno 30] Read-only file system: "
        f"'{read_only}/{LOCK_FILE}'). The existing index is unchanged. Free disk space or "
        "choose another place with --index, then try again\n"
    )
    main(["doctor", "--index", str(read_only)])
    said = f"{read_only} is read-only: questions work, builds do not"
    assert said in capsys.readouterr().out


def test_a_writer_that_died_holding_the_lock_does_not_stop_the_next(
    corpus: Path, index: Path
) -> None:
    holding = subprocess.Popen(
        [sys.executable, "-c", _HOLD_THE_LOCK, str(index)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holding.stdout is not None
    assert holding.stdout.readline() == "held\n"
    refused = run_module("indexer", "build", corpus, "--index", index)
    assert refused.returncode == 2
    assert f"is being written by process {holding.pid} on " in refused.stderr
    holding.send_signal(signal.SIGKILL)
    holding.communicate()
    assert (index / HOLDER_FILE).exists()
    assert build(corpus, index, IndexConfig(threads=2, force=True)).manifest.generation == 2
    assert not (index / HOLDER_FILE).exists()


def test_a_change_is_built_although_the_clock_stands_where_it_stood(
    corpus: Path, tmp_path: Path
) -> None:
    index, harbour = tmp_path / "index", corpus / "harbour.txt"
    build(corpus, index, TWO_THREADS)
    before = harbour.stat()
    harbour.write_text(HARBOUR.replace("Monday", "Friday"), encoding="utf-8")
    os.utime(harbour, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert harbour.stat().st_size == before.st_size
    assert not build(corpus, index, TWO_THREADS).unchanged
    with SearchEngine.open(index) as engine:
        assert {"Friday" in quote.citation.quote for quote in engine.answer(QUESTION).quotes} == {
            True
        }


def test_times_before_those_of_the_last_build_are_times_like_any_other(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(corpus, index, TWO_THREADS)
    for path in [*corpus.iterdir(), *index.rglob("*")]:
        os.utime(path, (0, 0))
    with SearchEngine.open(index) as engine:
        assert engine.info.stale is not None
        assert engine.info.stale.changed == 2
        assert {quote.citation.source_state for quote in engine.answer(QUESTION).quotes} == {"same"}
    touched = build(corpus, index, TWO_THREADS)
    assert (touched.unchanged, touched.manifest.generation) == (True, 2), "the times alone are new"
    (corpus / "harbour.txt").write_text(HARBOUR.replace("three", "nine"), encoding="utf-8")
    os.utime(corpus / "harbour.txt", (0, 0))
    assert build(corpus, index, TWO_THREADS).manifest.generation == 3
    assert verify(index) == []
