"""Logistic model of whether a candidate is right, and its worth where it was not fitted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from evaluation.calibration import calibration_error
from evaluation.intervals import resampled
from evaluation.public_sets.news_end_to_end import area, coverage_at
from retrieval.answering.candidates import FEATURES
from training.calibrator_rows import Row

_FOLDS: Final = 5
_STRENGTH: Final = 0.1
_LEAST_SPREAD: Final = 1e-9
_SCORE: Final = FEATURES.index("score")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class First:
    """First quote of a question: its score, 0 to 1, and whether it is right."""

    row: Row
    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Logistic model over features as they are."""

    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, rows: Sequence[Row], left_out: frozenset[str] = frozenset()) -> "Calibrator":
        """Fit candidates, then scale the sum so that it suits the best of each question.

        Each group weighs the same, and in it the answerable questions as much as the others.

        Args:
            rows: questions with right and wrong candidates.
            left_out: names of features that are not used.

        Raises:
            ValueError: if all candidates are right or all wrong.
        """
        rows = [row for row in rows if row.right]
        counts = Counter(_part(row) for row in rows)
        values = np.array([each for row in rows for each in row.features])
        right = np.array([each for row in rows for each in row.right])
        share = [1 / counts[_part(row)] / len(row.right) for row in rows for _ in row.right]
        if right.all() or not right.any():
            raise ValueError("candidates must be right and wrong ones, got one kind")
        values[:, [FEATURES.index(name) for name in left_out]] = 0.0
        mean, spread = values.mean(axis=0), values.std(axis=0)
        # The same number everywhere says nothing; its computed spread may be as small as rounding.
        spread[spread < _LEAST_SPREAD] = np.inf
        model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
        model.fit((values - mean) / spread, right, _scaled(share, len(right)))
        weights = model.coef_[0] / spread
        found = cls(weights, float(model.intercept_[0] - weights @ mean))
        sums = np.array([[max(found.sums(row))] for row in rows])
        firsts = [row.right[int(np.argmax(found.sums(row)))] for row in rows]
        share = [1 / counts[_part(row)] for row in rows]
        scale = LogisticRegression(C=100.0).fit(sums, firsts, _scaled(share, len(rows)))
        factor, shift = float(scale.coef_[0, 0]), float(scale.intercept_[0])
        return cls(factor * found.weights, factor * found.intercept + shift)

    def sums(self, row: Row) -> Floats:
        """Return the log odds of each candidate."""
        found: Floats = np.array(row.features) @ self.weights + self.intercept
        return found

    def first(self, row: Row) -> First:
        """Return the candidate with the best chance."""
        if not row.right:
            return First(row, 0.0, right=False)
        sums = self.sums(row)
        place = int(np.argmax(sums))
        return First(row, float(expit(sums[place])), row.right[place])

    def as_json(self) -> dict[str, float]:
        """Return the numbers by name, as `retrieval/settings.py` has them."""
        found = dict(zip(FEATURES, np.round(self.weights, 3).tolist(), strict=True))
        return {name: value for name, value in found.items() if value} | {
            "intercept": round(self.intercept, 3)
        }


def by_reader(row: Row) -> First:
    """Return the first quote by the reader's own score."""
    if not row.right:
        return First(row, 0.0, right=False)
    return First(row, float(expit(row.features[0][_SCORE])), row.right[0])


def left_out_firsts(
    rows: Sequence[Row], left_out: frozenset[str] = frozenset()
) -> dict[int, First]:
    """Return the first quote of each row by a model that saw neither its group nor its question.

    With one group only, other questions of it are seen. Groups of one domain, which differ in
    size only, are left out together.
    """
    found: dict[int, First] = {}
    folds = [_fold(row.question) for row in rows]
    domains = [row.group.partition("-")[0] for row in rows]
    several = len(set(domains)) > 1
    for domain in sorted(set(domains)):
        for fold in range(_FOLDS):
            at = [n for n in range(len(rows)) if domains[n] == domain and folds[n] == fold]
            seen = [
                rows[n]
                for n in range(len(rows))
                if (domains[n] != domain or not several) and folds[n] != fold
            ]
            if at:
                model = Calibrator.fit(seen, left_out)
                found |= {n: model.first(rows[n]) for n in at}
    return found


def measures_of(firsts: Sequence[First]) -> dict[str, Any]:
    """Return what first quotes and their scores are worth, with intervals over questions."""
    own = [each for each in firsts if each.row.answerable]
    none = [each for each in firsts if not each.row.answerable and not any(each.row.right)]
    scores, right = _columns(own)
    every = np.concatenate([scores, _columns(none)[0]])
    labels = np.repeat([True, False], [len(own), len(none)])
    both = [*own, *none]
    return {
        "questions": f"{len(own)} answerable, {len(none)} not",
        "first quote right": resampled(len(own), lambda at: float(right[at].mean())),
        "AUROC right/wrong": _area(scores, right),
        "AUROC answerable/unanswerable": _area(every, labels),
        "coverage at 80% precision": _coverage(scores, right, 0.8),
        "coverage at 90% precision": _coverage(scores, right, 0.9),
        "ECE": {"value": calibration_error(*(column.tolist() for column in _columns(both)))},
    }


def at_threshold(firsts: Sequence[First], threshold: float) -> Mapping[str, float]:
    """Return shares of questions answered from a threshold on."""
    own = [each for each in firsts if each.row.answerable]
    none = [each for each in firsts if not each.row.answerable and not any(each.row.right)]
    answered = [each for each in own if each.score >= threshold]
    return {
        "answered": len(answered) / max(1, len(own)),
        "right": sum(each.right for each in answered) / max(1, len(own)),
        "precision": sum(each.right for each in answered) / max(1, len(answered)),
        "false answers": sum(each.score >= threshold for each in none) / max(1, len(none)),
    }


def _columns(firsts: Sequence[First]) -> tuple[Floats, NDArray[np.bool_]]:
    return (
        np.array([each.score for each in firsts]),
        np.array([each.right for each in firsts], dtype=np.bool_),
    )


def _part(row: Row) -> tuple[str, bool]:
    """Return the group of a row, and whether it has an answer."""
    return row.group, row.answerable


def _scaled(share: Sequence[float], count: int) -> Floats:
    weights = np.array(share)
    found: Floats = weights * count / weights.sum()
    return found


def _fold(question: str) -> int:
    return int(sha256(question.encode()).hexdigest()[-8:], 16) % _FOLDS


def _area(scores: Floats, labels: NDArray[np.bool_]) -> dict[str, float] | None:
    """Return the AUROC with its interval; None without both labels."""
    if labels.all() or not labels.any():
        return None
    return resampled(len(scores), lambda at: area(scores[at], labels[at]))


def _coverage(scores: Floats, right: NDArray[np.bool_], precision: float) -> dict[str, float]:
    return resampled(
        len(scores), lambda at: coverage_at(scores[at].tolist(), right[at].tolist(), precision)
    )
