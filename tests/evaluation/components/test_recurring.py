"""Counts of the evaluation of recurring lines, on texts of our own."""

import json
from pathlib import Path

import pytest

from evaluation.components import recurring
from evaluation.components.recurring import (
    Precision,
    cleaned,
    learn,
    line_hash,
    precision,
    verdicts,
)
from evaluation.components.recurring_evidence import Article, Evidence, evidence_left_out
from indexer.recurring.counts import fold
from indexer.recurring.lines import RecurringLines
from tests.support.stories import CREDIT, story

PLANET = "The Planet"
ARTICLES = [Article(f"n{i}", PLANET, story(i, CREDIT)) for i in range(6)]


def learned() -> RecurringLines:
    return learn(lambda: ((article.outlet, article.text) for article in ARTICLES))


def test_precision_is_by_places_of_judged_lines() -> None:
    assert precision({"a": 300, "b": 1, "c": 9}, {"a": True, "b": False}) == Precision(
        lines=3, places=310, judged=301, right=300
    )


def test_places_and_characters_are_counted_in_one_half_and_in_all() -> None:
    halves = cleaned(ARTICLES, learned())
    counts = sorted((removed.touched, removed.lines.total()) for removed in halves.values())
    assert counts == [(0, 0), (6, 6), (6, 6)]
    assert halves["all"].lines == {line_hash(PLANET, fold(CREDIT)): 6}
    assert halves["all"].reasons["repeated across documents of one outlet"] == 6 * len(CREDIT)


def test_evidence_that_would_be_left_out_is_counted(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    told = "The council of Larne voted on Monday to repair the old ferry. " + CREDIT
    rows = [
        {"context": told, "silver_relevant": ["n0"]},
        {"context": "Nobody wrote of this anywhere at all.", "silver_relevant": ["n1"]},
    ]
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert evidence_left_out(ARTICLES, questions, learned()) == Evidence(2, 0, 1)


def test_the_verdicts_hold_no_text() -> None:
    judged = verdicts()
    assert len(judged) > 200
    assert all(len(name) == 12 and int(name, 16) >= 0 for name in judged)
    assert set(judged.values()) == {True, False}


def test_absent_news_are_said_to_be_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recurring.main(["--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"Skipped: no news data in {tmp_path}")
