"""How sure is a number that is no mean over questions? A seeded bootstrap over them."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.significance import SEED, estimate

Places: TypeAlias = NDArray[np.int64]
"""int64, numbers of questions, from 0; a resample holds some of them twice."""

RESAMPLES: Final = 2_000
_TAILS = (2.5, 97.5)


def mean_of(values: Sequence[float], of: int = 1) -> dict[str, float]:
    """Return the mean of one value a question, its 95 % interval, and how many there were.

    >>> mean_of([0.5, 0.5])
    {'value': 0.5, 'low': 0.5, 'high': 0.5, 'n': 2}

    Args:
        values: one a question.
        of: 100 for measures that the field gives as percentages; then `of` says so.
    """
    found = estimate([of * value for value in values])
    measure: dict[str, float] = {"value": found.mean, "low": found.low, "high": found.high}
    return measure | {"n": len(values)} | ({} if of == 1 else {"of": of})


def ratio_of(parts: Sequence[float], wholes: Sequence[float]) -> dict[str, float] | None:
    """Return a share over all questions, each of which has a part and a whole; None over nothing.

    >>> ratio_of([1, 0], [2, 0])["value"]
    0.5
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    if not whole.sum():
        return None

    def share(at: Places) -> float:
        total = float(whole[at].sum())
        return float(part[at].sum()) / total if total else float("nan")

    return resampled(part.size, share)


def resampled(questions: int, statistic: Callable[[Places], float]) -> dict[str, float]:
    """Return a statistic over questions and its 95 % percentile bootstrap interval.

    Args:
        questions: how many there are.
        statistic: takes the numbers of the questions that it is to be of; nan where it has no
            value, as for a resample by chance without any quote.

    Raises:
        ValueError: when there is no question.
    """
    if questions < 1:
        raise ValueError(f"questions must be at least 1, got {questions}")
    generator = np.random.default_rng(SEED)
    draws = (generator.integers(questions, size=questions) for _ in range(RESAMPLES))
    low, high = np.nanpercentile([statistic(draw) for draw in draws], _TAILS)
    return {
        "value": statistic(np.arange(questions)),
        "low": float(low),
        "high": float(high),
        "n": questions,
    }
