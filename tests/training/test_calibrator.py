"""The calibrator on rows that are made up."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.collection import CollectionQuery
from indexer.documents import Span
from retrieval.answering.candidates import FEATURES, Candidate, chance
from retrieval.readers.protocol import Evidence
from tests.support.answer_builders import hit
from training import calibrator
from training.calibrator_fit import (
    Calibrator,
    at_threshold,
    by_reader,
    left_out_firsts,
    measures_of,
)
from training.calibrator_rows import Row, load_saved_rows, row_of, save_rows, squad_collection
from training.material import Material

SCORE, KIND = FEATURES.index("score"), FEATURES.index("wrong kind")
CANDIDATES = 3


def row(number: int, group: str, half: str = "dev", *, answerable: bool = True) -> Row:
    """Return candidates of which at most one is right, as their names say, whatever the score."""
    random = np.random.default_rng(list(f"{group}{half}{number}{answerable}".encode()))
    right = [False] * CANDIDATES
    if answerable and number % 3:
        right[number // 3 % CANDIDATES] = True
    features = random.normal(0.0, 1.0, (CANDIDATES, len(FEATURES)))
    features[:, KIND] = np.where(right, 2.0, 0.0) + random.normal(0.0, 0.7, CANDIDATES)
    features[:, SCORE] = -np.sort(-random.normal(0.0, 2.0, CANDIDATES))
    return Row(
        group,
        "test" if half == "test" else "dev",
        f"q{number}",
        answerable,
        tuple(right),
        tuple(tuple(each) for each in features.tolist()),
    )


ROWS = [
    row(number, group, answerable=answerable)
    for group in ("news-200", "news-600", "squad")
    for answerable in (True, False)
    for number in range(60)
]


def test_the_fit_finds_the_feature_that_says_what_is_right() -> None:
    weights = Calibrator.fit(ROWS).as_json()
    del weights["intercept"]
    assert max(weights, key=lambda name: abs(weights[name])) == "wrong kind"
    assert weights["wrong kind"] > 1


def test_the_best_candidate_comes_first_with_its_chance() -> None:
    model = Calibrator.fit(ROWS)
    firsts = [model.first(each) for each in ROWS if each.answerable]
    before = [by_reader(each) for each in ROWS if each.answerable]
    assert np.mean([each.right for each in firsts]) > np.mean([each.right for each in before]) + 0.2
    mean = np.mean([model.first(each).score for each in ROWS])
    assert mean == pytest.approx(np.mean([model.first(each).right for each in ROWS]), abs=0.05)


def test_a_question_without_candidates_is_not_answered() -> None:
    empty = replace(ROWS[0], right=(), features=())
    assert Calibrator.fit([*ROWS, empty]).first(empty).score == by_reader(empty).score == 0


def test_the_numbers_in_the_settings_give_the_same_chance() -> None:
    model, tried = Calibrator.fit(ROWS), ROWS[1]
    candidates = [
        Candidate(hit("ferry.txt", 1).found, Evidence(Span(0, 3), Span(0, 3), 0.5), features)
        for features in tried.features
    ]
    best = max(chance(model.as_json(), each) for each in candidates)
    assert best == pytest.approx(model.first(tried).score, abs=0.01)


def test_features_can_be_left_out() -> None:
    assert "wrong kind" not in Calibrator.fit(ROWS, frozenset({"wrong kind"})).as_json()


def test_candidates_of_one_kind_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        Calibrator.fit([each for each in ROWS if not any(each.right)])


def test_the_scored_domain_is_not_fitted() -> None:
    """With the names turned round in one of two domains, each is scored the wrong way."""

    def turned(each: Row) -> Row:
        features = tuple(
            tuple(-value if place == KIND else value for place, value in enumerate(of))
            for of in each.features
        )
        return replace(each, features=features) if each.group == "squad" else each

    firsts = left_out_firsts([turned(each) for each in ROWS])
    found = [firsts[n].right for n, each in enumerate(ROWS) if any(each.right)]
    assert np.mean(found) < 0.2


def test_measures_and_thresholds_count_answerable_and_other_questions() -> None:
    model = Calibrator.fit(ROWS)
    firsts = [model.first(each) for each in ROWS]
    found = measures_of(firsts)
    assert found["questions"] == "180 answerable, 180 not"
    before = measures_of([by_reader(each) for each in ROWS])
    for name in ("first quote right", "AUROC right/wrong", "AUROC answerable/unanswerable"):
        assert found[name]["value"] > before[name]["value"]
    assert found["ECE"]["value"] < before["ECE"]["value"]
    low, high = at_threshold(firsts, 0.1), at_threshold(firsts, 0.9)
    assert low["answered"] > high["answered"]
    assert low["false answers"] > high["false answers"]
    assert low["precision"] < high["precision"]


def test_candidates_are_judged_by_quote_and_mark() -> None:
    stored = hit("ferry.txt", 1).found
    candidates = [
        Candidate(stored, Evidence(span, span, 0.5), (0.0,) * len(FEATURES))
        for span in (Span(0, 25), Span(26, 42))
    ]
    query = CollectionQuery("q", "When did it sink?", ("Monday",))
    assert row_of("news-5", "dev", query, candidates, answerable=True).right == (True, False)


def test_rows_survive_their_file(tmp_path: Path) -> None:
    save_rows(tmp_path / "rows.jsonl", ROWS)
    assert load_saved_rows(tmp_path / "rows.jsonl") == ROWS


def test_the_command_fits_saved_rows_and_never_the_test_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*ROWS, *(row(number, "news-200", half="test") for number in range(40))]
    save_rows(tmp_path / "rows.jsonl", rows)
    given = ["--rows", str(tmp_path / "rows.jsonl"), "--output", str(tmp_path / "out.json")]
    assert calibrator.main(given) == 0
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["calibrator"] == Calibrator.fit(ROWS).as_json()
    assert {name for name in found["measures"] if "reader" not in name} == {
        "news-200 left out",
        "news-600 left out",
        "squad left out",
        "news-200 test",
    }
    assert "coverage at 90% precision" in capsys.readouterr().out


def test_squad_questions_are_about_held_out_paragraphs(folder: Path, material: Material) -> None:
    found = squad_collection(folder, limit=3)
    assert len(found.queries) == 3
    texts = {document.id: document.text for document in found.documents}
    trained = {paragraph.text for paragraph in material.squad.paragraphs}
    for query in found.queries:
        (paragraph,) = query.grades
        assert query.answers[0] in texts[paragraph]
        assert texts[paragraph] not in trained
