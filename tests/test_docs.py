"""The documents are true: commands parse, examples run, named files exist, pages stay short."""

import json
import re
import shlex
from pathlib import Path

import pytest

import dateline.mcp_server.command
import dateline.serve.command
from dateline.cli.main import _parser as dateline_parser
from indexer.cli.main import _parser as indexer_parser
from retrieval.cli.main import _parser as retrieval_parser
from tests.support.commands import REPOSITORY, run_python

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PAGES = {
    name: (REPOSITORY / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SKILL.md",
        "docs/block_model.md",
        "docs/drafts.md",
        "docs/integrations.md",
        "docs/json.md",
        "docs/quality.md",
        "docs/security.md",
        "docs/speed.md",
    )
}
MOST_LINES = {"README.md": 160, "ARCHITECTURE.md": 235}
_COMMAND = re.compile(
    r"(?:python -m |(?<![\w/.-])(?<!from )(?=dateline))"
    r"(indexer|retrieval|dateline) ([a-z-][^\n`#&]*)"
)
_PARSERS = {
    "indexer": indexer_parser,
    "retrieval": retrieval_parser,
    "dateline": dateline_parser,
}
_SERVERS = {"serve": dateline.serve.command, "mcp": dateline.mcp_server.command}
_FILE = re.compile(r"`([\w./]+/[\w.]+\.(?:py|md|toml|jsonl|css|js)|[\w]+\.py)`")


def _commands() -> list[tuple[str, str]]:
    """Return (module, arguments) of every whole command; `ask "…"` and the like only name one."""
    found = {
        (match[1], match[2].strip())
        for page in PAGES.values()
        for match in _COMMAND.finditer(page)
        if not re.search("[…·|}]", match[2])
    }
    return sorted((module, words) for module, words in found if " " in words or words == "-h")


@pytest.mark.parametrize(("module", "arguments"), _commands())
def test_every_command_in_the_documents_parses(module: str, arguments: str) -> None:
    words = shlex.split(arguments)
    parser = _PARSERS[module]()
    if words[0] in _SERVERS:
        parser = _SERVERS[words.pop(0)]._parser()
    if words != ["-h"]:
        assert callable(parser.parse_args(_filled(words)).run)


def _filled(words: list[str]) -> list[str]:
    return ["61" if word == "OFFSET" else word for word in words]


def test_the_python_example_runs_and_prints_cited_quotes(seeds_index: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    code = example.replace('"index"', repr(str(seeds_index)))
    done = run_python("-c", code)
    assert done.returncode == 0, done.stderr
    assert "004_4110ac0129b996c5.txt 0 67" in done.stdout


def test_the_langchain_example_runs_and_finds_passages(seeds_index: Path) -> None:
    example, *_ = re.findall(r"```python\n(.*?)```", PAGES["docs/integrations.md"], re.DOTALL)
    done = run_python("-c", example.replace('"my-index"', repr(str(seeds_index))))
    assert done.returncode == 0, done.stderr
    assert "000_ea7539c17dd2a708.txt 0" in done.stdout


def test_the_json_example_has_the_fields_of_a_quote(seeds_index: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGES["docs/json.md"], re.DOTALL)
    done = run_python(
        "-m", "retrieval", "ask", "what did the US ask Iran?", "--json", "--index", seeds_index
    )
    shown, printed = json.loads(example), json.loads(done.stdout)["quotes"][0]
    # Another processor rounds otherwise, so the score is the one number that may differ a little.
    assert shown.pop("score") == pytest.approx(printed.pop("score"), abs=0.02)
    assert shown == printed


@pytest.mark.parametrize(
    "path", sorted({path for page in PAGES.values() for path in _FILE.findall(page) if "/" in path})
)
def test_every_file_that_the_documents_name_exists(path: str) -> None:
    assert (REPOSITORY / path).exists()


@pytest.mark.parametrize(("page", "most"), MOST_LINES.items())
def test_the_first_pages_stay_short(page: str, most: int) -> None:
    assert len(PAGES[page].splitlines()) <= most


def test_every_target_in_the_documents_is_in_the_makefile() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    named = re.compile(r"`make ([a-z]+)[` ]")
    targets = {target for page in PAGES.values() for target in named.findall(page)}
    assert targets >= {"run", "test", "bench", "evaluate", "floors", "reader", "torture"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
