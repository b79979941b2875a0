"""A worker process is killed, or the build is stopped: one line, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.build.generation import WORTH_WORKERS
from tests.support.commands import REPOSITORY
from tests.support.stories import story

PROCESSES = Path("/proc")
USER_TICKS = 13  # hundredths of a second in which it has worked
STARTED = 150  # of them: until then it loads its models, and one that is killed is replaced

pytestmark = pytest.mark.skipif(
    not PROCESSES.is_dir(), reason="workers are found in /proc, which this system lacks"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many articles that workers are worth it, and are at work when they are found."""
    path = tmp_path_factory.mktemp("many") / "export.jsonl"
    texts = [story(number, *[f"Note {number + n}." for n in range(300)]) for number in range(80)]
    rows = [{"id": n, "text": texts[n % 80]} for n in range(12 * WORTH_WORKERS)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@contextmanager
def building(corpus: Path, index: Path) -> Iterator["subprocess.Popen[str]"]:
    """A build of which a worker runs."""
    command = [sys.executable, "-m", "indexer", "build", str(corpus), "--index", str(index)]
    process = subprocess.Popen(
        [*command, "--threads", "2"],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def worker_of(process: "subprocess.Popen[str]") -> int:
    """Wait for a worker of a build to be at work and return its process id.

    One that ends before it has begun is taken for one that cannot be started here.
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        for entry in PROCESSES.iterdir():
            if entry.name.isdigit() and is_worker(int(entry.name), process.pid):
                return int(entry.name)
        time.sleep(0.01)
    raise AssertionError(f"no worker was started; the build ended with {process.poll()}")


def is_worker(pid: int, parent: int) -> bool:
    try:
        status = (PROCESSES / str(pid) / "status").read_text(encoding="utf-8")
        command = (PROCESSES / str(pid) / "cmdline").read_text(encoding="utf-8")
        worked = (PROCESSES / str(pid) / "stat").read_text(encoding="utf-8").split()
    except OSError:
        return False
    at_work = int(worked[USER_TICKS]) > STARTED
    return at_work and f"\nPPid:\t{parent}\n" in status and "indexer.build.worker " in command


def is_alive(pid: int) -> bool:
    try:
        status = (PROCESSES / str(pid) / "status").read_text(encoding="utf-8")
    except OSError:
        return False
    return "\nState:\tZ" not in status


def wait_for_the_end(pid: int) -> None:
    deadline = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < deadline, "the worker outlived the build"
        time.sleep(0.02)


def test_a_worker_that_is_killed_ends_the_build_with_one_line(corpus: Path, tmp_path: Path) -> None:
    with building(corpus, tmp_path / "index") as process:
        os.kill(worker_of(process), signal.SIGKILL)
        _, printed = process.communicate(timeout=300)
    assert process.returncode == 2, printed
    (line,) = [each for each in printed.splitlines() if "error" in each]
    assert "A worker process of the build ended (signal 9)" in line
    assert not (tmp_path / "index" / "000001").exists()


def test_ctrl_c_ends_a_build_and_its_workers(corpus: Path, tmp_path: Path) -> None:
    with building(corpus, tmp_path / "index") as process:
        worker = worker_of(process)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=300)
    assert process.returncode == 130, printed
    assert "Interrupted. The existing index is unchanged." in printed
    assert not (tmp_path / "index" / "000001").exists()
    wait_for_the_end(worker)


def test_workers_end_when_the_build_is_killed(corpus: Path, tmp_path: Path) -> None:
    with building(corpus, tmp_path / "index") as process:
        worker = worker_of(process)
        process.kill()
        process.wait()
    wait_for_the_end(worker)
