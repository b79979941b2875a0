"""The page, the targets on it, the file of results, and intervals."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from evaluation.intervals import mean_of, ratio_of, resampled
from evaluation.public_sets.report import figures, markdown
from evaluation.public_sets.targets import TARGETS, reached, rows
from evaluation.public_sets.timing import measures_of
from evaluation.results import ResultsError, entry, load, save

READER = {"name": "bundled", "sha256": "ab" * 32}
SEARCHED = {
    name: {"value": 0.7, "low": 0.6, "high": 0.8, "n": 3}
    for name in ("nDCG@10", "RR@10", "R@100", "AP")
}


def measured(**fields: object) -> dict[str, Any]:
    return entry(fields, command="python -m x", reader=READER, machine="a machine")


def search_entry(mode: str) -> dict[str, Any]:
    return measured(
        questions={"dev": 4, "test": 3},
        settings={"documents": 1200, "passages": 3400},
        measures={"dev": {mode: SEARCHED}, "test": {mode: SEARCHED}},
        milliseconds={mode: {"median": 5.0, "p95": 9.0}},
    )


def row_of(sets: dict[str, Any], beginning: str) -> tuple[str, ...]:
    (row,) = [row for row in rows(sets) if row[0].startswith(beginning)]
    return row


def test_a_target_without_a_measure_says_so() -> None:
    assert {row[4] for row in rows({})} == {"not measured"}


def test_reranked_counts_before_hybrid() -> None:
    both = {"bm25": {}, "hybrid": SEARCHED, "reranked": {"nDCG@10": {"value": 0.74}}}
    sets = {"scifact": {"measures": {"test": both}}}
    assert row_of(sets, "SciFact")[4:] == ("0.740 (reranked)", "goal")
    del both["reranked"]
    assert row_of(sets, "SciFact")[4:] == ("0.700 [0.600, 0.800] (hybrid)", "below the floor")


def test_development_halves_reach_no_target() -> None:
    sets = {"newsqa": {"measures": {"dev": {"hybrid": SEARCHED}}}}
    assert row_of(sets, "News questions")[4] == "not measured"


@pytest.mark.parametrize(
    ("value", "verdict"), [(80.9, "below the floor"), (81, "floor"), (88, "goal")]
)
def test_a_target_is_reached_from_its_bound_on(value: float, verdict: str) -> None:
    sets = {"squad-dev": {"measures": {"test": {"F1": {"value": value, "of": 100}}}}}
    assert row_of(sets, "SQuAD v1.1 dev")[5] == verdict


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(1.9, "below the floor"), (1.8, "floor"), (1.2, "goal")]
)
def test_of_seconds_fewer_are_better(seconds: float, verdict: str) -> None:
    sets = {"speed": {"cold_start": {"ask_seconds": seconds}}}
    assert row_of(sets, "Cold `ask`, seconds")[5] == verdict


def test_every_target_has_its_own_place_in_the_results() -> None:
    paths = [path for target in TARGETS for path in target.paths]
    assert len(set(paths)) == len(paths)
    assert all(reached(target, {}) is None for target in TARGETS)


def test_the_page_shows_targets_first_and_how_each_set_was_measured() -> None:
    sets = {
        "newsqa": search_entry("hybrid"),
        "squad-dev": measured(
            questions=10570, measures={"test": {"F1": mean_of([0.5, 1.0], of=100)}}, limit=7
        ),
    }
    page = markdown(sets, plots=[("a plot", "x.svg")], skipped={"wikiqa": ["as2/a", "as2/b"]})
    lines = page.splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert headings == [
        *("# Evaluation", "## Search", "## Reader alone", "## Plots", "## How it was measured")
    ]
    interval = "0.700 [0.600, 0.800]"
    assert f"| newsqa test (3) | hybrid |{f' {interval} |' * 4} 5.0 (9.0) |" in lines
    assert "|  | squad-dev test (10,570) |" in lines
    assert "| F1 | 75.0 [50.0, 100.0] |" in lines
    assert "![a plot](x.svg)" in lines
    (how,) = [line for line in lines if line.startswith("| squad-dev | ")]
    about = "SQuAD v1.1 dev, gold paragraph, only 7 questions per part"
    assert how.startswith(f"| squad-dev | {about} |")
    assert "| bundled abababababab |" in how
    assert how.endswith("| `python -m x` |")
    assert "Machine: a machine." in lines
    assert "- wikiqa: missing as2/a, as2/b" in lines


def test_plots_are_those_that_the_results_allow() -> None:
    curves = {
        "risk": [{"threshold": 0.5, "coverage": 1.0, "risk": 0.25}],
        "reliability": [{"low": 0.5, "high": 0.6, "count": 4, "mean_score": 0.5, "accuracy": 0.75}],
    }
    sets = {"newsqa": search_entry("hybrid"), "squad-1k-abstention": {"curves": {"test": curves}}}
    found = {name: content for name, _, content in figures(sets)}
    assert set(found) == {"search", "risk", "reliability-1"}
    assert b"newsqa test" in found["search"]
    assert list(figures({})) == []


def test_a_set_measured_again_replaces_only_its_own_entry(tmp_path: Path) -> None:
    path = tmp_path / "results" / "evaluation.json"
    save(path, {"wikiqa": {"questions": 1}, "trecqa": {"questions": 2}})
    sets = load(path)
    save(path, sets | {"wikiqa": {"questions": 3}})
    assert load(path) == {"wikiqa": {"questions": 3}, "trecqa": {"questions": 2}}
    assert [file.name for file in path.parent.iterdir()] == ["evaluation.json"]


def test_there_are_no_results_before_the_first_run(tmp_path: Path) -> None:
    assert load(tmp_path / "evaluation.json") == {}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}'])
def test_a_file_that_holds_no_results_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ResultsError, match=r"is not a results file .*another one with --output"):
        load(path)


def test_results_of_another_format_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(json.dumps({"format": 2, "sets": {}}), encoding="utf-8")
    with pytest.raises(ResultsError, match="has format 2; this version writes 1"):
        load(path)


def test_an_entry_keeps_what_its_numbers_depend_on() -> None:
    found = measured(questions=3)
    assert (found["questions"], found["reader"], found["machine"]) == (3, READER, "a machine")
    assert found["date"].startswith("20")


def test_a_share_over_all_quotes_weighs_questions_by_their_quotes() -> None:
    found = ratio_of([1, 4], [1, 5])
    assert found is not None
    assert found["value"] == pytest.approx(5 / 6)
    assert found["low"] >= 4 / 5
    assert found["high"] <= 1
    assert ratio_of([0, 0], [0, 0]) is None


def test_resamples_without_a_value_are_left_out_of_an_interval() -> None:
    found = ratio_of([1, 0, 0], [1, 0, 0])
    assert found is not None
    assert (found["value"], found["low"], found["high"]) == (1, 1, 1)


def test_an_interval_holds_what_resamples_give() -> None:
    values = [0.0] * 50 + [1.0] * 50
    found = resampled(100, lambda at: math.fsum(values[place] for place in at) / len(at))
    assert found["value"] == 0.5
    # The standard error is 0.05.
    assert found["low"] == pytest.approx(0.4, abs=0.02)
    assert found["high"] == pytest.approx(0.6, abs=0.02)
    with pytest.raises(ValueError, match="questions must be at least 1, got 0"):
        resampled(0, lambda at: float(len(at)))


def test_times_faster_is_the_ratio_of_medians() -> None:
    found = measures_of([10.0, 20.0, 90.0], [60.0, 20.0, 60.0])
    assert found["reader, ms"]["value"] == 20
    assert found["CrossEncoder, ms"]["value"] == 60
    assert found["times faster"]["value"] == 3
