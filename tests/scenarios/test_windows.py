"""What only POSIX has is not needed; nothing here has been run on Windows itself."""

import io
import json
import os
import signal
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.encoding import cache
from indexer.interrupts import blocked
from indexer.storage import lock, manifest
from indexer.text import printable


@pytest.fixture
def windows() -> SimpleNamespace:
    """A module `os` that says so, and refuses what Windows has not or does otherwise."""

    def refuse(*_: object) -> None:
        raise PermissionError("Windows does this otherwise")

    return SimpleNamespace(name="nt", open=refuse, kill=refuse)


def test_the_temporary_folder_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "getuid")
    assert cache._private_folder(tmp_path, tmp_path / "cache") == tmp_path / "dateline"


def test_ctrl_c_need_not_be_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask")
    with blocked():
        assert signal.getsignal(signal.SIGINT) is not None


def test_no_folder_is_opened_to_make_it_durable(
    windows: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "os", windows)
    monkeypatch.setattr(cache, "os", windows)
    manifest.sync_folder(tmp_path)
    cache._fsync(tmp_path)


def test_a_writer_is_shown_and_not_ended(
    windows: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "os", windows)
    holder = {"host": socket.gethostname(), "pid": 4711, "stage": "encode", "done": 3, "total": 9}
    (tmp_path / lock.HOLDER_FILE).write_text(json.dumps(holder), encoding="utf-8")
    assert lock.writing(tmp_path) == lock.Writing(4711, "encode", 3, 9)


def test_the_output_is_utf_8(windows: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printable, "os", windows)
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="cp1252")
    printable.print_any_character(stream)
    stream.write("Женева → 外交")
    stream.flush()
    assert written.getvalue() == "Женева → 外交".encode()
