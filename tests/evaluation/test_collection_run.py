"""A collection of four articles measured from its folder to the report, through the real engine."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from evaluation.collection_run import (
    CollectionReport,
    ModeMeasures,
    compare_modes,
    evaluate_collection,
    measure_run,
)
from evaluation.intervals import estimate, holm, paired_p_value
from evaluation.measures import MEASURES
from evaluation.runs import Run
from indexer.build.pipeline import IndexConfig
from retrieval.ranking.ranker import Mode
from tests.evaluation.collection_builders import collection

CONFIG = IndexConfig(threads=1)


@pytest.fixture(scope="module")
def report() -> CollectionReport:
    return evaluate_collection(collection("four"), ("hybrid", "bm25"), CONFIG)


def test_the_report_says_what_was_measured(report: CollectionReport) -> None:
    assert (report.name, report.documents, report.queries) == ("four", 4, 3)
    assert (report.unjudged, report.left_out) == (1, 0)
    assert report.passages >= 4
    assert report.encoder == "sentence-transformers/all-MiniLM-L6-v2"
    assert [mode.mode for mode in report.modes] == ["bm25", "hybrid"]


def test_the_article_of_each_question_is_found_first(report: CollectionReport) -> None:
    """The fourth question's quotes, dash and outlet would find nothing, were they obeyed."""
    for mode in report.modes:
        assert mode.values["RR@10"] == (1.0, 1.0, 1.0), mode.mode
        assert mode.median_ms > 0
        assert mode.p95_ms >= mode.median_ms
        assert mode.warnings == ()


def test_the_answers_are_judged_where_they_are_known(report: CollectionReport) -> None:
    assert report.answers is not None
    assert report.answers.questions == 2
    assert report.answers.citations.value == 1.0
    assert report.answers.invalid_citations == ()
    assert report.answers.first_right.total == report.answers.states["answered"] == 2
    assert report.answers.first_right.count == 2


def test_a_collection_without_answers_has_no_summary_of_them() -> None:
    made = collection("four")
    silent = tuple(replace(query, answers=()) for query in made.queries)
    report = evaluate_collection(replace(made, queries=silent), ("bm25",), CONFIG)
    assert report.answers is None
    assert report.comparisons == ()


def test_two_evaluations_differ_in_their_times_only(report: CollectionReport) -> None:
    again = evaluate_collection(collection("four"), ("hybrid", "bm25"), CONFIG)
    assert [mode.values for mode in again.modes] == [mode.values for mode in report.modes]
    assert again.comparisons == report.comparisons
    assert report.answers is not None
    assert again.answers is not None
    untimed = [replace(each, median_ms=0, p95_ms=0) for each in (again.answers, report.answers)]
    assert untimed[0] == untimed[1]


def test_a_run_is_measured_query_by_query() -> None:
    queries = collection().queries
    run = Run("bm25", (("ferry",), ("museum", "Port"), ()), (1.0, 3.0, 2.0), ("a warning",))
    found = measure_run(queries, run)
    assert found.values["RR@10"] == (1.0, 0.5, 0.0)
    assert found.values["R@100"] == (1.0, 0.5, 0.0)
    assert found.estimates["RR@10"] == estimate([1.0, 0.5, 0.0])
    assert (found.median_ms, found.p95_ms) == (2.0, 2.9)
    assert found.warnings == ("a warning",)


def measures(mode: Mode, values: Sequence[float]) -> ModeMeasures:
    shared = dict.fromkeys(MEASURES, tuple(values))
    return ModeMeasures(mode, {}, shared, 1.0, 1.0, ())


def test_each_mode_is_compared_with_both_baselines_once() -> None:
    bm25, dense, hybrid = [0.1, 0.2, 0.3, 0.4], [0.1, 0.5, 0.2, 0.9], [0.6, 0.7, 0.8, 0.9]
    compared = compare_modes(
        [measures("bm25", bm25), measures("dense", dense), measures("hybrid", hybrid)]
    )
    ndcg = [each for each in compared if each.measure == "nDCG@10"]
    assert [(each.mode, each.baseline) for each in ndcg] == [
        ("dense", "bm25"),
        ("hybrid", "bm25"),
        ("dense", "hybrid"),
    ]
    assert len(compared) == 3 * len(MEASURES)
    p_values = [
        paired_p_value(dense, bm25),
        paired_p_value(hybrid, bm25),
        paired_p_value(dense, hybrid),
    ]
    assert [each.p_value for each in ndcg] == p_values
    assert [each.corrected for each in ndcg] == holm(p_values)
    assert ndcg[1].difference.mean == pytest.approx(0.5)
    assert ndcg[2].difference.mean < 0


def test_one_mode_alone_is_compared_with_nothing() -> None:
    assert compare_modes([measures("dense", [0.1])]) == ()
