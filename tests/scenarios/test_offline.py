"""Promise 4: nothing is asked of a network, neither by a build, an export, nor a question."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.corpus.roots import CorpusRoots
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.storage.manifest import read_manifest, write_manifest
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
    assert (built.returncode, built.stderr) == (0, "")
    exported = run_module("indexer.encoding.export", DEFAULT_ENCODER, environment=offline)
    assert exported.returncode == 0, exported.stderr

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


@dataclass(frozen=True)
class Journey:
    """Files that the commands and the page left, and their calls for a network."""

    home: Path
    calls: list[str]
    why_untraced: str


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    folder = tmp_path_factory.mktemp("journey")
    home = folder / "home"
    home.mkdir()
    program = [sys.executable, str(REPOSITORY / "tests/support/offline_journey.py"), str(folder)]
    why_untraced = why_nothing_can_be_traced()
    if why_untraced:
        trace_of(program, home, folder / "trace", traced=False)
        return Journey(home, [], why_untraced)
    return Journey(home, trace_of([*program, "--empty-network"], home, folder / "trace"), "")


def why_nothing_can_be_traced() -> str:
    for tool in ("strace", "unshare"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    tried = subprocess.run([*_TRACED, "/dev/null", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "no empty network or no tracing without root"


_TRACED = (
    "unshare --net strace -f --seccomp-bpf -qq -s 200 -e trace=connect,sendto,sendmsg,sendmmsg -o"
).split()


def trace_of(program: list[str], home: Path, trace: Path, *, traced: bool = True) -> list[str]:
    """Run a program in an empty network, and return its calls for addresses of other machines."""
    done = subprocess.run(
        [*_TRACED, str(trace), *program] if traced else program,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        # As a user starts it: with no variable that moves a cache, or that a tool may have set.
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calls = trace.read_text(encoding="utf-8", errors="replace").splitlines() if traced else []
    return [call for call in calls if _ADDRESS.search(call) and not _OWN_ADDRESS.search(call)]


_ADDRESS = re.compile(r"sa_family=AF_INET|inet_addr|inet_pton")
_OWN_ADDRESS = re.compile(r'inet_addr\("127\.0\.0\.1"\)|inet_pton\(AF_INET6, "::1"')


def test_the_trace_shows_a_call_for_a_network(tmp_path: Path) -> None:
    if why := why_nothing_can_be_traced():
        pytest.skip(why)
    tried = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect_ex(('192.0.2.1', 443))"
    (call,) = trace_of([sys.executable, "-c", tried], tmp_path, tmp_path / "trace")
    assert "192.0.2.1" in call


def test_no_library_calls_home_in_a_build_a_question_an_update_the_page_and_the_servers(
    journey: Journey,
) -> None:
    if journey.why_untraced:
        pytest.skip(journey.why_untraced)
    assert journey.calls == []


def test_nothing_is_left_in_the_home_folder(journey: Journey) -> None:
    left = {
        path.relative_to(journey.home).parts[:2]
        for path in journey.home.rglob("*")
        if path.is_file()
    }
    assert left == set()


def test_no_hub_is_asked_for_a_model_that_only_an_index_names(
    site: Path, offline: dict[str, str], seeds_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    manifest = read_manifest(index)
    encoder = replace(manifest.encoder, name="someone/some-model", sha256="0" * 64)
    articles = tmp_path / "articles"
    shutil.copytree(SEEDS, articles)
    (articles / "new.txt").write_text("Ferry sinks\n\nThe harbour ferry sank on Monday.\n")
    write_manifest(index, replace(manifest, encoder=encoder, roots=CorpusRoots.of(articles)))

    asked = run_module(
        "retrieval", "ask", QUESTION, "--index", index, "--json", environment=offline
    )
    assert asked.returncode == 0, asked.stderr
    (warning,) = json.loads(asked.stdout)["warnings"]
    refusal = (
        "Model someone/some-model is not on this machine, and no hub is asked for a model that "
        "only an index names. If you trust it, build the index again with --encoder "
        "someone/some-model."
    )
    assert warning == f"Searched by keywords only, without the language model: {refusal}"
    updated = run_module("indexer", "update", "--index", index, environment=offline)
    assert (updated.returncode, updated.stderr.splitlines()[-1]) == (2, f"error: {refusal}")
    assert not (site / "refused.log").exists()
