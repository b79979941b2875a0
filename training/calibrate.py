"""How sure is the reader, in numbers that mean what they say? `python -m training.calibrate MODEL`.

In: a model and development questions, each also with the passages that hold its answer taken out,
and some with their names swapped or another number.
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
from random import Random

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
WITHOUT, CHANGED = " without", " changed"

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
        read[f"{name}{WITHOUT}"] = [_read(reader, task.without_answer()) for task in tasks]
        random = Random(name)
        changed = [twin for task in tasks if (twin := task.changed(random)) is not None]
        read[f"{name}{CHANGED}"] = [_read(reader, task) for task in changed]
    evidence = _fit_evidence(list(read.values()), [_odds(name) for name in read])
    # What was changed is a question's words: its passage stays on the subject.
    found = [task for name, tasks in read.items() if CHANGED not in name for task in tasks]
    relevance = _fit_relevance(found)
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


def _odds(name: str) -> float:
    """Return what a group weighs against the questions as asked: both unanswerable ones half."""
    return 0.5 if name.endswith((WITHOUT, CHANGED)) else 1.0


def _fit_evidence(groups: Sequence[Sequence[ReadTask]], odds: Sequence[float]) -> Floats:
    """Fit the score of the best evidence of each question, which the weights themselves choose.

    Each group weighs what `odds` says, however many questions it has.
    """
    most = max(len(group) for group in groups)
    weights = np.array([1.0, 1.0, 0.0])
    for _ in range(_ROUNDS):
        rows, labels, counts = [], [], []
        for group, odd in zip(groups, odds, strict=True):
            for task in group:
                best = _best(task, weights)
                if best is not None:
                    rows.append([best.relevance, best.margin])
                    labels.append(best.right)
                    counts.append(odd * most / len(group))
        model = LogisticRegression(C=100).fit(np.array(rows), np.array(labels), np.array(counts))
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
        without = _scores(read[f"{name}{WITHOUT}"], evidence)
        both = np.concatenate([own, without])
        labels = np.repeat([1, 0], [len(own), len(without)])
        error = calibration_error(both[:, 0].tolist(), (both[:, 1] > 0).tolist())
        print(f"\n{name}: {len(own)} questions, first quote right {own[:, 1].mean():.3f}")
        print(
            f"  AUROC against the same without the answer: {roc_auc_score(labels, both[:, 0]):.3f}"
        )
        changed = _scores(read[f"{name}{CHANGED}"], evidence)
        twins = np.repeat([1, 0], [len(own), len(changed)])
        area = roc_auc_score(twins, np.concatenate([own[:, 0], changed[:, 0]]))
        print(f"  AUROC against {len(changed)} questions that were changed: {area:.3f}")
        print(f"  expected calibration error {error:.3f}")
        print("  threshold: answered, of these right; answered without the answer; changed")
        for threshold in np.arange(0.1, 0.95, 0.1):
            passing = own[:, 0] >= threshold
            right = own[passing, 1].mean() if passing.any() else float("nan")
            wrong = (without[:, 0] >= threshold).mean()
            twin = (changed[:, 0] >= threshold).mean()
            print(f"  {threshold:.1f}: {passing.mean():.3f}, {right:.3f}; {wrong:.3f}; {twin:.3f}")
        print("  related: reached with the answer; without")
        own_best, other_best = (
            np.array([_relevance(task, relevance) for task in read[part]])
            for part in (name, f"{name}{WITHOUT}")
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
