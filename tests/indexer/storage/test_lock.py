"""One writer at a time; the next is told who holds the lock, and a dead one holds nothing."""

import errno
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.errors import IndexLockedError, IndexWriteError
from indexer.progress import NoProgress
from indexer.storage.lock import (
    HOLDER_FILE,
    LOCK_FILE,
    RecordedProgress,
    Writing,
    writer_lock,
    writing,
)

_HOLD = """
import sys, time
from pathlib import Path
from indexer.storage.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder_of(index: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(index)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_process_is_told_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    process = holder_of(tmp_path)
    try:
        who = rf"being written by process {process.pid} on {re.escape(socket.gethostname())} since"
        with pytest.raises(IndexLockedError, match=who), writer_lock(tmp_path):
            pass
    finally:
        end(process)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    end(holder_of(tmp_path))
    assert (tmp_path / HOLDER_FILE).exists()
    with writer_lock(tmp_path):
        holder = json.loads((tmp_path / HOLDER_FILE).read_text())
        assert holder["pid"] == os.getpid()
    assert not (tmp_path / HOLDER_FILE).exists()


@pytest.mark.parametrize("note", [None, "", "{", "[]", "{}", '{"pid": 1}'])
def test_an_unreadable_note_of_the_holder_does_not_hide_the_lock(
    tmp_path: Path, note: str | None
) -> None:
    with writer_lock(tmp_path):
        (tmp_path / HOLDER_FILE).unlink()
        if note is not None:
            (tmp_path / HOLDER_FILE).write_text(note)
        with (
            pytest.raises(IndexLockedError, match="being written by another process"),
            writer_lock(tmp_path),
        ):
            pass


def test_the_lock_is_released_when_the_writer_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="writer failed"), writer_lock(tmp_path):
        raise RuntimeError("writer failed")
    assert not (tmp_path / HOLDER_FILE).exists()
    with writer_lock(tmp_path):
        pass


def test_a_note_that_cannot_be_written_is_a_write_error_and_frees_the_lock(tmp_path: Path) -> None:
    (tmp_path / HOLDER_FILE).mkdir()
    with pytest.raises(IndexWriteError, match=r"writer\.json could not"), writer_lock(tmp_path):
        pass
    (tmp_path / HOLDER_FILE).rmdir()
    with writer_lock(tmp_path):
        pass


def test_a_lock_that_cannot_be_made_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with (
        pytest.raises(IndexWriteError, match=r"writer\.lock could not be written"),
        writer_lock(tmp_path / "index"),
    ):
        pass


def test_a_disk_without_locks_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", no_locks)  # the system's call, as such a disk answers it
    with (
        pytest.raises(IndexWriteError, match=f"{LOCK_FILE} could not be written .*not implemented"),
        writer_lock(tmp_path),
    ):
        pass


def test_the_progress_of_a_writer_is_read_by_others_until_it_ends(tmp_path: Path) -> None:
    assert writing(tmp_path) is None
    with writer_lock(tmp_path):
        assert writing(tmp_path) == Writing(os.getpid())
        recorded = RecordedProgress(NoProgress(), tmp_path)
        recorded.stage("encode", 46)
        assert writing(tmp_path) == Writing(os.getpid(), "encode", 0, 46)
        time.sleep(0.6)
        recorded.advance(26)
        assert writing(tmp_path) == Writing(os.getpid(), "encode", 26, 46)
        recorded.stage("store", None)
        assert writing(tmp_path) == Writing(os.getpid(), "store", 0, None)
    assert writing(tmp_path) is None


def test_the_record_of_a_killed_writer_or_another_machine_is_no_writer(tmp_path: Path) -> None:
    process = holder_of(tmp_path)
    assert writing(tmp_path) == Writing(process.pid)
    end(process)
    assert (tmp_path / HOLDER_FILE).exists()
    assert writing(tmp_path) is None
    for note in ("", "{", "[]", '{"host": 1}', json.dumps({"host": "elsewhere", "pid": 1})):
        (tmp_path / HOLDER_FILE).write_text(note)
        assert writing(tmp_path) is None
