"""Promise 4: nothing is asked of a network, neither by a build, an export, nor a question."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import QUESTION, REPOSITORY, SEEDS, run_module, run_python

# Every Python process that starts with this folder on its path loads it: the command itself and
# the child that exports the encoder. What is refused is written down, in case it is caught.
_NO_NETWORK = """
import pathlib, socket, sys

LOG = pathlib.Path(__file__).with_name("refused.log")

def refuse(event, details):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        if details[0].family == socket.AF_UNIX:
            return
        # urllib3, which the libraries for pages bring, tries whether IPv6 has a loopback.
        if event == "socket.bind" and details[1] == ("::1", 0):
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        return
    with LOG.open("a") as log:
        log.write(f"{event} {details[1:]}\\n")
    raise PermissionError(f"no network in this test: {event}")

sys.addaudithook(refuse)
with pathlib.Path(__file__).with_name("processes.log").open("a") as log:
    log.write(" ".join(sys.orig_argv[1:]) + "\\n")
"""
_PAGE = """<html><head><title>Ferry fares rise</title>
<link rel="stylesheet" href="https://example.org/style.css">
<meta property="og:url" content="https://example.org/2023/05/04/ferry-fares">
</head><body><article><h1>Ferry fares rise</h1><img src="https://example.org/ferry.jpg">
<p>Fares on the harbour ferry rise by 4.7 per cent in May, the company said on Thursday.</p>
<p>A single crossing will cost 3.20 crowns, and children under six will travel for nothing.</p>
</article></body></html>"""
_TRY_THE_NETWORK = "import socket; socket.socket().connect(('127.0.0.1', 9))"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder that takes the network from each process that has it on its path."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    return tmp_path / "site"


@pytest.fixture
def offline(site: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of such a process, with an empty cache of its own."""
    path = filter(None, [str(site), os.environ.get("PYTHONPATH")])
    return {
        "PYTHONPATH": os.pathsep.join(path),
        "DATELINE_CACHE": str(tmp_path / "cache"),
        "HF_HOME": str(tmp_path / "hub"),
    }


def test_the_hook_of_this_test_does_refuse_connections(site: Path, offline: dict[str, str]) -> None:
    tried = run_python("-c", _TRY_THE_NETWORK, environment=offline)
    assert tried.returncode == 1
    assert "no network in this test: socket.connect" in tried.stderr
    assert (site / "refused.log").read_text(encoding="utf-8").startswith("socket.connect ")


def test_a_build_an_export_and_a_question_ask_nothing_of_a_network(
    site: Path, offline: dict[str, str], tmp_path: Path
) -> None:
    index, pages = tmp_path / "index", tmp_path / "pages"
    pages.mkdir()
    (pages / "page.html").write_text(_PAGE, encoding="utf-8")  # read by libraries of its own
    corpus = (SEEDS, pages)
    built = run_module(
        "indexer", "build", *corpus, "--index", index, "--threads", "2", environment=offline
    )
    # The cache is empty: the build has the encoder exported by a child process at its end.
    assert built.returncode == 0, built.stderr
    assert built.stderr.startswith("Preparing the language model")

    asked = run_module(
        "retrieval", "ask", QUESTION, "--index", index, "--json", environment=offline
    )
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert (answer["state"], answer["warnings"]) == ("answered", [])
    assert list((tmp_path / "cache").rglob("encoder.onnx"))
    processes = (site / "processes.log").read_text(encoding="utf-8").splitlines()
    modules = ["indexer build", "build.worker", "indexer.encoding.export", "retrieval ask"]
    assert [name in line for name, line in zip(modules, processes, strict=True)] == [True] * 4
    assert not (site / "refused.log").exists()
    assert not (tmp_path / "hub").exists()


def test_a_build_and_a_question_leave_nothing_in_the_home_folder_but_our_cache(
    tmp_path: Path,
) -> None:
    home, index = tmp_path / "home", tmp_path / "index"
    home.mkdir()
    # As a user starts it: with no variable that moves a cache, or that a tool may have set.
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    for command in (
        ["indexer", "build", SEEDS, "--index", index],
        ["retrieval", "ask", QUESTION, "--index", index],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *map(str, command)],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            env=environment,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    left = {path.relative_to(home).parts[:2] for path in home.rglob("*") if path.is_file()}
    assert left == {(".cache", "dateline")}
