"""`python -m evaluation.public_sets`: from files to the page, on small sets of our own."""

import csv
import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from evaluation.public_sets import __main__ as command
from evaluation.public_sets.runs import RUNS
from evaluation.public_sets.sets import (
    NEWS_ARTICLES,
    NEWS_EXTRACTIVE,
    NEWS_QRELS,
    NEWS_QUERIES,
    SETS,
    WIKIQA,
    order,
)
from evaluation.public_sets.work import Work
from evaluation.results import entry, save
from retrieval.answering.answers import State

ARTICLES = {
    "mill": ("The mill", "The mill burned in May. It was rebuilt by the Otway family in a year."),
    "ferry": ("The ferry", "The ferry sank off Dunmore in 1911. Forty people were saved."),
    "bridge": ("The bridge", "A bridge was opened at Larne. It cost two million crowns."),
    "bread": ("Bread", "Bread became dear in the spring. Bakers blamed the price of coal."),
}
READER = {"name": "bundled", "sha256": None}
FOUND = {"questions": 1, "measures": {"test": {"MAP": {"value": 0.5}}}}
QUESTIONS = {
    "q1": ("Who rebuilt the mill?", "the Otway family", "mill"),
    "q2": ("In which year did the ferry sink?", "1911", "ferry"),
    "q3": ("How much did the bridge at Larne cost?", "two million crowns", "bridge"),
}


def write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = "".join(json.dumps(record) + "\n" for record in records).encode()
    path.write_bytes(lzma.compress(content) if path.suffix == ".xz" else content)


def write_rows(path: Path, rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layout of the evaluation data with text of our own."""
    folder = tmp_path_factory.mktemp("data")
    qrels = [("query-id", "corpus-id", "score"), *((q, d, 1) for q, (*_, d) in QUESTIONS.items())]
    queries = [
        {"_id": name, "text": text, "metadata": {"answers": [answer]}}
        for name, (text, answer, _) in QUESTIONS.items()
    ]
    write_lines(
        folder / "ir/squad_1k/corpus.jsonl.xz",
        [{"_id": name, "title": title, "text": text} for name, (title, text) in ARTICLES.items()],
    )
    write_lines(folder / "ir/squad_1k/queries.jsonl", queries)
    write_rows(folder / "ir/squad_1k/qrels.tsv", qrels)
    write_lines(
        folder / NEWS_ARTICLES,
        [
            {"id": name, "title": title, "text": text, "date": "2020-01-01"}
            for name, (title, text) in ARTICLES.items()
        ],
    )
    write_lines(folder / NEWS_QUERIES, queries)
    write_lines(folder / NEWS_EXTRACTIVE, [])
    write_rows(folder / NEWS_QRELS, qrels)
    for path in WIKIQA.values():
        listed = [("who rebuilt it ?", "the otway family rebuilt the mill .", 1)]
        listed += [("who rebuilt it ?", f"the ferry sank in {year} .", 0) for year in (1911, 1912)]
        rows = [("qid", "orig_id", "question", "sentence", "label")]
        write_rows(folder / path, [*rows, *(("w1", "x", *row) for row in listed)])
    return folder


@pytest.fixture
def results(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of the results of this test's runs."""
    monkeypatch.setenv("DATELINE_EVAL_DATA", str(data))
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(command, "TRIED", tmp_path / "tried")
    return tmp_path / "results"


def evaluate(*arguments: str) -> int:
    return command.main([*arguments, "--threads", "1"])


def sets_in(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))["sets"])


def test_search_answers_and_abstention_are_measured_on_one_index(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = "squad-1k,squad-1k-answers,squad-1k-abstention"
    assert evaluate("--sets", chosen) == 0
    sets = sets_in(results / "evaluation.json")
    assert set(sets) == set(chosen.split(","))
    searched = sets["squad-1k"]
    assert searched["questions"] == {"test": 3}
    assert searched["settings"]["documents"] == 4
    for mode in ("bm25", "dense", "hybrid", "reranked"):
        assert searched["measures"]["test"][mode]["nDCG@10"]["value"] == 1
    answers = sets["squad-1k-answers"]["measures"]["test"]
    states = [answers[state]["value"] for state in get_args(State)]
    assert sum(states) == pytest.approx(1)
    assert answers["answered or possible"]["value"] == pytest.approx(states[0] + states[1])
    assert sets["squad-1k-answers"]["invalid citations"] == []
    abstention = sets["squad-1k-abstention"]["measures"]["test"]
    assert abstention["gold read"]["value"] == 1
    assert abstention["AUROC"]["value"] == 1
    page = (results / "evaluation.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page
    assert "| squad-1k test (3) | bm25 | 1.000 [1.000, 1.000] |" in page
    for name in ("search", "risk", "reliability-1"):
        assert f"](evaluation-{name}.svg)" in page
        assert (results / f"evaluation-{name}.svg").read_bytes().startswith(b"<?xml")


def test_news_questions_are_reported_by_half(results: Path) -> None:
    assert evaluate("--sets", "newsqa-8k") == 0
    found = sets_in(results / "evaluation.json")["newsqa-8k"]
    odd = sum(order(name) % 2 for name in QUESTIONS)
    assert found["questions"] == {"dev": len(QUESTIONS) - odd, "test": odd}
    assert all(
        measures["bm25"]["nDCG@10"]["n"] == found["questions"][half]
        for half, measures in found["measures"].items()
    )


def test_another_run_adds_its_sets_and_keeps_the_others(results: Path) -> None:
    assert evaluate("--sets", "wikiqa", "--output", "mine") == 0
    assert evaluate("--sets", "role-pairs", "--output", "mine", "--limit", "2") == 0
    found = sets_in(results / "mine.json")
    assert set(found) == {"wikiqa"}, "what only some questions gave is kept apart"
    assert found["wikiqa"]["measures"]["test"]["MAP"]["value"] == 1
    assert found["wikiqa"]["reader"]["name"] == "bundled"
    tried = sets_in(results.parent / "tried" / "mine.json")["role-pairs"]
    assert (tried["questions"], tried["limit"]) == (2, 2)


def test_absent_sets_are_skipped_by_name(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("--sets", "wikiqa,trecqa") == 0
    assert "Skipped trecqa: missing as2/trecqa/clean-dev.tsv" in capsys.readouterr().err
    assert set(sets_in(results / "evaluation.json")) == {"wikiqa"}
    page = (results / "evaluation.md").read_text(encoding="utf-8")
    assert "- trecqa: missing as2/trecqa/clean-dev.tsv" in page


def test_finished_sets_are_saved_when_a_run_is_interrupted(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def finish(work: Work) -> dict[str, Any]:
        return {"questions": 1, "measures": {"test": {"MAP": {"value": work.threads}}}}

    def interrupt(_: Work) -> dict[str, Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "RUNS", {"wikiqa": finish, "role-pairs": interrupt})
    assert evaluate() == 130
    assert "Interrupted. Finished sets are saved." in capsys.readouterr().err
    sets = sets_in(results / "evaluation.json")
    assert {name: found["measures"] for name, found in sets.items()} == {
        "wikiqa": {"test": {"MAP": {"value": 1}}}
    }


def test_a_set_that_another_run_adds_meanwhile_is_kept(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = results / "evaluation.json"

    def measure_beside_another(_: Work) -> dict[str, Any]:
        save(path, {"trecqa": {**entry({}, command="", reader=READER, machine=""), **FOUND}})
        return FOUND

    monkeypatch.setattr(command, "RUNS", {"wikiqa": measure_beside_another})
    assert evaluate("--sets", "wikiqa") == 0
    assert set(sets_in(path)) == {"wikiqa", "trecqa"}


def test_nothing_to_measure_still_gives_the_page(results: Path) -> None:
    assert evaluate("--sets", "trecqa") == 0
    page = (results / "evaluation.md").read_text(encoding="utf-8")
    assert "| WikiQA test, MAP | BM25 0.61 | 0.75 | 0.86 | not measured |  |" in page


def test_an_unknown_set_is_named_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate("--sets", "wikiqa,nosuch") == 2
    assert "unknown sets nosuch; expected some of scifact, nfcorpus" in capsys.readouterr().err


def test_the_list_says_what_each_set_is_and_lacks(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [found.name for found in SETS]
    (line,) = [line for line in lines if line.startswith("trecqa")]
    assert line.endswith("TrecQA, candidate sentences (missing: as2/trecqa/clean-dev.tsv)")
    assert not results.exists()


def test_every_set_can_be_measured() -> None:
    assert set(RUNS) == {found.name for found in SETS}


def test_the_full_corpus_is_measured_only_when_asked_for() -> None:
    parse = command._parser().parse_args
    everyday = [found.name for found in command._chosen(parse([]))]
    assert "newsqa" not in everyday
    assert [found.name for found in command._chosen(parse(["--full"]))].count("newsqa") == 1
    assert [found.name for found in command._chosen(parse(["--sets", "newsqa"]))] == ["newsqa"]


def test_a_recorded_command_names_no_folder_of_this_machine() -> None:
    options = command._parser().parse_args(["--reader", "/some/where/reader.onnx"])
    options.given = ["--reader", "/some/where/reader.onnx"]
    assert command._command(options) == "python -m evaluation.public_sets --reader reader.onnx"
