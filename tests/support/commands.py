"""The command lines as users start them: real processes, and a way to run without privileges."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / "seeds"
QUESTION = "what did the US ask Iran?"

_NOBODY = 65534


def run_python(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run this Python with the repository's modules, from any folder."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **(environment or {})},
        timeout=300,
        check=False,
    )


def run_module(
    module: str, *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return run_python("-m", module, *arguments, environment=environment)


def is_refusal(code: int, errors: str) -> bool:
    """Return whether a command ended with exit code 2 and one line that says why."""
    return code == 2 and errors.startswith("error: ") and errors.count("\n") == 1


@contextmanager
def without_privileges() -> Iterator[None]:
    """Let permissions count: root reads and writes everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
