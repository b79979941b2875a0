"""Times of the page are taken in the browser, and shown beside their goals."""

from pathlib import Path

import pytest

from benchmarks.page import markdown, measure


@pytest.mark.browser
def test_a_round_is_timed_after_one_that_warms_up(seeds_index: Path) -> None:
    measured = measure(seeds_index, rounds=1)
    (paint,), (start,), (answer,) = (measured[name] for name in ("paint", "start", "answer"))
    assert 0 < paint < 30
    assert 0 < start < 30
    assert 0 < answer < 30
    assert f"| Enter to the answer on the page, 1 rounds | {answer:.2f} s" in markdown(measured)
