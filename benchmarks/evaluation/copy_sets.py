"""Are copies of a report found, and different reports kept apart? With intervals over pairs."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.copies import KINDS, Pair, Result, measure, of_half, score
from benchmarks.evaluation.intervals import Places, ratio_of, resampled
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.work import Work
from benchmarks.shingles import HALVES

COUNTED = ("similar", "numbers")
"""Kinds of pairs that are different reports; the others were made by changing a name or denial."""


def measure_copies(work: Work) -> Entry:
    """Ask of every pair whether a build would join it."""
    work.progress.stage("copies", None)
    measured = measure(work.data, work.limit)
    work.progress.close()
    halves = {half: found for half in HALVES if (found := of_half(measured, half))}
    return {
        "questions": {half: len(found) for half, found in halves.items()},
        "measures": {half: measures_of(found) for half, found in halves.items()},
        "rule": "pairs of versions of one address are copies; similar articles of different "
        "addresses, and versions with a number, name or denial changed, are not",
    }


def measures_of(measured: Sequence[tuple[Pair, bool]]) -> dict[str, Any]:
    """Return F1, precision and recall, and the shares of different reports that were joined."""

    def of(field: Callable[[Result], float]) -> Callable[[Places], float]:
        return lambda at: field(score([measured[i] for i in at]))

    shares = {"different reports joined": COUNTED, **{kind: (kind,) for kind in KINDS[1:]}}
    return {
        "F1": resampled(len(measured), of(lambda found: found.f1)),
        "precision": resampled(len(measured), of(lambda found: found.precision)),
        "recall": resampled(len(measured), of(lambda found: found.recall)),
        **{name: share for name, kinds in shares.items() if (share := _joined(measured, kinds))},
    }


def _joined(measured: Sequence[tuple[Pair, bool]], kinds: Sequence[str]) -> dict[str, float] | None:
    wholes = [float(pair.kind in kinds) for pair, _ in measured]
    parts = [whole * joined for whole, (_, joined) in zip(wholes, measured, strict=True)]
    return ratio_of(parts, wholes)
