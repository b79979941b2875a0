"""The calibrator on rows that are made up, and its features on answers that are written out."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.public_sets.raw_answers import RawAnswer
from retrieval.answering.answers import Quote
from tests.support.answer_builders import answer_with, quote
from training import calibrator
from training.answer_features import AGREEMENT, FEATURES, features_of
from training.calibrator_fit import Calibrator, left_out_scores, measures_of
from training.calibrator_rows import Row, load_rows, save_rows, squad_collection
from training.material import Material

AGREES = FEATURES.index("agreement")


def row(number: int, group: str, half: str = "dev", unanswerable: bool = False) -> Row:
    """Return a row that is right where the agreement says so, whatever the score is."""
    random = np.random.default_rng(list(f"{group}{half}{number}{unanswerable}".encode()))
    right = number % 2 == 0 and not unanswerable
    features = random.random(len(FEATURES)).tolist()
    features[AGREES] = float(random.normal(2.0 if right else 0.0, 0.7))
    score = float(random.random())
    return Row(
        group,
        "test" if half == "test" else "dev",
        f"q{number}",
        not unanswerable,
        right,
        score >= 0.5,
        score,
        tuple(features),
    )


ROWS = [row(number, group) for group in ("news-200", "news-600", "squad") for number in range(60)]


def raw(*quotes: Quote, hits: tuple[str, ...] = ("port.txt", "ferry.txt")) -> RawAnswer:
    answer = answer_with(hits, quotes)
    return RawAnswer(answer, answer.state, 0.8, tuple(0.5 for _ in quotes))


def feature(name: str, question: str, answer: RawAnswer) -> float:
    return features_of(question, answer, 200)[FEATURES.index(name)]


FERRY = quote("ferry.txt", "The ferry sank on Monday.")
PORT = quote("port.txt", "The port was shut.")


def test_every_feature_has_a_finite_number() -> None:
    found = features_of("When did the ferry sink?", raw(FERRY, PORT), 200)
    assert len(found) == len(FEATURES)
    assert all(math.isfinite(value) for value in found)


def test_margin_is_against_the_best_other_quote() -> None:
    close = raw(replace(FERRY, score=0.9), replace(PORT, score=0.9))
    far = raw(replace(FERRY, score=0.9), replace(PORT, score=0.1))
    assert feature("margin", "When?", close) == 0
    assert feature("margin", "When?", far) == pytest.approx(math.log(81))


def test_rank_is_that_of_the_cited_passage() -> None:
    assert feature("rank", "When?", raw(FERRY)) == pytest.approx(math.log(2))
    assert feature("rank", "When?", raw(FERRY, hits=("ferry.txt",))) == 0
    assert feature("rank", "When?", raw(FERRY, hits=("port.txt",))) == pytest.approx(math.log(11))


def test_other_stories_with_the_marked_words_agree() -> None:
    copy = quote("copy.txt", "The ferry sank on Monday. Divers are at work.")
    assert feature("agreement", "When?", raw(FERRY, copy)) == pytest.approx(math.log(2))
    assert feature("agreement", "When?", raw(FERRY, PORT)) == 0
    same = [replace(each, story="one") for each in (FERRY, copy)]
    assert feature("agreement", "When?", raw(*same)) == 0


def test_overlap_and_names_look_at_the_question() -> None:
    assert feature("overlap", "When did the ferry sink on Monday?", raw(FERRY)) > feature(
        "overlap", "When was the bridge opened?", raw(FERRY)
    )
    assert feature("names", "What sank on Monday?", raw(FERRY)) == 1
    assert feature("names", "What sank in the Baltic?", raw(FERRY)) == 0


def test_a_headline_is_the_title_itself() -> None:
    titled = replace(FERRY.citation, title="Ferry sinks", document_text=ferry_text())
    assert feature("headline", "When?", raw(replace(FERRY, citation=titled))) == 0
    own = replace(FERRY.citation, title="The ferry sank on Monday", document_text=ferry_text())
    assert feature("headline", "When?", raw(replace(FERRY, citation=own))) == 1


def ferry_text() -> str:
    return "The ferry sank on Monday. Nobody was hurt."


def test_the_fit_finds_the_feature_that_says_what_is_right() -> None:
    found = Calibrator.fit(ROWS)
    weights = dict(zip(found.names, found.weights.tolist(), strict=True))
    assert max(weights, key=lambda name: abs(weights[name])) == "agreement"
    assert weights["agreement"] > 1
    scores = found.scores(ROWS)
    assert np.mean(scores[[each.right for each in ROWS]]) > 0.75


def test_features_can_be_left_out() -> None:
    found = Calibrator.fit(ROWS, AGREEMENT)
    assert set(found.names) == set(FEATURES) - AGREEMENT
    assert set(found.as_json()["weights"]) == set(found.names)


def test_a_feature_that_is_the_same_everywhere_counts_nothing_elsewhere() -> None:
    place = FEATURES.index("corpus")

    def with_corpus(each: Row, value: float) -> Row:
        features = (*each.features[:place], value, *each.features[place + 1 :])
        return replace(each, features=features)

    found = Calibrator.fit([with_corpus(each, math.log(200)) for each in ROWS])
    here = found.scores([with_corpus(each, math.log(200)) for each in ROWS])
    there = found.scores([with_corpus(each, math.log(8_000)) for each in ROWS])
    assert here == pytest.approx(there, abs=1e-6)


def test_rows_of_one_kind_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        Calibrator.fit([each for each in ROWS if each.right])


def test_the_scored_group_is_not_fitted() -> None:
    """With its labels turned round in one group, that group alone is scored the wrong way."""
    turned = [
        replace(each, right=not each.right) if each.group == "squad" else each for each in ROWS
    ]
    scores = left_out_scores(turned)
    at = [place for place, each in enumerate(turned) if each.group == "squad"]
    right = np.mean([scores[place] for place in at if turned[place].right])
    assert right < np.mean([scores[place] for place in at if not turned[place].right]) - 0.3


def test_the_scored_questions_are_not_fitted() -> None:
    """Rows that only their question's number tells apart cannot be told apart."""
    flat = [
        replace(each, right=bool(int(each.question[1:]) // 2 % 2), features=(0.0,) * len(FEATURES))
        for each in ROWS
    ]
    scores = left_out_scores(flat)
    assert np.ptp(scores) < 0.4


def test_measures_compare_before_and_after() -> None:
    rows = [*ROWS, *(row(number, "squad", unanswerable=True) for number in range(40))]
    found = measures_of(rows, Calibrator.fit(rows).scores(rows))
    assert (found["answerable"], found["unanswerable"]) == (180, 40)
    for name in ("AUROC right/wrong", "AUROC answerable/unanswerable"):
        assert found["after"][name]["value"] > found["before"][name]["value"]
    gain = found["gain in precision"]
    assert gain["low"] > 0
    assert gain["value"] == pytest.approx(
        found["after"]["precision at equal coverage"]["value"]
        - found["before"]["precision at equal coverage"]["value"]
    )
    assert found["after"]["ECE"]["value"] < found["before"]["ECE"]["value"]


def test_rows_survive_their_file(tmp_path: Path) -> None:
    save_rows(tmp_path / "rows.jsonl", ROWS)
    assert load_rows(tmp_path / "rows.jsonl") == ROWS


def test_the_command_fits_saved_rows_and_never_the_test_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*ROWS, *(row(number, "news-200", half="test") for number in range(40))]
    save_rows(tmp_path / "rows.jsonl", rows)
    given = ["--rows", str(tmp_path / "rows.jsonl"), "--output", str(tmp_path / "out.json")]
    assert calibrator.main(given) == 0
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["all features"]["calibrator"] == Calibrator.fit(ROWS).as_json()
    assert set(found["all features"]["measures"]) == {
        "news-200 left out",
        "news-600 left out",
        "squad left out",
        "news-200 test",
    }
    assert "gain in precision" in capsys.readouterr().out


def test_squad_questions_are_about_held_out_paragraphs(folder: Path, material: Material) -> None:
    found = squad_collection(folder, limit=3)
    assert len(found.queries) == 3
    texts = {document.id: document.text for document in found.documents}
    trained = {paragraph.text for paragraph in material.squad.paragraphs}
    for query in found.queries:
        (paragraph,) = query.grades
        assert query.answers[0] in texts[paragraph]
        assert texts[paragraph] not in trained
