"""Logistic model of whether the first quote is right, and its worth where it was not fitted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from evaluation.calibration import calibration_error
from evaluation.intervals import resampled
from evaluation.public_sets.news_end_to_end import area
from training.answer_features import FEATURES
from training.calibrator_rows import Row

_FOLDS: Final = 5
# Of 0.03, 0.1 and 0.3 on 160 development questions (news, SQuAD), each left out: no clear winner.
_STRENGTH: Final = 0.1
_LEAST_SPREAD: Final = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Logistic model over the features of an answer; `weights` are of features as they are."""

    names: tuple[str, ...]
    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, rows: Sequence[Row], left_out: frozenset[str] = frozenset()) -> "Calibrator":
        """Fit rows so that each group weighs the same.

        Args:
            rows: right and wrong ones.
            left_out: names of features that are not used.

        Raises:
            ValueError: if all rows are right or all wrong.
        """
        names = tuple(name for name in FEATURES if name not in left_out)
        values, right = _columns(rows, names), np.array([row.right for row in rows])
        if right.all() or not right.any():
            raise ValueError("rows must be right and wrong ones, got one kind")
        mean, spread = values.mean(axis=0), values.std(axis=0)
        # The same number everywhere says nothing; its computed spread may be as small as rounding.
        spread[spread < _LEAST_SPREAD] = 1.0
        counts = Counter(row.group for row in rows)
        weights = np.array([len(rows) / len(counts) / counts[row.group] for row in rows])
        model = LogisticRegression(C=_STRENGTH, max_iter=1_000)
        model.fit((values - mean) / spread, right, weights)
        scaled = model.coef_[0] / spread
        return cls(names, scaled, float(model.intercept_[0] - scaled @ mean))

    def scores(self, rows: Sequence[Row]) -> Floats:
        """Return the chance that each row's first quote is right."""
        total = _columns(rows, self.names) @ self.weights + self.intercept
        chances: Floats = expit(total)
        return chances

    def as_json(self) -> dict[str, Any]:
        """Return the numbers by name."""
        weights = dict(zip(self.names, np.round(self.weights, 4).tolist(), strict=True))
        return {"weights": weights, "intercept": round(self.intercept, 4)}


def left_out_scores(rows: Sequence[Row], left_out: frozenset[str] = frozenset()) -> Floats:
    """Return the score of each row by a model that saw neither its group nor its question.

    With one group only, other questions of it are seen.
    """
    scores = np.zeros(len(rows))
    folds = np.array([_fold(row.question) for row in rows])
    groups = np.array([row.group for row in rows])
    for group in sorted(set(groups.tolist())):
        for fold in range(_FOLDS):
            at = np.flatnonzero((groups == group) & (folds == fold))
            others = groups != group if len(set(groups.tolist())) > 1 else groups == group
            seen = np.flatnonzero(others & (folds != fold))
            if at.size:
                model = Calibrator.fit([rows[place] for place in seen.tolist()], left_out)
                scores[at] = model.scores([rows[place] for place in at.tolist()])
    return scores


def measures_of(rows: Sequence[Row], scores: Floats) -> dict[str, Any]:
    """Return what the reader's scores and the calibrated ones are worth, with intervals.

    Coverage and precision are over answerable questions; the coverage is that of the product.
    """
    own = np.flatnonzero([row.answerable for row in rows])
    right = np.array([row.right for row in rows])
    answerable = np.array([row.answerable for row in rows])
    answered = max(1, sum(rows[place].answered for place in own.tolist()))
    before = np.array([row.score for row in rows])
    found: dict[str, Any] = {"answerable": len(own), "unanswerable": len(rows) - len(own)}
    for name, given in (("before", before), ("after", scores)):
        measures = {
            "AUROC right/wrong": _area(given[own], right[own]),
            "AUROC answerable/unanswerable": _area(given, answerable),
            "precision at equal coverage": _precision(given[own], right[own], answered),
            "ECE": {"value": calibration_error(given.tolist(), right.tolist())},
        }
        found[name] = {key: value for key, value in measures.items() if value is not None}
    found["gain in precision"] = resampled(
        len(own),
        lambda at: (
            _precision_of(scores[own][at], right[own][at], answered)
            - _precision_of(before[own][at], right[own][at], answered)
        ),
    )
    return found


def _columns(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    places = [FEATURES.index(name) for name in names]
    return np.array([[row.features[place] for place in places] for row in rows], dtype=np.float64)


def _fold(question: str) -> int:
    return int(sha256(question.encode()).hexdigest()[-8:], 16) % _FOLDS


def _area(scores: Floats, labels: NDArray[np.bool_]) -> dict[str, float] | None:
    """Return the AUROC with its interval; None without both labels."""
    if labels.all() or not labels.any():
        return None
    return resampled(len(scores), lambda at: area(scores[at], labels[at]))


def _precision(scores: Floats, right: NDArray[np.bool_], count: int) -> dict[str, float]:
    return resampled(len(scores), lambda at: _precision_of(scores[at], right[at], count))


def _precision_of(scores: Floats, right: NDArray[np.bool_], count: int) -> float:
    """Return the share right of the `count` highest scores."""
    return float(right[np.argsort(-scores, kind="stable")[:count]].mean())
