"""The command `dateline`: what `indexer` and `retrieval` have, and more, told by its own name."""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

import indexer.cli.main
import retrieval.cli.main
from dateline.cli.main import _parser, main
from tests.support.commands import QUESTION, REPOSITORY, run_module


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (listed,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(listed.choices)


def _options(parser: argparse.ArgumentParser) -> list[tuple[object, ...]]:
    return [(*action.option_strings, action.dest, action.default) for action in parser._actions]


def test_every_command_is_there_with_the_same_options() -> None:
    ours = _commands(_parser())
    theirs = _commands(indexer.cli.main._parser()) | _commands(retrieval.cli.main._parser())
    for name, parser in theirs.items():
        assert _options(ours[name]) == _options(parser), name
    assert set(ours) - set(theirs) >= {"page", "completion", "evaluate"}
    for name, parser in ours.items():
        assert parser.prog == f"python -m dateline {name}"


def test_a_command_of_the_index_loads_no_engine() -> None:
    code = (
        "import sys\nfrom dateline.cli.main import _parser\n_parser('update')\n"
        "print('retrieval.engine' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_watch_is_update_that_watches() -> None:
    watching = vars(_parser("watch").parse_args(["watch", "--every", "5"]))
    assert watching == vars(_parser("update").parse_args(["update", "--watch", "--every", "5"]))


def test_an_exported_answer_holds_when_it_is_checked(seeds_index: Path, tmp_path: Path) -> None:
    pack, index = tmp_path / "evidence.json", ("--index", str(seeds_index))
    assert main(["export", QUESTION, str(pack), "--max-quotes", "1", *index]) == 0
    assert len(json.loads(pack.read_text(encoding="utf-8"))["quotes"]) == 1
    assert main(["check", str(pack), *index]) == 0


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("dateline", "python -m dateline build CORPUS --index none"),
        ("retrieval", "python -m indexer build CORPUS --index none"),
    ],
)
def test_a_message_names_the_command_that_its_reader_has(module: str, said: str) -> None:
    done = run_module(module, "ask", QUESTION, "--index", "none")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: No index found at none. Build it: {said}\n"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (["ask", "Who?", "--index", "none"], "IndexNotFound", "No index found at none. Build it"),
        (["update", "--every", "5"], "Usage", "--every needs --watch"),
        (["search", "Who?", "--k", "0"], "Usage", "argument --k: must be a whole number, at least"),
        (["info", "--no-such"], "Usage", "unrecognized arguments: --no-such"),
    ],
)
def test_with_json_an_error_is_json_on_stdout_and_a_line_on_stderr(
    arguments: list[str], kind: str, message: str
) -> None:
    done = run_module("dateline", *arguments, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == kind
    assert error["message"].startswith(message)
    assert f"error: {message}" in done.stderr


def test_the_completion_script_is_one_that_bash_reads_and_completes(tmp_path: Path) -> None:
    script = tmp_path / "dateline.bash"
    done = run_module("dateline", "completion", "bash")
    script.write_text(done.stdout, encoding="utf-8")
    complete = (
        f"source {script}; COMP_WORDS=(dateline ask --max); COMP_CWORD=2; COMP_LINE='dateline ask "
        "--max'; _shtab_dateline dateline --max ask; echo ${COMPREPLY[@]}"
    )
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    completed = subprocess.run(["bash", "-c", complete], capture_output=True, text=True, check=True)
    assert completed.stdout == "--max-quotes\n"


def test_a_command_of_another_package_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "no-such-file.jsonl"]) == 2
    assert "no-such-file.jsonl" in capsys.readouterr().err


def test_the_page_is_served_over_the_index_that_is_named(seeds_index: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--index", str(seeds_index), "--port", str(port), "--no-browser"]
    process = subprocess.Popen(
        [sys.executable, "-m", "dateline", "page", *options],
        cwd=REPOSITORY,
        env={**os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _served(port) == (200, 403)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _served(port: int) -> tuple[int, int]:
    """Return the status for this machine, and for another name of it."""
    deadline = time.monotonic() + 300
    while True:
        try:
            return _status(port, f"localhost:{port}"), _status(port, "evil.example")
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _status(port: int, host: str) -> int:
    with closing(HTTPConnection("localhost", port, timeout=30)) as connection:
        connection.request("GET", "/", headers={"Host": host})
        answered = connection.getresponse()
        answered.read()
        return answered.status
