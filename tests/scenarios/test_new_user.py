"""The README followed to the letter: the commands of its code blocks, in a fresh clone."""

import json
import lzma
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import QUESTION, REPOSITORY
from tests.support.document_files import docx, word
from tests.support.page_server import free_port, is_up

SECONDS = 300
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
# The clone shares what is installed here; `make test` is what runs this test; and what `make run`
# does with other articles is in test_build_failures.py: each page and build costs seconds.
LEFT_OUT = ("pipx", "python3 -m venv", ".venv/bin/python -m pip", "make test", "make run ")
# The command is that of the clone, and is installed only by the test of the wheel.
INSTALLED = 'dateline() { exec .venv/bin/python -m dateline "$@"; }\n'

AMBASSADOR = """Port of Selleburg to reopen

Mayor Ida Brandt met the ambassador of Norway on Tuesday to talk about the port of Selleburg.
"""
ROW = {"title": "Ferry sails again", "text": "The ferry to Holm sails again from Monday on."}


def commands() -> list[str]:
    """Return the commands of the README in order; a block with prompts shows their output too."""
    found: list[str] = []
    for block in re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE):
        lines = block.splitlines()
        prompted = [line[2:] for line in lines if line.startswith("$ ")]
        found += prompted or lines
    bare = [re.sub(r"\s+# .*", "", line) for line in found]
    return [line for line in bare if not line.startswith(LEFT_OUT)]


class NewUser:
    """A user with a clone and a terminal."""

    def __init__(self, clone: Path) -> None:
        self._clone = clone
        self._port = free_port()

    def follow(self, command: str) -> str:
        """Run a command; one that goes on until Ctrl-C is ended as soon as it does its work."""
        page = f"http://localhost:{self._port}"
        if command.startswith("dateline page"):
            return self._stopped(
                f"{command} --port {self._port} --no-browser", lambda _: is_up(page)
            )
        if command.startswith("dateline watch"):
            return self._stopped(command, lambda told: "Watching" in told)
        done = self._start(command)
        told, _ = done.communicate(timeout=SECONDS)
        assert done.returncode == 0, f"{command}\n{told}"
        return told

    def _stopped(self, command: str, works: Callable[[str], bool]) -> str:
        log = self._clone.parent / "output"
        with log.open("w") as stream:
            running = self._start(command, stream.fileno())
        try:
            end = time.monotonic() + SECONDS
            while not works(log.read_text()):
                assert running.poll() is None, f"{command}\n{log.read_text()}"
                assert time.monotonic() < end, f"{command}\n{log.read_text()}"
                time.sleep(0.1)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGINT)
                running.wait(30)
        return log.read_text()

    def _start(self, command: str, output: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["bash", "-c", f"{INSTALLED}{command}"],
            cwd=self._clone,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone that shares this environment."""
    environment = Path(sys.prefix)
    if not (REPOSITORY / ".git").exists() or not (environment / "bin" / "activate").exists():
        pytest.skip("needs a git checkout and a virtual environment")
    place = tmp_path / "dateline"
    subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(place)], check=True)
    (place / ".venv").symlink_to(environment)
    return place


def test_the_commands_of_the_readme_lead_from_a_clone_to_a_checked_draft(clone: Path) -> None:
    (clone / "my-articles").mkdir()
    (clone / "my-articles" / "port.txt").write_text(AMBASSADOR, encoding="utf-8")
    (clone / "export.jsonl.xz").write_bytes(lzma.compress(json.dumps(ROW).encode()))
    (clone / "questions.csv").write_text(f"question\n{QUESTION}\n", "utf-8")
    user = NewUser(clone)
    told: dict[str, str] = {}
    for command in commands():
        if "draft.docx" in command:  # its author has the evidence at hand
            pack = json.loads((clone / "evidence.json").read_text("utf-8"))
            quoted = word(f"It was reported: “{pack['quotes'][0]['quote']}”")
            (clone / "draft.docx").write_bytes(docx(quoted))
        told[command] = user.follow(command)
    assert list(told) == [
        "dateline build my-articles export.jsonl.xz --index my-index",
        'dateline ask "who met the ambassador?" --index my-index',
        "dateline page --index my-index",
        "dateline watch --index my-index",
        "dateline build seeds",
        f'dateline ask "{QUESTION}"',
        f'dateline export "{QUESTION}" evidence.json',
        "dateline check evidence.json --corpus seeds",
        "dateline ask --file questions.csv --export answers.csv",
        "dateline check draft.docx --html report.html",
    ]
    built, met, _, watched, _, asked, exported, checked, all_asked, draft = told.values()
    assert "Built my-index: 2 articles" in built
    assert "Mayor Ida Brandt met the ambassador of Norway on Tuesday" in met
    assert "Stopped watching." in watched
    (shown,) = re.findall(r"^\$ dateline ask .*\n(1\. .*) …\n(.*)\n(.*)$", README, re.MULTILINE)
    for line in shown:
        assert line in asked.replace("python -m dateline", "dateline")
    assert "Wrote evidence.json" in exported
    assert re.search(r"^(\d+) of \1 quotes hold\.$", checked, re.MULTILINE)
    assert "Wrote answers.csv: 1 questions" in all_asked
    assert "draft.docx: 1 quotation in 5 articles: 1 exact." in draft
    assert "in 5 articles: 1 exact." in (clone / "report.html").read_text("utf-8")
