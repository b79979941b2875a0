"""Workers answer in order, and tell when something goes wrong; without any, this process works."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from operator import truediv
from pathlib import Path

import pytest

from indexer.build.workers import Workers
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import SkippedFileError
from indexer.errors import CorpusError, WorkerError


def test_results_come_in_the_order_of_asking_from_other_processes() -> None:
    with Workers(2) as workers:
        squares = list(workers.ordered(pow, ((n, (n, 2)) for n in range(50))))
        assert squares == [(n, n * n) for n in range(50)]
        pids = {workers.submit(os.getpid).result() for _ in range(4)}
    assert os.getpid() not in pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_few_jobs_are_read_ahead_of_the_results() -> None:
    read: list[int] = []

    def jobs() -> Iterator[tuple[int, tuple[float]]]:
        for number in range(100):
            read.append(number)
            yield number, (0.001,)

    with Workers(2) as workers:
        for done, _ in workers.ordered(abs, jobs()):
            assert len(read) - done <= 6


def test_what_a_function_raises_is_raised_here_and_the_worker_lives_on() -> None:
    with Workers(2) as workers:
        with pytest.raises(ZeroDivisionError, match="float division by zero"):
            workers.submit(truediv, 1.0, 0.0).result()
        with pytest.raises(CorpusError, match="No articles given"):
            workers.submit(CorpusRoots.of, []).result()
        assert workers.submit(truediv, 1.0, 2.0).result() == 0.5


def test_a_worker_that_is_killed_is_told_in_one_line() -> None:
    with Workers(2) as workers:
        dying = workers.submit(signal.raise_signal, signal.SIGKILL)
        with pytest.raises(WorkerError, match=r"ended \(signal 9\).*--threads 1") as raised:
            dying.result()
    assert "\n" not in str(raised.value)


def test_prepared_workers_have_all_called_the_function_before_they_are_asked(
    tmp_path: Path,
) -> None:
    with Workers(2) as workers:
        workers.warm_up(leave_trace, tmp_path)
        asked = {workers.submit(os.getpid).result() for _ in range(8)}
        assert asked <= {int(trace.name) for trace in tmp_path.iterdir()}


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.3])
def test_calls_that_no_worker_has_begun_are_cancelled_by_close_never_run_here(
    tmp_path: Path, moment: float
) -> None:
    """At each moment other calls wait: for a thread, for a worker, for a worker to start."""
    with Workers(2) as workers:
        workers.warm_up(leave_trace, tmp_path)
        calls = [workers.submit(leave_trace, tmp_path) for _ in range(20)]
        time.sleep(moment)
    assert str(os.getpid()) not in {trace.name for trace in tmp_path.iterdir()}
    for call in calls:
        assert call.done()
        try:
            call.result()
        except (CancelledError, WorkerError):
            continue


def test_a_call_that_waits_for_its_worker_to_start_is_cancelled_by_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 30\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    traces = tmp_path / "traces"
    traces.mkdir()
    with Workers(2) as workers:
        calls = [workers.submit(leave_trace, traces) for _ in range(3)]
        time.sleep(0.3)
    assert list(traces.iterdir()) == []
    for call in calls:
        with pytest.raises(CancelledError):
            call.result()


def leave_trace(folder: Path) -> None:
    """Leave a file that is called like this process, a little later."""
    time.sleep(0.02)
    (folder / str(os.getpid())).touch()


def test_one_that_is_kept_makes_all_further_calls() -> None:
    with Workers(3) as workers:
        first = workers.submit(os.getpid).result()
        workers.keep_one()
        pids = {pid for _, pid in workers.ordered(os.getpid, ((n, ()) for n in range(20)))}
    assert pids == {first}


def test_calls_one_after_another_need_one_process() -> None:
    with Workers(3) as workers:
        assert len({workers.submit(os.getpid).result() for _ in range(6)}) == 1


def test_one_worker_is_another_process_that_can_be_ended_for_what_it_does() -> None:
    with Workers(1) as workers:
        pid = workers.submit(os.getpid).result()
        assert pid != os.getpid()
        assert list(workers.ordered(os.getpid, [("a", ())])) == [("a", pid)]
        with pytest.raises(SkippedFileError, match="a library crashed"):
            workers.submit(signal.raise_signal, signal.SIGSEGV).result()
        assert workers.submit(os.getpid).result() not in (pid, os.getpid())


@pytest.mark.parametrize("interpreter", ["/nowhere/python", "/bin/false"])
def test_where_no_process_can_be_started_everything_is_done_here(
    interpreter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", interpreter)
    with Workers(2) as workers:
        found = list(workers.ordered(os.getpid, ((n, ()) for n in range(5))))
    assert found == [(n, os.getpid()) for n in range(5)]
