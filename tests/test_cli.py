"""Both command lines: exit codes, help, usage errors, JSON, pipes and terminals."""

import argparse
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import indexer.cli.main
import retrieval.cli.main
from indexer import __version__
from indexer.documents import doc_id_of
from retrieval import SearchEngine
from tests.support.commands import QUESTION, REPOSITORY, SEEDS, run_module

# The engine's fixture has the encoder exported: a first question would have to do that.
pytestmark = pytest.mark.usefixtures("engine")

ARTICLE = "000_ea7539c17dd2a708.txt"
NOTHING = "which football club won the Bundesliga in 1974?"

PARSERS = {
    "indexer": indexer.cli.main._parser(),
    "retrieval": retrieval.cli.main._parser(),
}


def _commands() -> list[tuple[str, str, argparse.ArgumentParser]]:
    found = []
    for module, parser in PARSERS.items():
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                found += [(module, name, command) for name, command in action.choices.items()]
    return found


def _ask(index: Path, *arguments: str) -> int:
    return retrieval.cli.main.main([*arguments, "--index", str(index)])


# Help, versions and usage


@pytest.mark.parametrize(("module", "name", "command"), _commands())
def test_every_option_of_every_command_has_help(
    module: str, name: str, command: argparse.ArgumentParser
) -> None:
    for action in command._actions:
        assert action.help, f"{module} {name} {action.dest}"
        assert len(action.help.split()) > 2 or action.dest in {"json", "help"}, action.help
    (listed,) = [a for a in PARSERS[module]._actions if isinstance(a, argparse._SubParsersAction)]
    assert {choice.dest for choice in listed._choices_actions} == set(listed.choices)
    assert all(choice.help for choice in listed._choices_actions)


@pytest.mark.parametrize(("module", "name", "command"), _commands())
def test_help_of_a_command_is_printed_and_exits_with_0(
    module: str, name: str, command: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    main = {"indexer": indexer.cli.main.main, "retrieval": retrieval.cli.main.main}[module]
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m {module} {name} [-h]")


@pytest.mark.parametrize("module", PARSERS)
def test_version_and_help_of_a_module(module: str) -> None:
    assert run_module(module, "--version").stdout == f"Dateline {__version__}\n"
    helped = run_module(module, "--help")
    assert helped.returncode == 0
    assert "examples:" in helped.stdout


@pytest.mark.parametrize(
    ("module", "arguments", "message"),
    [
        ("retrieval", [], "the following arguments are required: COMMAND"),
        ("retrieval", ["guess"], "invalid choice: 'guess'"),
        ("retrieval", ["search"], "the following arguments are required: question"),
        ("retrieval", ["ask", "x", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (
            "retrieval",
            ["ask", "x", "--after", "soon"],
            "is not a date; use YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        ("retrieval", ["ask", "x", "--before", "2023-02-30"], "'2023-02-30' is not a date ("),
        ("retrieval", ["ask", "x", "--max-quotes", "0"], "must be a whole number, at least 1"),
        ("retrieval", ["search", "x", "--mode", "magic"], "invalid choice: 'magic'"),
        ("retrieval", ["show", "x", "--at", "here"], "invalid int value: 'here'"),
        ("indexer", [], "the following arguments are required: COMMAND"),
        ("indexer", ["build", "--threads", "none"], "must be a whole number, at least 1"),
        ("indexer", ["build", "--bm25", "lucene"], "invalid choice: 'lucene'"),
        ("indexer", ["clean"], "the following arguments are required: file"),
    ],
)
def test_a_usage_error_is_told_on_stderr_and_exits_with_2(
    module: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main = {"indexer": indexer.cli.main.main, "retrieval": retrieval.cli.main.main}[module]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


# Exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", QUESTION], 0),
        (["ask", "Iran"], 0),
        (["ask", "?!"], 1),
        (["search", QUESTION], 0),
        (["search", "Iran", "--after", "2030"], 1),
        (["search", "xyzzy", "--mode", "bm25"], 1),
        (["show", ARTICLE], 0),
        (["show", "no-such-article"], 2),
    ],
)
def test_exit_codes_of_questions(
    arguments: list[str], code: int, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, *arguments) == code
    printed = capsys.readouterr()
    assert (printed.err == "") is (code != 2)
    assert printed.err.count("\n") == (code == 2)
    assert (printed.out == "") is (code == 2)


def test_ask_exits_with_1_exactly_when_nothing_was_found(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for question in (NOTHING, "recipe for apple pie", "Iran", QUESTION):
        code = _ask(seeds_index, "ask", question, "--json")
        state = json.loads(capsys.readouterr().out)["state"]
        assert code == (1 if state == "not_found" else 0)


@pytest.mark.usefixtures("only_possible")
def test_a_possible_answer_exits_with_0_and_says_what_it_is(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, "ask", QUESTION, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["state"] == "possible"
    assert {quote["confirmed"] for quote in printed["quotes"]} == {False}
    assert _ask(seeds_index, "ask", QUESTION) == 0
    text = capsys.readouterr().out
    assert text.startswith("Possible answer, not confirmed. Check it in context:\n")
    places = [line for line in text.splitlines() if "; open: " in line]
    assert [" (possible); open: " in line for line in places] == [True] * len(printed["quotes"])
    assert "No confident answer" not in text
    assert "No answer" not in text


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("retrieval", ["ask", "x"]),
        ("retrieval", ["search", "x", "--json"]),
        ("retrieval", ["show", "x"]),
        ("indexer", ["verify"]),
        ("indexer", ["info", "--json"]),
    ],
)
def test_a_missing_index_is_one_line_and_exit_code_2(
    module: str, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = {"indexer": indexer.cli.main.main, "retrieval": retrieval.cli.main.main}[module]
    missing = tmp_path / "new\nline \x1b[31m"
    assert main([*arguments, "--index", str(missing)]) == 2
    printed = capsys.readouterr()
    if "--json" in arguments:
        assert json.loads(printed.out)["error"]["kind"] == "IndexNotFound"
    else:
        assert printed.out == ""
    shown = f"{tmp_path}/new\\nline \\x1b[31m"
    assert printed.err == (
        f"error: No index found at {shown}. Build it: python -m indexer build CORPUS "
        f"--index '{shown}'\n"
    )


def test_verify_and_info_of_a_whole_index(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert indexer.cli.main.main(["verify", "--index", str(seeds_index)]) == 0
    assert capsys.readouterr().out == f"Index {seeds_index} is OK\n"
    assert indexer.cli.main.main(["verify", "--quiet", "--index", str(seeds_index)]) == 0
    assert capsys.readouterr().out == ""
    assert indexer.cli.main.main(["info", "--index", str(seeds_index)]) == 0
    text = capsys.readouterr().out
    assert "articles of " in text
    assert ": up to date" in text
    assert " kB  catalog.sqlite" in text or " MB  catalog.sqlite" in text
    assert " 0.0 " not in text
    assert indexer.cli.main.main(["info", "--json", "--index", str(seeds_index)]) == 0
    info = json.loads(capsys.readouterr().out)
    assert (info["documents"], info["generation"], info["bm25"]) == (5, 1, "tantivy")
    assert info["stale"] == {"changed": 0, "added": 0, "deleted": 0}


def test_a_current_index_is_not_built_again(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert indexer.cli.main.main(["build", str(SEEDS), "--index", str(seeds_index)]) == 0
    assert "is up to date: no changes in" in capsys.readouterr().out
    assert indexer.cli.main.main(["build", str(SEEDS), "--index", str(seeds_index), "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_the_index_is_found_through_the_environment(
    seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_INDEX", str(seeds_index))
    for module in (indexer.cli.main, retrieval.cli.main):
        command = ["info"] if module is indexer.cli.main else ["ask", "x"]
        assert module._parser().parse_args(command).index == seeds_index
    monkeypatch.setenv("DATELINE_INDEX", "")
    assert retrieval.cli.main._parser().parse_args(["ask", "x"]).index == Path("index")


# JSON: exactly the fields of the contract, with their types; added ones are listed apart

_NUMBER = (int, float)
_COUNTS = {"reports", "copies"}
_ADDED = {"leads", "unknown_words"}
_ANSWER = {
    *("format", "question", "state", "warnings", "quotes", "hits", "index", "timings_ms"),
    *_COUNTS,
    *_ADDED,
}
_CITATION = {
    "doc_id": str,
    "path": str,
    "sha256": str,
    "encoding": str,
    "source_state": str,
    "quote": str,
    "start": int,
    "end": int,
    "highlight_start": int,
    "highlight_end": int,
    "title": (str, type(None)),
    "source": (str, type(None)),
    "published": (str, type(None)),
}
_HIT = {
    "rank": int,
    "score": _NUMBER,
    "passage_id": str,
    "doc_id": str,
    "start": int,
    "end": int,
    "text": str,
}
_QUOTE = {"quote", "highlight", "score", "confirmed", "citation", "context", "copies"}
_ADDED_TO_HIT = {"kind": str, "copies": list, "citation": dict}
_ADDED_TO_CITATION = {
    "published_found_in": (str, type(None)),
    "modified": (str, type(None)),
    "authors": list,
    "url": (str, type(None)),
    "corrected_by": list,
    "corrects": list,
    "notice": (str, type(None)),
}
_COPY = {
    "doc_id": str,
    "source": (str, type(None)),
    "published": (str, type(None)),
    "path": str,
}


def _check_fields(value: dict[str, Any], fields: dict[str, Any]) -> None:
    assert value.keys() == fields.keys()
    for name, kind in fields.items():
        assert isinstance(value[name], kind), name


def _check_found(printed: dict[str, Any], index: Path) -> None:
    assert printed["format"] == 1
    assert printed["warnings"] == []
    for rank, hit in enumerate(printed["hits"], 1):
        _check_fields(hit, {**_HIT, **_ADDED_TO_HIT})
        _check_fields(hit["citation"], {**_CITATION, **_ADDED_TO_CITATION})
        assert hit["citation"]["quote"] == hit["text"]
        assert hit["rank"] == rank
        assert hit["passage_id"] == f"{hit['doc_id']}:{hit['start']}"
        assert hit["score"] == round(hit["score"], 4)
    _check_fields(
        printed["index"],
        {"path": str, "generation": int, "documents": int, "passages": int, "stale": dict},
    )
    assert (printed["index"]["path"], printed["index"]["documents"]) == (str(index), 5)
    assert printed["index"]["stale"] == {"changed": 0, "added": 0, "deleted": 0}
    _check_fields(
        printed["timings_ms"], dict.fromkeys(("encode", "retrieve", "read", "total"), _NUMBER)
    )


def test_the_json_of_an_answer_is_the_contract(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, "ask", QUESTION, "--json", "--k", "7") == 0
    text = capsys.readouterr().out
    assert text.isascii()  # a terminal must not obey what an article holds
    printed = json.loads(text)
    assert printed.keys() == _ANSWER
    assert (printed["question"], printed["state"]) == (QUESTION, "answered")
    assert len(printed["hits"]) == 7
    _check_found(printed, seeds_index)
    assert 1 <= len(printed["quotes"]) <= 5
    for quote in printed["quotes"]:
        assert quote.keys() == _QUOTE
        assert isinstance(quote["confirmed"], bool)
        citation = quote["citation"]
        _check_fields(citation, {**_CITATION, **_ADDED_TO_CITATION})
        text = (SEEDS / citation["path"]).read_bytes().decode("utf-8-sig")
        assert text[citation["start"] : citation["end"]] == quote["quote"] == citation["quote"]
        highlight = text[citation["highlight_start"] : citation["highlight_end"]]
        assert highlight == quote["highlight"]
        assert citation["doc_id"] == doc_id_of(citation["path"])
        assert 0 <= quote["score"] <= 1
        _check_fields(quote["context"], {"before": str, "after": str})
        for copy in quote["copies"]:
            _check_fields(copy, _COPY)


def test_the_json_of_a_search_has_neither_state_nor_quotes(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, "search", QUESTION, "--json", "--k", "3") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.keys() == _ANSWER - {"state", "quotes", "leads"} - _COUNTS
    assert len(printed["hits"]) == 3
    _check_found(printed, seeds_index)


def test_explain_adds_how_each_hit_was_found(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, "search", QUESTION, "--json", "--explain", "--k", "1") == 0
    (hit,) = json.loads(capsys.readouterr().out)["hits"]
    explained = hit.pop("explain")
    _check_fields(hit, {**_HIT, **_ADDED_TO_HIT})
    assert explained.keys() == {"bm25", "dense", "article", "formula"}
    assert explained["bm25"].keys() == explained["dense"].keys() == {"rank", "score"}
    assert explained["formula"].startswith("0.5 x ")


def test_the_json_of_an_unanswered_question_has_the_same_fields(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ask(seeds_index, "ask", "?!", "--json") == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed.keys() == _ANSWER
    assert (printed["state"], printed["quotes"]) == ("not_found", [])


def test_the_json_of_clean_covers_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert indexer.cli.main.main(["clean", str(SEEDS / ARTICLE), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    printed = json.loads(line)
    _check_fields(printed, {"article": str, "text": str, "regions": list, "metadata": dict})
    regions = printed["regions"]
    for region in regions:
        fields = {"start": int, "end": int, "kept": bool, "reason": str, "detail": str}
        _check_fields(region, fields)
        assert region["kept"] is (region["reason"] == "")
    assert {region["kept"] for region in regions} == {True, False}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.txt", "Cannot read {}: No such file or directory. Give a file of articles."),
        ("folder", "Cannot index {}: not a regular file. Give a file"),
        ("empty.txt", "Cannot index {}: empty file. Give a file"),
        ("binary.txt", "Cannot index {}: no letter and no digit in it. Give a file"),
        ("loop.txt", "Cannot read {}: "),
    ],
)
def test_clean_says_why_a_file_cannot_be_cleaned(
    name: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\0" * 100)
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert indexer.cli.main.main(["clean", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {message.format(tmp_path / name)}")


def test_clean_follows_a_link_that_the_user_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link.txt").symlink_to(SEEDS / ARTICLE)
    assert indexer.cli.main.main(["clean", str(tmp_path / "link.txt")]) == 0
    linked = capsys.readouterr().out
    assert indexer.cli.main.main(["clean", str(SEEDS / ARTICLE)]) == 0
    assert capsys.readouterr().out == linked


# Articles


def test_show_opens_an_article_by_path_id_or_beginning_and_marks_a_place(
    seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    for name in (ARTICLE, doc_id_of(ARTICLE), doc_id_of(ARTICLE)[:6]):
        assert _ask(seeds_index, "show", name) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2]
    assert ">>> " not in shown[0]
    assert _ask(seeds_index, "show", ARTICLE, "--at", "61") == 0
    assert ">>> The United States has called on Iran" in capsys.readouterr().out
    for path in (SEEDS / ARTICLE, os.path.relpath(SEEDS / ARTICLE)):
        assert _ask(seeds_index, "show", str(path)) == 0
        assert capsys.readouterr().out == shown[0]
    assert _ask(seeds_index, "show", "") == 2
    assert capsys.readouterr().err.startswith(f"error: 5 articles in {seeds_index} match ''. ")


def test_show_tells_that_a_file_has_changed_and_marks_nothing(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ARTICLE).write_text("Something else.", encoding="utf-8")
    assert _ask(seeds_index, "show", ARTICLE, "--at", "61", "--corpus", str(tmp_path)) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Note: This file has changed since it was indexed")
    assert ">>> " not in shown


# Pipes and terminals


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("retrieval", ["ask", QUESTION]),
        ("retrieval", ["search", QUESTION, "--json"]),
        ("retrieval", ["show", ARTICLE]),
        ("indexer", ["info", "--json"]),
        ("indexer", ["clean", str(SEEDS / ARTICLE)]),
    ],
)
def test_a_reader_that_closes_the_pipe_gets_no_traceback(
    module: str, arguments: list[str], seeds_index: Path
) -> None:
    index = [] if arguments[0] == "clean" else ["--index", str(seeds_index)]
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments, *index],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, "")


def test_a_pipe_gets_plain_text_and_no_progress(seeds_index: Path, tmp_path: Path) -> None:
    asked = run_module("retrieval", "ask", QUESTION, "--index", seeds_index)
    assert asked.returncode == 0
    assert "\x1b" not in asked.stdout
    assert asked.stderr == ""
    arguments = ("build", SEEDS, "--index", tmp_path / "index", "--threads", "2")
    built = run_module("indexer", *arguments)
    assert (built.returncode, built.stderr) == (0, "")
    first = built.stdout.splitlines()[0]
    assert first.startswith(f"Built {tmp_path / 'index'}: 5 articles, ")


def test_an_encoding_without_some_characters_gets_escapes(seeds_index: Path) -> None:
    latin = {"PYTHONIOENCODING": "ascii"}
    asked = run_module("retrieval", "ask", QUESTION, "--index", seeds_index, environment=latin)
    assert asked.returncode == 0
    assert asked.stderr == ""
    assert "\\xb7" in asked.stdout


def _on_a_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """Return what a command prints when both its streams are a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "retrieval", *arguments],
        cwd=REPOSITORY,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    printed = bytearray()
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says EIO when the last writer has closed
            break
        if not part:
            break
        printed += part
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return printed.decode()


def test_a_terminal_gets_colours_and_no_color_takes_them_away(seeds_index: Path) -> None:
    arguments = ["ask", QUESTION, "--index", str(seeds_index)]
    assert "\x1b[36m" in _on_a_terminal(arguments, {})
    plain = _on_a_terminal(arguments, {"NO_COLOR": "1"})
    assert "\x1b[3" not in plain
    assert "US Asks Iran to Urge Hamas" in plain


# Evidence


@pytest.fixture
def pack(seeds_index: Path, tmp_path: Path) -> Path:
    path = tmp_path / "evidence.json"
    assert _ask(seeds_index, "ask", QUESTION, "--export", str(path), "--quiet") == 0
    return path


def test_an_exported_pack_holds_by_the_index_and_by_the_files_alone(
    pack: Path, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quotes = json.loads(pack.read_text(encoding="utf-8"))["quotes"]
    assert quotes
    for source in (["--index", str(seeds_index)], ["--corpus", str(SEEDS)]):
        assert retrieval.cli.main.main(["check", str(pack), *source]) == 0
        assert f"{len(quotes)} of {len(quotes)} quotes hold." in capsys.readouterr().out
        assert retrieval.cli.main.main(["check", str(pack), *source, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["quotes"]
        assert [each["verdict"] for each in found] == ["holds"] * len(quotes)


def test_a_pack_with_an_altered_quote_ends_with_1(
    pack: Path, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = json.loads(pack.read_text(encoding="utf-8"))
    altered["quotes"][0]["citation"]["quote"] += " not"
    pack.write_text(json.dumps(altered), encoding="utf-8")
    assert _ask(seeds_index, "check", str(pack)) == 1
    assert "1. changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"{}", "is no evidence pack"), (b"\xff\xfe", "it is not UTF-8 text"), (None, "No such file")],
)
def test_a_file_that_is_no_pack_is_one_line_and_2(
    content: bytes | None, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.json"
    if content is not None:
        path.write_bytes(content)
    assert _ask(tmp_path, "check", str(path)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert problem in line


def test_an_export_over_a_file_needs_force(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine", encoding="utf-8")
    assert _ask(seeds_index, "ask", QUESTION, "--export", str(path)) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"
    assert _ask(seeds_index, "ask", QUESTION, "--export", str(path), "--force", "--quiet") == 0
    assert path.read_text(encoding="utf-8").startswith(f"# {QUESTION}")


def test_an_export_over_a_file_asks_on_a_terminal(seeds_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine", encoding="utf-8")
    command = ["ask", QUESTION, "--export", str(path), "--index", str(seeds_index)]
    for said, kept in ((b"n\n", True), (b"y\n", False)):
        manager, terminal = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "retrieval", *command],
            cwd=REPOSITORY,
            stdin=terminal,
            stdout=subprocess.DEVNULL,
            stderr=terminal,
        )
        os.write(manager, said)
        assert process.wait(60) == (2 if kept else 0)
        assert b"Replace it? [y/N]" in os.read(manager, 4096)
        os.close(terminal)
        os.close(manager)
        assert (path.read_text(encoding="utf-8") == "mine") is kept


def test_a_file_of_questions_is_answered_and_its_run_goes_on(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, answers = tmp_path / "q.csv", tmp_path / "a.csv"
    questions.write_text(f'question\n"{QUESTION}"\n"{NOTHING}"\n', encoding="utf-8")
    command = ("ask", "--file", str(questions), "--export", str(answers))
    assert _ask(seeds_index, *command) == 0
    assert "2 questions" in capsys.readouterr().err
    first = answers.read_text(encoding="utf-8-sig").splitlines()
    assert {line.split(",")[0] for line in first} == {"number", "1", "2"}
    assert _ask(seeds_index, *command) == 0
    assert "1 of 2 questions are answered; going on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Give one question, or a file"),
        (("who?", "--file", "q.csv"), "Give one question, or a file"),
        (("--file", "q.csv"), "--file needs --export ANSWERS.csv"),
        (("--file", "q.csv", "--export", "a.md"), "--file needs --export ANSWERS.csv"),
        (("--file", "q.csv", "--export", "a.csv", "--json"), "leave out --json"),
        (("who?", "--export", "a.docx"), "its ending must be one of"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    arguments: tuple[str, ...],
    problem: str,
    seeds_index: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _ask(seeds_index, "ask", *arguments) == 2
    assert problem in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_output_that_cannot_be_written_is_an_error_and_not_nothing_found(
    options: list[str], seeds_index: Path
) -> None:
    command = [sys.executable, "-m", "indexer", "info", "--index", str(seeds_index), *options]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: The output could not be written: No space left on device\n"


def test_an_index_finds_its_articles_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The ferry sank off Harmouth.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert indexer.cli.main.main(["build", "news", "--index", "index", "--quiet"]) == 0
    monkeypatch.chdir("/")
    with SearchEngine.open(tmp_path / "index") as engine:
        (hit,) = engine.search("ferry").hits
        assert hit.citation is not None
        assert hit.citation.source_state == "same"


def test_an_empty_name_of_a_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        indexer.cli.main.main(["build", "", "--index", "index"])
    assert ended.value.code == 2
    assert "the name of a folder or file is empty" in capsys.readouterr().err
