"""How sure is the reader, in numbers that mean what they say? `python -m training.calibrate MODEL`.

In: a model and development questions, each also with the passages that hold its answer taken out.
Out: the constants of `retrieval/settings.py`, and the curves that they come from. A score is the
chance that the quote it stands at is right, when every second question can be answered.
"""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from indexer.errors import DatelineError
from retrieval.evaluation.calibration import calibration_error
from retrieval.reader import Reading
from retrieval.trained_reader import Calibration, TrainedReader
from training.calibration_data import Task, news_tasks, squad_tasks

DEFAULT_DATA = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data"))
EXIT_ERROR = 2
# Relevance and margin come through unchanged, as logits of the scores.
RAW = Calibration(evidence=(0.0, 1.0, 0.0), relevance=(1.0, 0.0, 0.0))
_ROUNDS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The evidence of one sentence: logits, and whether it is right; None when that is unclear."""

    relevance: float
    margin: float
    right: bool | None


@dataclass(frozen=True, slots=True)
class ReadTask:
    """What the reader found for a question: candidates, and the passages with their logits.

    `passages` holds relevance, best margin, and whether it is the gold one.
    """

    candidates: tuple[Candidate, ...]
    passages: tuple[tuple[float, float, bool], ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the development questions and print the constants."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("model", type=Path, help="the ONNX file of the reader")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="(%(default)s)")
    parser.add_argument("--threads", type=int, help="cores to use (default: every one)")
    options = parser.parse_args(arguments)
    try:
        reader = TrainedReader.open(options.model, options.threads, RAW)
        sets = {"squad": squad_tasks(options.data), "news": news_tasks(options.data)}
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    read = {}
    for name, tasks in sets.items():
        read[name] = [_read(reader, task) for task in tasks]
        read[f"{name} without"] = [_read(reader, task.without_answer()) for task in tasks]
    evidence = _fit_evidence([task for tasks in read.values() for task in tasks])
    relevance = _fit_relevance([task for tasks in read.values() for task in tasks])
    print(f"READER_EVIDENCE_WEIGHTS: Final = {_shown(evidence)}")
    print(f"READER_RELEVANCE_WEIGHTS: Final = {_shown(relevance)}")
    _print_curves(read, evidence, relevance)
    return 0


def _read(reader: TrainedReader, task: Task) -> ReadTask:
    readings = reader.read(task.question, task.passages)
    candidates, passages = [], []
    for number, reading in enumerate(readings):
        gold = number == task.gold
        relevance = _logit(reading.relevance)
        for evidence in reading.evidence:
            held = task.holds(number, evidence.quote)
            # The answer's words elsewhere may be an answer or chance.
            right = None if held and not gold else held
            candidates.append(Candidate(relevance, _logit(evidence.score), right))
        if reading.evidence:
            passages.append((relevance, _best_margin(reading), gold))
    return ReadTask(tuple(candidates), tuple(passages))


def _best_margin(reading: Reading) -> float:
    return max(_logit(evidence.score) for evidence in reading.evidence)


def _logit(score: float) -> float:
    score = min(max(score, 1e-13), 1 - 1e-13)
    return math.log(score / (1 - score))


def _fit_evidence(tasks: Sequence[ReadTask]) -> Floats:
    """Fit the score of the best evidence of each question, which the weights themselves choose."""
    weights = np.array([1.0, 1.0, 0.0])
    for _ in range(_ROUNDS):
        chosen = [best for task in tasks if (best := _best(task, weights)) is not None]
        rows = np.array([[best.relevance, best.margin] for best in chosen])
        labels = np.array([best.right for best in chosen])
        model = LogisticRegression(C=100).fit(rows, labels)
        weights = np.array([*model.coef_[0], model.intercept_[0]])
    return weights


def _best(task: ReadTask, weights: Floats) -> Candidate | None:
    known = [candidate for candidate in task.candidates if candidate.right is not None]
    return max(known, key=lambda each: _total(each, weights), default=None)


def _total(candidate: Candidate, weights: Floats) -> float:
    return float(weights @ np.array([candidate.relevance, candidate.margin, 1.0]))


def _fit_relevance(tasks: Sequence[ReadTask]) -> Floats:
    """Fit whether a passage is the gold one, both kinds weighing the same."""
    passages = [passage for task in tasks for passage in task.passages]
    rows = np.array([[relevance, margin] for relevance, margin, _ in passages])
    labels = np.array([gold for _, _, gold in passages])
    model = LogisticRegression(C=100, class_weight="balanced").fit(rows, labels)
    return np.array([*model.coef_[0], model.intercept_[0]])


def _print_curves(read: dict[str, list[ReadTask]], evidence: Floats, relevance: Floats) -> None:
    for name in ("squad", "news"):
        own = _scores(read[name], evidence)
        without = _scores(read[f"{name} without"], evidence)
        both = np.concatenate([own, without])
        labels = np.repeat([1, 0], [len(own), len(without)])
        error = calibration_error(both[:, 0].tolist(), (both[:, 1] > 0).tolist())
        print(f"\n{name}: {len(own)} questions, first quote right {own[:, 1].mean():.3f}")
        print(
            f"  AUROC against the same without the answer: {roc_auc_score(labels, both[:, 0]):.3f}"
        )
        print(f"  expected calibration error {error:.3f}")
        print("  threshold: answered, of these right; answered without the answer")
        for threshold in np.arange(0.1, 0.95, 0.1):
            passing = own[:, 0] >= threshold
            right = own[passing, 1].mean() if passing.any() else float("nan")
            wrong = (without[:, 0] >= threshold).mean()
            print(f"  {threshold:.1f}: {passing.mean():.3f}, {right:.3f}; {wrong:.3f}")
        print("  related: reached with the answer; without")
        own_best, other_best = (
            np.array([_relevance(task, relevance) for task in read[part]])
            for part in (name, f"{name} without")
        )
        for threshold in np.arange(0.1, 0.95, 0.1):
            reached = (own_best >= threshold).mean(), (other_best >= threshold).mean()
            print(f"  {threshold:.1f}: {reached[0]:.3f}; {reached[1]:.3f}")


def _scores(tasks: Sequence[ReadTask], weights: Floats) -> Floats:
    """Return score and rightness of the best evidence of each question."""
    found = []
    for task in tasks:
        best = _best(task, weights)
        score = 0.0 if best is None else 1 / (1 + math.exp(-_total(best, weights)))
        found.append((score, float(bool(best and best.right))))
    return np.array(found)


def _relevance(task: ReadTask, weights: Floats) -> float:
    totals = [
        float(weights @ np.array([relevance, margin, 1.0]))
        for relevance, margin, _ in task.passages
    ]
    return 1 / (1 + math.exp(-max(totals))) if totals else 0.0


def _shown(weights: Floats) -> str:
    return f"({', '.join(f'{weight:.3f}' for weight in weights)})"


if __name__ == "__main__":
    sys.exit(main())
