import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.readers.trained import TrainedReader
from tests.support.reader_models import passage_of, span_weight, write_marking_model
from training import calibrate, calibration_data, calibration_fit
from training.calibrate import RAW, main
from training.calibration_curves import CHANGED, WITHOUT, print_curves
from training.calibration_data import Task
from training.calibration_fit import (
    Candidate,
    ReadTask,
    best_relevance,
    fit_evidence,
    fit_relevance,
    scores_of,
)
from training.news_questions import development_questions

_TRUE = np.array([0.8, 0.5, -1.0])


def _chance(relevance: float, margin: float) -> float:
    return 1 / (1 + math.exp(-(_TRUE @ [relevance, margin, 1.0])))


def _tasks(count: int, candidates: int) -> list[ReadTask]:
    """Return tasks whose candidates are right as often as a known logistic model says."""
    generator = np.random.default_rng(11)
    made = []
    for _ in range(count):
        logits = generator.normal(0, 2.5, size=(candidates, 2)).tolist()
        found = tuple(
            Candidate(relevance, margin, bool(generator.random() < _chance(relevance, margin)))
            for relevance, margin in logits
        )
        made.append(ReadTask(found, ()))
    return made


@pytest.mark.parametrize("candidates", [1, 4])
def test_a_score_of_eight_tenths_is_right_eight_times_in_ten(candidates: int) -> None:
    tasks = _tasks(24_000, candidates)

    weights = fit_evidence([tasks[::2]], [1.0])
    scores = scores_of(tasks[1::2], weights)

    for tenth in (0.4, 0.6, 0.8, 0.9):
        near = np.round(scores[:, 0], 1) == tenth
        assert near.sum() > 100
        assert scores[near, 1].mean() == pytest.approx(scores[near, 0].mean(), abs=0.04)


def test_the_weights_that_decide_are_found_again() -> None:
    weights = fit_evidence([_tasks(8_000, 1)], [1.0])

    assert weights == pytest.approx(_TRUE, abs=0.08)


def test_evidence_that_may_be_right_by_chance_is_left_out_of_the_fit() -> None:
    tasks = _tasks(800, 2)
    unclear = Candidate(relevance=50.0, margin=50.0, right=None)
    beside = [replace(task, candidates=(unclear, *task.candidates)) for task in tasks]

    found = fit_evidence([beside], [1.0])

    assert np.array_equal(found, fit_evidence([tasks], [1.0]))


def test_questions_without_evidence_are_left_out_of_the_fit() -> None:
    tasks = _tasks(800, 1)

    found = fit_evidence([[*tasks, ReadTask((), ())]], [1.0])

    assert found == pytest.approx(fit_evidence([tasks], [1.0]), abs=0.01)


@pytest.mark.parametrize(
    ("odds", "chance"), [((1.0, 1.0), 1 / 2), ((1.0, 0.5), 2 / 3), ((0.5, 1.0), 1 / 3)]
)
def test_a_group_weighs_its_odds_however_many_questions_it_has(
    odds: tuple[float, float], chance: float
) -> None:
    right = [ReadTask((Candidate(0.0, 0.0, right=True),), ())] * 30
    wrong = [ReadTask((Candidate(0.0, 0.0, right=False),), ())] * 270

    *slopes, intercept = fit_evidence([right, wrong], odds)

    assert slopes == pytest.approx([0.0, 0.0], abs=1e-6)
    assert 1 / (1 + math.exp(-intercept)) == pytest.approx(chance, abs=0.001)


def test_the_questions_that_have_an_answer_weigh_as_much_as_those_that_have_none() -> None:
    names = [f"news{kind}" for kind in ("", WITHOUT, CHANGED)]

    assert [calibrate._odds(name) for name in names] == [1.0, 0.5, 0.5]


def test_relevance_is_even_where_gold_and_other_passages_are_as_likely() -> None:
    """Two normal distributions with means +1 and -1: the log of their ratio is 2 x."""
    generator = np.random.default_rng(4)
    passages = [
        (float(generator.normal(1.0 if gold else -1.0)), float(generator.normal()), gold)
        for number in range(40_000)
        for gold in [number % 20 == 0]
    ]

    weights = fit_relevance([ReadTask((), tuple(passages))])

    assert weights == pytest.approx([2.0, 0.0, 0.0], abs=0.15)


def test_the_best_evidence_is_the_one_that_the_weights_prefer() -> None:
    relevant = Candidate(3.0, -1.0, right=False)
    sure = Candidate(-1.0, 3.0, right=True)
    unclear = Candidate(9.0, 9.0, right=None)
    task = ReadTask((relevant, sure, unclear), ())

    assert calibration_fit._best(task, np.array([1.0, 0.0, 0.0])) == relevant
    assert calibration_fit._best(task, np.array([0.0, 1.0, 0.0])) == sure
    assert calibration_fit._best(ReadTask((unclear,), ()), np.ones(3)) is None


def test_scores_are_probabilities_and_nothing_found_scores_nothing() -> None:
    right = ReadTask((Candidate(2.0, 1.0, right=True), Candidate(0.0, 0.0, right=False)), ())
    wrong = ReadTask((Candidate(-1.0, 0.0, right=False),), ())

    found = scores_of([right, wrong, ReadTask((), ())], np.array([1.0, 1.0, -3.0]))

    assert found.tolist() == [[0.5, 1.0], [pytest.approx(1 / (1 + math.exp(4))), 0.0], [0.0, 0.0]]


def test_the_relevance_of_a_question_is_that_of_its_best_passage() -> None:
    weights = np.array([1.0, 0.5, 0.0])
    task = ReadTask((), ((-2.0, 0.0, True), (0.0, 0.0, False), (-1.0, 1.0, False)))

    assert best_relevance(task, weights) == 0.5
    assert best_relevance(ReadTask((), ()), weights) == 0.0


def test_logits_of_scores_are_the_models_own() -> None:
    assert calibrate._logit(0.5) == 0.0
    assert calibrate._logit(0.8) == pytest.approx(math.log(4))
    assert calibrate._logit(1.0) == pytest.approx(29.9, abs=0.1)
    assert calibrate._logit(0.0) == pytest.approx(-29.9, abs=0.1)


def test_what_is_read_becomes_logits_with_what_is_known_of_them(tmp_path: Path) -> None:
    passages = (
        passage_of("Ada founded Tarn in 1850. Rain fell there.", doc_id="gold", title="Tarn"),
        passage_of("Ships left Kesh in 1850. Snow fell there.", doc_id="other"),
    )
    texts = ["When was Tarn founded?", "Tarn", *(stored.text for stored in passages)]
    year = {"1850": 3.0}
    model = write_marking_model(
        tmp_path / "marking.onnx", texts, start=year, end=year, relevance={"founded": 2.0}
    )
    reader = TrainedReader.open(model, 1, RAW)

    found = calibrate._read(reader, Task("When was Tarn founded?", passages, 0, "1850"))

    def rounded(*logits: float) -> tuple[float, ...]:
        return tuple(abs(round(logit, 2)) for logit in logits)

    dated = round(span_weight({5: 3}, {5: 3}, range(7)), 2)  # ada founded tar ##n in 1850 .
    undated = round(span_weight({}, {}, range(4)), 2)  # rain fell there .
    # The question's own word counts for both passages; what no token says is 0. The year in the
    # other passage may be an answer or chance.
    assert {(*rounded(c.relevance, c.margin), c.right) for c in found.candidates} == {
        (4.0, dated, True),
        (4.0, undated, False),
        (2.0, dated, None),
        (2.0, undated, False),
    }
    assert [(*rounded(one, best), gold) for one, best, gold in found.passages] == [
        (4.0, dated, True),
        (2.0, dated, False),
    ]


def test_the_curves_say_what_each_threshold_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Scores of 0.88 (right), 0.88 (wrong) with the answer; 0.12 and 0.12 without it."""
    high, low = 2.0, -2.0
    own = [
        ReadTask((Candidate(high, 0.0, right=right),), ((high, 0.0, True),))
        for right in (True, False)
    ]
    bare = [ReadTask((Candidate(low, 0.0, right=False),), ((low, 0.0, False),))] * 2
    twin = [ReadTask((Candidate(high, 0.0, right=False),), ((high, 0.0, False),))]
    weights = np.array([1.0, 0.0, 0.0])
    read = {
        f"{name}{kind}": tasks
        for name in ("squad", "news")
        for kind, tasks in (("", own), (WITHOUT, bare), (CHANGED, twin))
    }

    print_curves(read, weights, weights)

    lines = capsys.readouterr().out.splitlines()
    assert lines[1:5] == [
        "squad: 2 questions, first quote right 0.500",
        "  AUROC against the same without the answer: 1.000",
        "  AUROC against 1 questions that were changed: 0.500",
        # One of the two at 0.881 is right, and neither of the two at 0.119.
        "  expected calibration error 0.250",
    ]
    assert lines[6] == "  0.1: 1.000, 0.500; 1.000; 1.000"
    assert lines[7] == "  0.2: 1.000, 0.500; 0.000; 1.000"
    assert lines[14] == "  0.9: 0.000, nan; 0.000; 0.000"
    assert lines[16:18] == ["  0.1: 1.000; 1.000", "  0.2: 1.000; 0.000"]
    assert "news: 2 questions, first quote right 0.500" in lines


def test_the_command_prints_the_constants_of_a_model(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calibration_data, "SQUAD_QUESTIONS", 30)
    words = {"founded": 4.0, "exports": 4.0, "market": 2.0}
    model = write_marking_model(
        tmp_path / "marking.onnx", [" ".join(words)], start=words, end=words, relevance=words
    )

    plots = tmp_path / "plots"

    code = main([str(model), "--data", str(folder), "--threads", "1", "--plots", str(plots)])

    out = capsys.readouterr().out
    assert code == 0
    number = r"-?\d+\.\d{3}"
    constants = rf"\({number}, {number}, {number}\)"
    assert re.match(
        rf"READER_EVIDENCE_WEIGHTS: Final = {constants}\n"
        rf"READER_RELEVANCE_WEIGHTS: Final = {constants}\n",
        out,
    )
    assert "squad: 30 questions" in out
    assert f"news: {len(development_questions(folder))} questions" in out
    assert sorted(path.name for path in plots.iterdir()) == [
        "reliability-1.svg",
        "reliability-2.svg",
    ]
    drawn = (plots / "reliability-1.svg").read_text()
    # The number beside each point: together all questions, with the answer and without.
    assert sum(int(count) for count in re.findall(r">(\d+)</text>", drawn)) == 60


def test_a_missing_model_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([str(tmp_path / "reader.onnx"), "--data", str(tmp_path)])

    error = capsys.readouterr().err
    assert code == 2
    assert error.count("\n") == 1
    assert "reader.onnx cannot be read: No such file or directory" in error


def test_a_missing_folder_of_data_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_marking_model(tmp_path / "m.onnx", ["a"], start={"a": 1.0}, end={"a": 1.0})

    code = main([str(model), "--data", str(tmp_path)])

    error = capsys.readouterr().err
    assert code == 2
    assert error.count("\n") == 1
    assert "train-v1.1.unambiguous.json.xz cannot be read: " in error
