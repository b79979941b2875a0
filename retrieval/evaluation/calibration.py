"""Does a score know when it is right? AUROC, risk against coverage, reliability.

In: scores (higher is surer) and whether each was right. Out: numbers and points for plots; ties
never depend on the order of the input.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What answering only from `threshold` on means: which share is answered, which of it wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Scores from `low` to `high`: how many, their mean, and which share was right."""

    low: float
    high: float
    count: int
    mean_score: float
    accuracy: float


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return the chance that a right one scores above a wrong one, a tie counting half.

    >>> auroc([0.9, 0.8, 0.3, 0.3], [True, False, True, False])
    0.625

    Raises:
        ValueError: unless there are as many of both, at least one right and one wrong.
    """
    values, truth = _arrays(scores, right)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        raise ValueError(
            f"auroc needs a right and a wrong one, got {positives} right and {negatives} wrong"
        )
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    # A tie has the mean of the ranks that it takes (Mann and Whitney, 1947).
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[group]
    above = ranks[truth].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[CoveragePoint]:
    """Return a point for each different score, the highest first; the last covers everything.

    >>> [(p.coverage, p.risk) for p in risk_coverage([0.9, 0.5, 0.5], [True, True, False])]
    [(0.3333333333333333, 0.0), (1.0, 0.3333333333333333)]

    Raises:
        ValueError: unless there are as many of both, at least one.
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

    Items of equal score enter in every order at once: each counts their mean error.

    >>> aurc([0.9, 0.8], [True, False]), aurc([0.5, 0.5], [True, False])
    (0.25, 0.5)

    Raises:
        ValueError: unless there are as many of both, at least one.
    """
    values, truth = _arrays(scores, right)
    _, group = np.unique(-values, return_inverse=True)
    errors = np.bincount(group, weights=~truth) / np.bincount(group)
    ordered = errors[np.sort(group)]
    return float((np.cumsum(ordered) / np.arange(1, values.size + 1)).mean())


def reliability(
    scores: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> list[ReliabilityBin]:
    """Return the bins of [0, 1], equally wide, that hold a score.

    >>> [(b.count, b.mean_score, b.accuracy) for b in reliability([0.75, 0.75], [True, False], 2)]
    [(2, 0.75, 0.5)]

    Raises:
        ValueError: unless there are as many of both, at least one, and scores are in [0, 1].
    """
    values, truth = _arrays(scores, right)
    if values.min() < 0 or values.max() > 1:
        raise ValueError(f"scores must be in [0, 1], got {values.min():g} to {values.max():g}")
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            low=place / bins,
            high=(place + 1) / bins,
            count=int((places == place).sum()),
            mean_score=float(values[places == place].mean()),
            accuracy=float(truth[places == place].mean()),
        )
        for place in np.unique(places).tolist()
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
