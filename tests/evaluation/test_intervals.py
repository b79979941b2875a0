"""Intervals, paired tests and their correction, on arrays whose result is known."""

import random
from itertools import product
from statistics import mean

import pytest

from evaluation.intervals import estimate, holm, paired_p_value


def values(seed: int, count: int, shift: float = 0.0) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - values for a test, no secrets
    return [min(1.0, chance.random() + shift) for _ in range(count)]


def test_the_interval_is_as_wide_as_theory_says() -> None:
    """400 values, half 0 and half 1: the mean's standard error is 0.5 / 20."""
    found = estimate([0.0, 1.0] * 200)
    assert found.mean == 0.5
    assert found.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.004)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.004)


def test_the_interval_is_the_same_every_time_and_depends_on_the_seed() -> None:
    sample = values(1, 50)
    assert estimate(sample) == estimate(sample)
    assert estimate(sample, seed=2) != estimate(sample, seed=3)


def test_one_query_has_no_spread() -> None:
    found = estimate([0.3])
    assert (found.mean, found.low, found.high) == (0.3, 0.3, 0.3)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="values must hold at least one value, got none"):
        estimate([])


def test_few_pairs_are_tested_in_every_way() -> None:
    one, other = [0.9, 0.4, 0.8, 0.5, 0.7], [0.5, 0.6, 0.1, 0.5, 0.2]
    differences = [a - b for a, b in zip(one, other, strict=True)]
    observed = abs(sum(differences))
    ways = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=5)
    ]
    expected = sum(each >= observed - 1e-9 for each in ways) / 32
    assert paired_p_value(one, other) == expected == 0.25
    assert paired_p_value(other, one) == expected


def test_drawn_permutations_come_near_to_all_of_them() -> None:
    one, other = values(1, 12, 0.2), values(2, 12)
    every = paired_p_value(one, other)
    assert paired_p_value(one, other, permutations=4_000) == pytest.approx(every, abs=0.02)


def test_equal_runs_do_not_differ_and_a_clear_difference_is_found() -> None:
    same = values(1, 200)
    assert paired_p_value(same, same) == 1.0
    better = [each + 0.1 for each in same]
    assert paired_p_value(better, same) == 1 / 10_001, "no draw is as extreme as all of one sign"


def test_chance_alone_is_rarely_significant() -> None:
    p_values = [paired_p_value(values(n, 40), values(1000 + n, 40)) for n in range(60)]
    assert sum(p < 0.05 for p in p_values) <= 8
    assert mean(p_values) == pytest.approx(0.5, abs=0.12)


def test_pairs_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="paired values must be as many, got 2 and 1"):
        paired_p_value([0.1, 0.2], [0.1])


def test_holm_keeps_order_and_never_exceeds_one() -> None:
    assert holm([0.5, 0.01, 0.6]) == [1.0, 0.03, 1.0]
    assert holm([]) == []
