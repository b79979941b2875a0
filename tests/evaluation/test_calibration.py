"""Whether a score knows when it is right, on lists small enough to count."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.calibration import (
    CoveragePoint,
    ReliabilityBin,
    aurc,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)

PAIRS = st.lists(
    st.tuples(st.integers(0, 5).map(lambda n: n / 5), st.booleans()), min_size=2, max_size=30
)


@given(PAIRS.filter(lambda pairs: len({right for _, right in pairs}) == 2))
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[float, bool]]) -> None:
    right = [score for score, is_right in pairs if is_right]
    wrong = [score for score, is_right in pairs if not is_right]
    won = sum((a > b) + (a == b) / 2 for a in right for b in wrong)
    found = auroc([score for score, _ in pairs], [is_right for _, is_right in pairs])
    assert found == pytest.approx(won / (len(right) * len(wrong)))


def test_auroc_of_perfect_reversed_and_useless_scores() -> None:
    right = [True, True, False]
    assert auroc([0.9, 0.8, 0.1], right) == 1.0
    assert auroc([0.1, 0.2, 0.9], right) == 0.0
    assert auroc([0.5, 0.5, 0.5], right) == 0.5


def test_auroc_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="needs a right and a wrong one, got 2 right and 0 wrong"):
        auroc([0.1, 0.2], [True, True])


def test_risk_rises_with_coverage_where_wrong_answers_score_low() -> None:
    points = risk_coverage([0.3, 0.9, 0.6, 0.6], [False, True, True, False])
    assert points == [
        CoveragePoint(0.9, 0.25, 0.0),
        CoveragePoint(0.6, 0.75, 1 / 3),
        CoveragePoint(0.3, 1.0, 0.5),
    ]


def test_the_area_is_the_mean_risk_over_coverages() -> None:
    assert aurc([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert aurc([0.9, 0.8], [True, True]) == 0.0
    assert aurc([0.9, 0.8], [False, False]) == 1.0


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_counts(
    pairs: list[tuple[float, bool]], chance: Random
) -> None:
    turned = list(pairs)
    chance.shuffle(turned)
    (scores, right), (other_scores, other_right) = (
        zip(*pairs, strict=True),
        zip(*turned, strict=True),
    )
    assert aurc(scores, right) == pytest.approx(aurc(other_scores, other_right))
    assert risk_coverage(scores, right) == risk_coverage(other_scores, other_right)


def test_reliability_compares_scores_with_what_was_right() -> None:
    scores, right = [0.05, 0.15, 0.15, 1.0], [False, True, False, True]
    assert reliability(scores, right) == [
        ReliabilityBin(0.0, 0.1, 1, 0.05, 0.0),
        ReliabilityBin(0.1, 0.2, 2, 0.15, 0.5),
        ReliabilityBin(0.9, 1.0, 1, 1.0, 1.0),
    ]
    assert calibration_error(scores, right) == pytest.approx((0.05 + 2 * 0.35 + 0) / 4)


def test_scores_that_are_no_chances_have_no_reliability() -> None:
    with pytest.raises(ValueError, match=r"scores must be in \[0, 1\], got -0.2 to 1.5"):
        reliability([1.5, -0.2], [True, False])


@pytest.mark.parametrize("measure", [auroc, aurc, risk_coverage, reliability, calibration_error])
def test_scores_and_truth_must_be_as_many(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match="must be as many, at least one, got 2 and 1"):
        measure([0.1, 0.2], [True])
    with pytest.raises(ValueError, match="must be as many, at least one, got 0 and 0"):
        measure([], [])
