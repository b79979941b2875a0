"""Is a difference more than chance? Intervals and paired tests over queries, seeded.

In: one value a query. Out: means with 95 % intervals, p-values; the same input, the same output.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20_240_229
_TAILS = (2.5, 97.5)
# Resamples are drawn in blocks of this many numbers, which keeps memory below 100 MB.
_BLOCK = 4_000_000
# Means closer than this are equal: they differ by the order of summation only.
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its 95 % bootstrap interval.

    >>> str(Estimate(0.6789, 0.634, 0.721))
    '0.679 [0.634, 0.721]'
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Return the mean and its percentile bootstrap interval (Efron, 1979) over queries.

    >>> estimate([0.5, 0.5, 0.5])
    Estimate(mean=0.5, low=0.5, high=0.5)

    Raises:
        ValueError: when there is no value.
    """
    found = _array("values", values)
    generator = np.random.default_rng(seed)
    means = np.concatenate(
        [
            found[generator.integers(found.size, size=(count, found.size))].mean(axis=1)
            for count in _blocks(resamples, found.size)
        ]
    )
    low, high = np.percentile(means, _TAILS)
    return Estimate(float(found.mean()), float(low), float(high))


def paired_p_value(
    one: Sequence[float],
    other: Sequence[float],
    *,
    permutations: int = RESAMPLES,
    seed: int = SEED,
) -> float:
    """Return the two-sided p-value of a paired randomisation test (Smucker et al., CIKM 2007).

    How often is the mean difference as large when each query's two values may change places? All
    ways are tried when they are no more than `permutations`, else so many are drawn.

    >>> paired_p_value([0.9, 0.8, 0.7], [0.1, 0.2, 0.3])
    0.25

    Raises:
        ValueError: when there is no value, or not as many of both.
    """
    first, second = _array("one", one), _array("other", other)
    if first.size != second.size:
        raise ValueError(f"paired values must be as many, got {first.size} and {second.size}")
    differences = first - second
    observed = abs(differences.sum()) - _SAME * differences.size
    if 2**differences.size <= permutations:
        sums = _all_signs(differences.size) @ differences
        return float((np.abs(sums) >= observed).mean())
    generator = np.random.default_rng(seed)
    extreme = 0
    for count in _blocks(permutations, differences.size):
        signs = generator.integers(0, 2, size=(count, differences.size), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ differences) >= observed).sum())
    return (extreme + 1) / (permutations + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for being several (Holm, 1979), in the same order.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for tested, position in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - tested) * p_values[position]))
        corrected[position] = highest
    return corrected


def _array(name: str, values: Sequence[float]) -> NDArray[np.float64]:
    found = np.asarray(values, dtype=np.float64)
    if not found.size:
        raise ValueError(f"{name} must hold at least one value, got none")
    return found


def _blocks(total: int, width: int) -> Iterator[int]:
    """Yield counts that add up to `total`, each with at most _BLOCK numbers."""
    size = max(1, _BLOCK // width)
    while total > 0:
        yield min(size, total)
        total -= size


def _all_signs(count: int) -> NDArray[np.int8]:
    """Return every way to choose signs, shape (2 ** count, count)."""
    bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    return (bits * 2 - 1).astype(np.int8)
