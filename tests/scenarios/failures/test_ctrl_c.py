"""Ctrl-C at any moment of a command, its imports included, is one line and exit code 130."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.commands import QUESTION, REPOSITORY, SEEDS

# Python itself answers Ctrl-C until our first line runs: the command tells when that is.
_TELL_OF_THE_FIRST_IMPORT = """
import os, sys
def tell(event, details):
    if event == "import" and details[0] == "{module}.cli" and "FIRST_IMPORT" in os.environ:
        os.write(int(os.environ.pop("FIRST_IMPORT")), b"!")
sys.addaudithook(tell)
"""
_DELAYS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)


@contextmanager
def started(
    arguments: list[str | Path], site: Path, *, in_group: bool = False
) -> Iterator["subprocess.Popen[str]"]:
    """Start a command, and wait for its first import."""
    site.mkdir(exist_ok=True)
    hook = _TELL_OF_THE_FIRST_IMPORT.format(module=arguments[0])
    (site / "sitecustomize.py").write_text(hook, encoding="utf-8")
    told, tell = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[tell],
        process_group=0 if in_group else None,
        env={**os.environ, "PYTHONPATH": str(site), "FIRST_IMPORT": str(tell)},
        # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    os.close(tell)
    try:
        assert select.select([told], [], [], 120)[0]
        yield process
    finally:
        os.close(told)
        process.kill()
        process.communicate()


@pytest.mark.parametrize("delay", _DELAYS)
@pytest.mark.parametrize("command", ["build", "info", "ask"])
def test_ctrl_c_while_a_command_starts_is_one_line(
    command: str, delay: float, seeds_index: Path, tmp_path: Path
) -> None:
    commands: dict[str, list[str | Path]] = {
        "build": ["indexer", "build", SEEDS, "--index", tmp_path / "index", "--quiet"],
        "info": ["indexer", "info", "--index", seeds_index],
        "ask": ["retrieval", "ask", QUESTION, "--index", seeds_index, "--quiet"],
    }
    with started(commands[command], tmp_path / "site") as process:
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=120)
    was_ending = process.returncode == -signal.SIGINT and printed  # Python answers again by then
    if process.returncode == 0 or was_ending:  # it was faster
        assert delay > 0.05
        assert errors == ""
        return
    line = "Interrupted." if command == "ask" else "Interrupted. The existing index is unchanged."
    assert (process.returncode, errors) == (130, f"{line}\n")
    assert printed == "" or command != "build"


def test_ctrl_c_in_a_terminal_reaches_the_workers_of_a_build_too(tmp_path: Path) -> None:
    arguments: list[str | Path] = ["indexer", "build", SEEDS, "--index", tmp_path / "index"]
    with started([*arguments, "--quiet"], tmp_path / "site", in_group=True) as process:
        deadline = time.monotonic() + 120
        while not _children(process.pid):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (
        130,
        "Interrupted. The existing index is unchanged.\n",
    )


def _children(pid: int) -> list[str]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        main = found.read_text(encoding="ascii").split()
        return main or [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []
