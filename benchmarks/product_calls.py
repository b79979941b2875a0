"""Product under comparison: a checkout whose command lines run in a folder of corpora.

Run as a script, this file answers the calls that stdin lists; it imports nothing of the project.
"""

import contextlib
import io
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SEGMENT: Final = re.compile(r"\b[0-9a-f]{32}\b")

_FIXED = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "HF_HUB_OFFLINE": "1",
}
_MASKS = (
    (SEGMENT, "SEGMENT"),
    (re.compile(r'"sha256": "[0-9a-f]{64}"'), '"sha256": "in files-*.txt"'),
    (re.compile(r"\bin \d+(\.\d+)? s\b"), "in N s"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"), "TIME"),
    (re.compile(r"[\d.,]+ [kMGT]?B free"), "N free"),
    (re.compile(re.escape(sys.prefix)), "VENV"),
    (re.compile(re.escape(str(Path.home()))), "HOME"),
)


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome of one call of a command line."""

    call: list[str]
    code: int | str
    out: str
    err: str

    def __str__(self) -> str:
        shown = f"$ {' '.join(self.call)}\nexit {self.code}\n{self.out}{self.err}"
        for pattern, mask in _MASKS:
            shown = pattern.sub(mask, shown)
        return shown.rstrip() + "\n\n"


@dataclass(frozen=True, slots=True)
class Product:
    """A checkout whose command lines run in a folder that holds the corpora."""

    root: Path
    work: Path

    def start(self, *call: str) -> Result:
        """Run one call in a process of its own, `python -m` as a user does."""
        done = self._python(["-m", *call])
        if done.returncode:
            raise RuntimeError(f"{' '.join(call)} failed:\n{done.stderr}")
        return Result(list(call), done.returncode, done.stdout, done.stderr)

    def run(self, calls: Sequence[list[str]]) -> list[Result]:
        """Run calls in two processes, which saves the imports of each call."""
        with ThreadPoolExecutor(2) as pool:
            halves = list(pool.map(self._run, (calls[::2], calls[1::2])))
        return [halves[number % 2][number // 2] for number in range(len(calls))]

    def _run(self, calls: Sequence[list[str]]) -> list[Result]:
        done = self._python([__file__], json.dumps(calls))
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [Result(**result) for result in json.loads(done.stdout)]

    def _python(self, arguments: list[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
        path = os.pathsep.join([str(self.root), str(ROOT)])
        environment = {**os.environ, **_FIXED, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=self.work,
            env=environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
        )


def answer_calls() -> None:
    """Run the calls that stdin lists as JSON and print their results as JSON."""
    results = [_called(call) for call in json.load(sys.stdin)]
    print(json.dumps(results))


def _called(call: list[str]) -> dict[str, Any]:
    """Run a call as `python -m` does, wherever the modules are."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: object = None
    sys.argv = list(call)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_module(call[0], run_name="__main__", alter_sys=True)
        except SystemExit as exit_:
            code = exit_.code
        except Exception as error:  # noqa: BLE001 - part of what is compared
            code = f"{type(error).__name__}: {error}"
    shown = {}
    for name, stream in (("out", out), ("err", err)):
        stream.seek(0)
        shown[name] = stream.read()
    return {"call": call, "code": code, **shown}


if __name__ == "__main__":
    answer_calls()
