"""What do the scores of questions with and without their answers say?

In: both readings of each question. Out: measures with intervals, and the points of curves.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from benchmarks.evaluation.intervals import Places, mean_of, resampled
from retrieval.answering.answers import State
from retrieval.evaluation.calibration import (
    CoveragePoint,
    aurc,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)

CURVE_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """What the reader made of the passages of one question.

    `score` is of the best evidence, `relevance` of the best passage; `right` says whether the best
    evidence's quote holds an answer.
    """

    score: float
    relevance: float
    state: State
    right: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """One question with all passages and without those that answer; `found` if any was read."""

    own: ReadQuestion
    without: ReadQuestion
    found: bool


def measures_of(twins: Sequence[Twins]) -> dict[str, Any]:
    """Return what the scores tell, with intervals over questions."""
    own, without = [each.own for each in twins], [each.without for each in twins]
    found = [each for each in twins if each.found]
    answered = [each.own.right for each in twins if each.own.state == "answered"]
    measures = {
        "AUROC": _auroc(twins, lambda each: each.score),
        "AUROC by relevance": _auroc(twins, lambda each: each.relevance),
        "gold read": mean_of([each.found for each in twins]),
        "answered with it": mean_of([each.state == "answered" for each in own]),
        "answered without it": mean_of([each.state == "answered" for each in without]),
        "related without it": mean_of([each.state == "related" for each in without]),
        "states right": mean_of(
            [
                ((each.own.state == "answered") + (each.without.state != "answered")) / 2
                for each in twins
            ]
        ),
        "best quote right with it": mean_of([each.right for each in own]),
        "ECE with it": {"value": _calibration_error(own)},
        "ECE with and without it": {"value": _calibration_error(_both(twins))},
        "area under risk-coverage with it": {"value": aurc(*_scores(own))},
    }
    if found:
        measures["AUROC where gold was read"] = _auroc(found, lambda each: each.score)
    if answered:
        measures["best quote right, of the answered"] = mean_of(answered)
    return measures


def curves_of(twins: Sequence[Twins]) -> dict[str, Any]:
    """Return what plots show: risk against coverage, and reliability over both of each question."""
    own, both = _scores([each.own for each in twins]), _scores(_both(twins))
    return {
        "risk": [asdict(point) for point in thinned(risk_coverage(*own))],
        "risk with and without": [asdict(point) for point in thinned(risk_coverage(*both))],
        "reliability": [asdict(each) for each in reliability(*both)],
    }


def thinned(points: Sequence[CoveragePoint]) -> list[CoveragePoint]:
    """Return at most about CURVE_POINTS points, the last of each step of coverage among them."""
    steps = {int(point.coverage * CURVE_POINTS): point for point in points}
    return list(steps.values())


def _both(twins: Sequence[Twins]) -> list[ReadQuestion]:
    """Return both of each question; without its gold nothing counts as right."""
    without = [replace(each.without, right=False) for each in twins]
    return [*(each.own for each in twins), *without]


def _scores(read: Sequence[ReadQuestion]) -> tuple[list[float], list[bool]]:
    return [each.score for each in read], [each.right for each in read]


def _calibration_error(read: Sequence[ReadQuestion]) -> float:
    return calibration_error(*_scores(read))


def _auroc(twins: Sequence[Twins], score: Callable[[ReadQuestion], float]) -> dict[str, float]:
    own = [score(each.own) for each in twins]
    without = [score(each.without) for each in twins]

    def of(at: Places) -> float:
        scores = [own[place] for place in at] + [without[place] for place in at]
        return auroc(scores, [True] * len(at) + [False] * len(at))

    return resampled(len(twins), of)
