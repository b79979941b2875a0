"""Logistic models that turn the logits of the reader into probabilities of being right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

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
    """Output of the reader for one question: candidates, and the passages with their logits.

    `passages` holds relevance, best margin, and whether it is the gold one.
    """

    candidates: tuple[Candidate, ...]
    passages: tuple[tuple[float, float, bool], ...]


def fit_evidence(groups: Sequence[Sequence[ReadTask]], odds: Sequence[float]) -> Floats:
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


def fit_relevance(tasks: Sequence[ReadTask]) -> Floats:
    """Fit whether a passage is the gold one, both kinds weighing the same."""
    passages = [passage for task in tasks for passage in task.passages]
    rows = np.array([[relevance, margin] for relevance, margin, _ in passages])
    labels = np.array([gold for _, _, gold in passages])
    model = LogisticRegression(C=100, class_weight="balanced").fit(rows, labels)
    return np.array([*model.coef_[0], model.intercept_[0]])


def scores_of(tasks: Sequence[ReadTask], weights: Floats) -> Floats:
    """Return score and rightness of the best evidence of each question, shape (questions, 2)."""
    found = []
    for task in tasks:
        best = _best(task, weights)
        score = 0.0 if best is None else 1 / (1 + math.exp(-_total(best, weights)))
        found.append((score, float(bool(best and best.right))))
    return np.array(found).reshape(-1, 2)


def best_relevance(task: ReadTask, weights: Floats) -> float:
    """Return the relevance of the best passage, 0 to 1; 0 without any."""
    totals = [
        float(weights @ np.array([relevance, margin, 1.0]))
        for relevance, margin, _ in task.passages
    ]
    return 1 / (1 + math.exp(-max(totals))) if totals else 0.0
