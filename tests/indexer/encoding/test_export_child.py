import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.encoding.cache import export_folder, verify_export
from indexer.encoding.encoder import open_encoder
from indexer.encoding.model_files import locate, model_sha256
from indexer.errors import EncoderError


def test_a_model_that_cannot_be_had_is_an_error_with_its_reason(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(
        EncoderError, match=r"Could not export model .*: Cannot load model .* Check the name"
    ):
        open_encoder("nobody/no-such-model")


def test_two_processes_that_export_at_once_leave_one_whole_export(
    own_cache: Path, tiny_model: Path
) -> None:
    processes = [_start_export(tiny_model) for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in processes]
    folder = export_folder(model_sha256(locate(str(tiny_model))))
    assert [process.returncode for process in processes] == [0, 0]
    assert outputs == [(f"{folder}\n", "")] * 2
    verify_export(folder)
    assert list(folder.parent.iterdir()) == [folder]


def test_a_killed_export_leaves_nothing_that_is_opened(own_cache: Path, tiny_model: Path) -> None:
    process = _start_export(tiny_model)
    folder = export_folder(model_sha256(locate(str(tiny_model))))
    deadline = time.monotonic() + 120
    while not list(folder.parent.glob(".unfinished-*/*")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert list(folder.parent.glob(".unfinished-*"))
    assert not folder.exists()


def _start_export(model: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "indexer.encoding.export", str(model)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
