"""`python -m evaluation`."""

import json
from pathlib import Path

import pytest

from evaluation.command import main
from retrieval.ranking.ranker import MODES
from tests.evaluation.collection_builders import write_collection
from tests.support.commands import run_python


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_collection(tmp_path_factory.mktemp("collections") / "own")


def evaluate(*arguments: object) -> int:
    return main([*map(str, arguments), "--threads", "1"])


def test_a_folder_is_measured_in_every_mode(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder) == 0
    out, err = capsys.readouterr()
    assert out.startswith("own: 4 documents in ")
    for mode in ("bm25", "dense", "hybrid"):
        (row,) = (line for line in out.splitlines() if line.startswith(f"{mode}  "))
        assert "  1.000 [1.000, 1.000]  " in row, "RR@10"
    assert "\nexact match " in out
    assert "note: queries left out because no document is relevant: 1\n" in out
    assert "error" not in err


def test_modes_and_queries_can_be_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(folder, "--modes", "dense, bm25", "--limit", 2, "--json", "--quiet") == 0
    out, err = capsys.readouterr()
    content = json.loads(out)
    assert [mode["mode"] for mode in content["modes"]] == ["bm25", "dense"]
    assert content["queries"] == 2
    assert err == ""


def test_a_report_is_written_where_it_was_asked_for(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder, "--modes", "bm25", "--report", tmp_path / "report") == 0
    assert f"Wrote {tmp_path / 'report' / 'evaluation.md'}\n" in capsys.readouterr().err
    text = (tmp_path / "report" / "evaluation.md").read_text(encoding="utf-8")
    assert "\n| bm25 | " in text
    assert " | 1.000 [1.000, 1.000] | " in text


@pytest.mark.parametrize("given", ["bm52", "bm25,", "", "bm25 dense"])
def test_an_unknown_mode_is_named_with_those_that_there_are(
    folder: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder, "--modes", given) == 2
    err = capsys.readouterr().err
    assert err == (
        f"error: --modes must be a comma-separated list of {', '.join(MODES)}, got {given!r}\n"
    )


def test_a_folder_that_is_no_collection_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(tmp_path) == 2
    assert "there is no corpus.jsonl. Expected corpus.jsonl, " in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_refused_first(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert evaluate(folder, "--report", tmp_path / "file" / "x") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot write the report " in err


@pytest.mark.parametrize("options", [("--limit", 3), ("--modes", "bm25", "--report", "x")])
def test_options_for_a_collection_are_refused_with_a_file(
    tmp_path: Path, options: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(tmp_path / "questions.jsonl", *options) == 2
    err = capsys.readouterr().err
    named = " and ".join(str(option) for option in options if str(option).startswith("--"))
    assert err.startswith(f"error: {named} can be used only with a collection, which is a folder")


def test_the_help_shows_what_a_collection_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    out = capsys.readouterr().out
    for text in ("corpus.jsonl", "queries.jsonl", "qrels.tsv", "--report", "DATELINE_CACHE"):
        assert text in out


def test_asking_loads_neither_measures_nor_plots(seeds_index: Path) -> None:
    code = (
        "import sys; from retrieval.cli.main import main; "
        f"main(['search', 'Iran', '--index', {str(seeds_index)!r}, '--json']); "
        "heavy = {'evaluation', 'ir_measures', 'matplotlib', 'scipy', 'sklearn'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    assert run_python("-c", code).stderr.endswith("[]\n")


def test_an_index_without_the_gold_articles_is_not_measured(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.jsonl"
    fields = {
        "id": "q1",
        "question": "who closed the bridge?",
        "kind": "who",
        "unanswerable_kind": None,
        "answerable": True,
        "split": "dev",
        "gold": [
            {"doc": "004_4110ac0129b996c5.txt", "words": "Iran"},
            {"doc": "bridge.txt", "words": "mayor"},
        ],
    }
    questions.write_text(json.dumps(fields), encoding="utf-8")
    assert evaluate(questions, "--index", seeds_index) == 2
    assert capsys.readouterr().err == (
        f"error: the index at {seeds_index} lacks 1 of the 2 articles that the questions are "
        "about, for example 'bridge.txt'. Name the index of their folder with --index, "
        "or build it\n"
    )
