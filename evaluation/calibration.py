"""Calibration of scores: AUROC, risk against coverage, reliability. Ties have no order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

BINS = 10


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Coverage (share answered) and risk (share wrong of it) from a score of `threshold` on."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Bin of scores from `low` to `high` with its mean score and accuracy."""

    low: float
    high: float
    count: int
    mean_score: float
    accuracy: float


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return the probability that a right one scores above a wrong one; ties count half.

    >>> auroc([0.9, 0.8, 0.3, 0.3], [True, False, True, False])
    0.625

    Raises:
        ValueError: if lengths differ, or all are right or all wrong.
    """
    values, truth = _arrays(scores, right)
    positives = int(truth.sum())
    if positives in (0, truth.size):
        raise ValueError(
            "auroc needs a right and a wrong one, "
            f"got {positives} right and {truth.size - positives} wrong"
        )
    return float(roc_auc_score(truth, values))


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[CoveragePoint]:
    """Return a point per distinct score, highest first; the last covers everything.

    >>> [(p.coverage, p.risk) for p in risk_coverage([0.9, 0.5, 0.5], [True, True, False])]
    [(0.3333333333333333, 0.0), (1.0, 0.3333333333333333)]

    Raises:
        ValueError: if lengths differ or are 0.
    """
    values, truth = _arrays(scores, right)
    thresholds, group = np.unique(-values, return_inverse=True)
    answered = np.cumsum(np.bincount(group))
    wrong = np.cumsum(np.bincount(group, weights=~truth))
    return [
        CoveragePoint(float(-threshold), float(count / values.size), float(errors / count))
        for threshold, count, errors in zip(thresholds, answered, wrong, strict=True)
    ]


def aurc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean risk over all coverages (Geifman et al., ICLR 2019); lower is better.

    Items with equal scores each count their mean error.

    >>> aurc([0.9, 0.8], [True, False]), aurc([0.5, 0.5], [True, False])
    (0.25, 0.5)

    Raises:
        ValueError: if lengths differ or are 0.
    """
    values, truth = _arrays(scores, right)
    _, group = np.unique(-values, return_inverse=True)
    errors = np.bincount(group, weights=~truth) / np.bincount(group)
    ordered = errors[np.sort(group)]
    return float((np.cumsum(ordered) / np.arange(1, values.size + 1)).mean())


def reliability(
    scores: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> list[ReliabilityBin]:
    """Return the non-empty bins of [0, 1], all of one width (a score on an edge: the upper).

    >>> [(b.count, b.mean_score, b.accuracy) for b in reliability([0.75, 0.75], [True, False], 2)]
    [(2, 0.75, 0.5)]

    Raises:
        ValueError: if lengths differ or are 0, or a score is outside [0, 1].
    """
    values, truth = _arrays(scores, right)
    if values.min() < 0 or values.max() > 1:
        raise ValueError(f"scores must be in [0, 1], got {values.min():g} to {values.max():g}")
    at = np.minimum((values * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            low=bin_ / bins,
            high=(bin_ + 1) / bins,
            count=int((at == bin_).sum()),
            mean_score=float(values[at == bin_].mean()),
            accuracy=float(truth[at == bin_].mean()),
        )
        for bin_ in np.unique(at).tolist()
    ]


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Return the expected calibration error (Guo et al., ICML 2017): 0 is perfect.

    >>> calibration_error([0.75, 0.75], [True, False], 2)
    0.25

    Raises:
        ValueError: as `reliability`.
    """
    found = reliability(scores, right, bins)
    gaps = sum(each.count * abs(each.accuracy - each.mean_score) for each in found)
    return gaps / len(scores)


def _arrays(
    scores: Sequence[float], right: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    values = np.asarray(scores, dtype=np.float64)
    truth = np.asarray(right, dtype=np.bool_)
    if not values.size or values.shape != truth.shape:
        raise ValueError(
            f"scores and right must be as many, at least one, got {values.size} and {truth.size}"
        )
    return values, truth
