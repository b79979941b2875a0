"""Bootstrap confidence intervals and paired significance tests over queries; seeded."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap, permutation_test

RESAMPLES: Final = 10_000
FEW_RESAMPLES: Final = 2_000
"""Resamples of statistics computed in Python, which take far longer than means."""

SEED: Final = 20_240_229
_TAILS = (2.5, 97.5)
# Numbers per block of resamples: keeps memory below 100 MB.
_BLOCK = 4_000_000
# Sums closer than this per query are equal: they differ by the order of summation only.
_SAME = 1e-12

Rows: TypeAlias = NDArray[np.int64]
"""Row numbers of queries, from 0; a resample repeats some."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean over queries with its 95 % bootstrap interval.

    >>> str(Estimate(0.6789, 0.634, 0.721))
    '0.679 [0.634, 0.721]'
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Return the mean and its percentile bootstrap interval (Efron, 1979).

    >>> estimate([0.5, 0.5, 0.5])
    Estimate(mean=0.5, low=0.5, high=0.5)

    Raises:
        ValueError: if there are no values.
    """
    found = _array("values", values)
    return Estimate(float(found.mean()), *_interval(found, np.mean, resamples, seed))


def mean_of(values: Sequence[float], of: int = 1) -> dict[str, float]:
    """Return the mean of one value per question, its interval and the number of values.

    >>> mean_of([0.5, 0.5])
    {'value': 0.5, 'low': 0.5, 'high': 0.5, 'n': 2}

    Args:
        values: one per question.
        of: 100 for measures usually given as percentages; recorded under `of`.
    """
    found = estimate([of * value for value in values])
    measure: dict[str, float] = {"value": found.mean, "low": found.low, "high": found.high}
    return measure | {"n": len(values)} | ({} if of == 1 else {"of": of})


def ratio_of(parts: Sequence[float], wholes: Sequence[float]) -> dict[str, float] | None:
    """Return the sum of parts over the sum of wholes; None if the wholes sum to 0.

    >>> ratio_of([1, 0], [2, 0])["value"]
    0.5
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    if not whole.sum():
        return None

    def share(at: Rows) -> float:
        total = float(whole[at].sum())
        return float(part[at].sum()) / total if total else float("nan")

    return resampled(part.size, share)


def resampled(questions: int, statistic: Callable[[Rows], float]) -> dict[str, float]:
    """Return any statistic over questions with its interval.

    Args:
        questions: how many there are.
        statistic: takes row numbers; may return nan, which the interval ignores.

    Raises:
        ValueError: if there are no questions.
    """
    if questions < 1:
        raise ValueError(f"questions must be at least 1, got {questions}")
    rows = np.arange(questions)

    def of_row_numbers(at: NDArray[np.float64]) -> float:
        return statistic(at.astype(np.int64))

    low, high = _interval(rows, of_row_numbers, FEW_RESAMPLES, SEED, vectorized=False)
    return {"value": statistic(rows), "low": low, "high": high, "n": questions}


def paired_p_value(
    one: Sequence[float],
    other: Sequence[float],
    *,
    permutations: int = RESAMPLES,
    seed: int = SEED,
) -> float:
    """Return the two-sided p-value of a paired randomisation test (Smucker et al., CIKM 2007).

    Exact if there are at most `permutations` ways to flip signs, else sampled.

    >>> paired_p_value([0.9, 0.8, 0.7], [0.1, 0.2, 0.3])
    0.25

    Raises:
        ValueError: if there are no values, or their numbers differ.
    """
    first, second = _array("one", one), _array("other", other)
    if first.size != second.size:
        raise ValueError(f"paired values must be as many, got {first.size} and {second.size}")
    if first.size == 1:
        return 1.0  # both signs are as extreme; scipy needs two values

    def size_of_sum(differences: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        # Rounded, so that equal sums of another order of summation are ties.
        sums: NDArray[np.float64] = np.abs(differences.sum(axis=axis))
        return np.round(sums / (_SAME * first.size))

    found = permutation_test(
        (first - second,),
        size_of_sum,
        permutation_type="samples",
        alternative="greater",
        n_resamples=permutations,
        batch=max(1, _BLOCK // first.size),
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for multiple comparisons (Holm, 1979), in the same order.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for tested, position in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - tested) * p_values[position]))
        corrected[position] = highest
    return corrected


def _interval(
    data: NDArray[np.float64] | NDArray[np.int64],
    statistic: Callable[..., object],
    resamples: int,
    seed: int,
    *,
    vectorized: bool = True,
) -> tuple[float, float]:
    if data.size == 1:  # scipy needs two observations
        only = float(data.mean()) if vectorized else statistic(data.astype(np.float64))
        return float(only), float(only)  # type: ignore[arg-type] # a number
    with warnings.catch_warnings():
        # A resample without a value is no reason to warn: it is left out below.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        found = bootstrap(
            (data,),
            statistic,
            vectorized=vectorized,
            n_resamples=resamples,
            batch=max(1, _BLOCK // data.size),
            method="percentile",
            rng=np.random.default_rng(seed),
        )
    low, high = np.nanpercentile(found.bootstrap_distribution, _TAILS)
    return float(low), float(high)


def _array(name: str, values: Sequence[float]) -> NDArray[np.float64]:
    found = np.asarray(values, dtype=np.float64)
    if not found.size:
        raise ValueError(f"{name} must hold at least one value, got none")
    return found
