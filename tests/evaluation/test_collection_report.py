"""The report on a collection as text, JSON, Markdown and plots, from values made by hand."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evaluation.answer_run import AnswerSummary, ScoreSummary
from evaluation.calibration import reliability, risk_coverage
from evaluation.collection_report import (
    ReportError,
    collection_json,
    render_markdown,
    render_text,
    report_path,
    write_report,
)
from evaluation.collection_run import CollectionReport, Comparison, ModeMeasures
from evaluation.intervals import Estimate
from evaluation.measures import MEASURES
from evaluation.plots import plots_of
from evaluation.question_report import Ratio

SCORES, RIGHT = (0.9, 0.7, 0.2), (True, False, True)


@pytest.fixture
def report() -> CollectionReport:
    low = {name: Estimate(0.5, 0.4, 0.6) for name in MEASURES}
    high = {name: Estimate(0.75, 0.7, 0.8) for name in MEASURES}
    answers = AnswerSummary(
        questions=4,
        states={"answered": 2, "possible": 1, "related": 1, "not_found": 0},
        exact=Estimate(0.25, 0.0, 0.75),
        f1=Estimate(0.4, 0.1, 0.8),
        first_right=Ratio(2, 3),
        quote_precision=Ratio(3, 7),
        citations=Ratio(6, 7),
        invalid_citations=("q4: gone.txt cannot be read",),
        documents=1.5,
        scores=ScoreSummary(
            auroc=0.5,
            aurc=0.25,
            calibration_error=0.125,
            coverage=tuple(risk_coverage(SCORES, RIGHT)),
            reliability=tuple(reliability(SCORES, RIGHT)),
        ),
        median_ms=12.25,
        p95_ms=20.0,
    )
    return CollectionReport(
        name="four",
        documents=5183,
        left_out=2,
        passages=8000,
        queries=300,
        unjudged=809,
        encoder="an-encoder",
        modes=(
            ModeMeasures("bm25", low, {"nDCG@10": (0.5,)}, 1.5, 2.0, ()),
            ModeMeasures("hybrid", high, {"nDCG@10": (0.7,)}, 7.0, 9.5, ("the query is long",)),
        ),
        comparisons=(
            Comparison("nDCG@10", "hybrid", "bm25", Estimate(0.25, 0.2, 0.3), 0.001, 0.002),
            Comparison("AP", "hybrid", "bm25", Estimate(0.11, 0.2, 0.3), 0.7, 0.7),
        ),
        answers=answers,
    )


def test_the_text_shows_modes_differences_and_answers(report: CollectionReport) -> None:
    text = render_text(report)
    assert text.startswith(
        "four: 5,183 documents in 8,000 passages, 300 queries, encoder an-encoder\n\nSearch\nmode  "
    )
    lines = [" ".join(line.split()) for line in text.splitlines()]
    interval = "0.750 [0.700, 0.800]"
    assert f"hybrid {interval} {interval} {interval} {interval} 7.0 9.5" in lines
    assert "hybrid - bm25 +0.250 [+0.200, +0.300] 0.0010 0.0020" in lines
    assert not [line for line in lines if "0.110" in line], "other measures are in the JSON only"
    assert "answered 2/4 = 0.50" in lines
    assert "possible 1/4 = 0.25" in lines
    assert "answered or possible 3/4 = 0.75" in lines
    assert "exact match 0.250 [0.000, 0.750]" in lines
    assert "quotes that hold an answer 3/7 = 0.43" in lines
    assert "AUROC of the first quote's score 0.500" in lines
    assert "note: queries left out because no document is relevant: 809" in lines
    assert "note: documents skipped by the build, which no mode finds: 2" in lines
    assert "note: hybrid: the query is long" in lines
    assert "note: q4: gone.txt cannot be read" in lines


def test_columns_are_aligned_and_lines_do_not_end_in_spaces(report: CollectionReport) -> None:
    lines = render_text(report).splitlines()
    start = lines.index("Search") + 1
    columns = [lines[start + row].index("0.") for row in (1, 2)]
    assert columns == [lines[start].index("nDCG@10")] * 2
    assert [line for line in lines if line != line.rstrip()] == []


def test_control_characters_of_a_name_never_reach_the_terminal(report: CollectionReport) -> None:
    text = render_text(replace(report, name="red \x1b[31m\rname"))
    assert "\x1b" not in text
    assert r"red \x1b[31m\rname" in text


def test_the_json_holds_everything_but_single_queries(report: CollectionReport) -> None:
    content = json.loads(collection_json(report))
    assert (content["format"], content["kind"], content["name"]) == (1, "collection", "four")
    assert content["modes"][1]["estimates"]["AP"] == {"mean": 0.75, "low": 0.7, "high": 0.8}
    assert "values" not in content["modes"][0]
    assert [each["measure"] for each in content["comparisons"]] == ["nDCG@10", "AP"]
    assert content["answers"]["quote_precision"] == {"count": 3, "total": 7}
    assert content["answers"]["scores"]["coverage"][0] == {
        "threshold": 0.9,
        "coverage": pytest.approx(1 / 3),
        "risk": 0.0,
    }


def test_the_markdown_has_tables_rules_and_notes(report: CollectionReport) -> None:
    text = render_markdown(report, [("Bars", "evaluation-measures.svg")])
    assert text.startswith("# Evaluation: four\n\nfour: 5,183 documents in ")
    assert "| mode | nDCG@10 | RR@10 | R@100 | AP | median ms | p95 ms |\n| --- |" in text
    assert "| hybrid - bm25 | +0.250 [+0.200, +0.300] | 0.0010 | 0.0020 |" in text
    assert "An article scores as its best passage." in text
    assert "![Bars](evaluation-measures.svg)" in text
    assert "\n- hybrid: the query is long\n" in text


def test_a_name_is_no_markup(report: CollectionReport) -> None:
    text = render_markdown(replace(report, name="<b>x</b> [y](z) `c` | d"))
    assert r"# Evaluation: &lt;b&gt;x&lt;/b&gt; \[y\](z) \`c\` \| d" in text
    assert "<b>" not in text


def test_a_report_lies_beside_its_plots(report: CollectionReport, tmp_path: Path) -> None:
    path = report_path(tmp_path / "new" / "folder")
    write_report(report, path)
    assert path == tmp_path / "new" / "folder" / "evaluation.md"
    names = ["evaluation-measures.svg", "evaluation-reliability.svg", "evaluation-risk.svg"]
    assert sorted(each.name for each in path.parent.iterdir()) == [*names, "evaluation.md"]
    text = path.read_text(encoding="utf-8")
    for name in names:
        assert f"]({name})" in text


def test_a_report_may_have_a_name_and_be_written_again(
    report: CollectionReport, tmp_path: Path
) -> None:
    path = report_path(tmp_path / "mine.md")
    path.write_text("an older one", encoding="utf-8")
    write_report(replace(report, answers=None), path)
    assert path.read_text(encoding="utf-8").startswith("# Evaluation: four")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine-measures.svg", "mine.md"]


@pytest.mark.parametrize("place", ["file/below", "file/mine.md", "taken.md"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_measured(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    (tmp_path / "taken.md").mkdir()
    with pytest.raises(ReportError, match=rf"cannot write the report .*{place}: .* \.md"):
        report_path(tmp_path / place)


def test_a_folder_that_vanishes_meanwhile_is_named(
    report: CollectionReport, tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match=r"cannot write the report .*gone/mine\.md: No such"):
        write_report(report, tmp_path / "gone" / "mine.md")


def test_what_cannot_be_put_in_place_is_not_left_beside_it(
    report: CollectionReport, tmp_path: Path
) -> None:
    (tmp_path / "mine-measures.svg").mkdir()
    with pytest.raises(ReportError, match=r"cannot write the report .*mine\.md: Is a directory"):
        write_report(report, tmp_path / "mine.md")
    assert [each.name for each in tmp_path.iterdir()] == ["mine-measures.svg"]


def test_many_warnings_are_cut(report: CollectionReport) -> None:
    warned = replace(report.modes[1], warnings=tuple(f"warning {n}" for n in range(12)))
    text = render_text(replace(report, modes=(report.modes[0], warned)))
    assert "note: hybrid: warning 4\n" in text
    assert "warning 5" not in text
    assert "note: hybrid: 7 more warnings\n" in text


def test_plots_show_the_numbers_and_are_the_same_every_time(report: CollectionReport) -> None:
    first, second = list(plots_of(report)), list(plots_of(report))
    assert first == second
    assert [name for name, _, _ in first] == ["measures", "risk", "reliability"]
    for _, _, content in first:
        assert ElementTree.fromstring(content).tag.endswith("svg")  # noqa: S314 - made here
        assert b"<dc:date>" not in content
    measures, risk, _ = (content.decode() for _, _, content in first)
    for text in ("bm25", "hybrid", *MEASURES):
        assert f">{text}<" in measures
    assert ">first quote<" in risk


def test_other_numbers_make_other_plots(report: CollectionReport) -> None:
    better = {name: Estimate(0.9, 0.85, 0.95) for name in MEASURES}
    altered = replace(report, modes=(report.modes[0], replace(report.modes[1], estimates=better)))
    (_, _, before), *_ = plots_of(report)
    (_, _, after), *_ = plots_of(altered)
    assert before != after
