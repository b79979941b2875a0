"""Time and memory limits of a process, watched from outside."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_WATCHED_EVERY: Final = 0.1
_TOLD: Final = 300
_GIGABYTE: Final = 1_000_000_000


class GaveUp(Exception):  # noqa: N818 - a result that the tables show, not a failure of ours
    """Job that exceeded a limit or failed, with the reason in one line."""


def run_within(
    command: Sequence[str], environment: Mapping[str, str], seconds: float, memory: int
) -> None:
    """Run a command to its end.

    Args:
        command: program and arguments.
        environment: all of its variables.
        seconds: time limit.
        memory: limit of private bytes; mapped files do not count.

    Raises:
        GaveUp: if it exceeded a limit or failed.
    """
    begun = time.monotonic()
    with subprocess.Popen(
        command,
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            while True:
                try:
                    _, said = process.communicate(timeout=_WATCHED_EVERY)
                    break
                except subprocess.TimeoutExpired:
                    _check(process.pid, time.monotonic() - begun, seconds, memory)
        except BaseException:
            # The group: a peer may have processes of its own.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        lines = said.strip().splitlines() or [f"it ended with {process.returncode}"]
        raise GaveUp(f"failed: {lines[-1][:_TOLD]}")


def private_bytes(pid: int) -> int:
    """Return the private memory of a process; 0 if unknown."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)


def _check(pid: int, spent: float, seconds: float, memory: int) -> None:
    if spent > seconds:
        raise GaveUp(f"took longer than {seconds:,.0f} s")
    held = private_bytes(pid)
    if held > memory:
        raise GaveUp(f"held {held / _GIGABYTE:.1f} GB, more than {memory / _GIGABYTE:.0f} GB")
