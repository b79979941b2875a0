"""What the pages on limits and on time are computed from."""

import pytest

from benchmarks.limits import encoder_operations
from benchmarks.time_spent import profiled, rows, table


def test_encoding_costs_two_operations_a_weight_and_token_and_attention_with_the_square() -> None:
    # Six layers: 12 × 384² weights a token, and two products of 384 numbers for every two tokens.
    assert encoder_operations(1) == 2 * 6 * (12 * 384 * 384 + 2 * 384)
    assert encoder_operations(200) > 2 * encoder_operations(100)
    assert encoder_operations(100) / 1e9 == pytest.approx(2.2155, abs=1e-4)


def test_the_time_of_a_function_is_found_by_its_file_and_name() -> None:
    stats, seconds = profiled(lambda: encoder_operations(5))
    found = rows(stats, {"counted": ("limits.py", "encoder_operations"), "absent": ("x.py", "y")})
    assert list(found) == ["counted"]
    assert 0 <= found["counted"] <= seconds


def test_what_no_row_covers_is_shown_too() -> None:
    text = table("building", {"catalog": 1.0, "lists": 2.5}, 5.0, "s")
    assert "| catalog | 1.00 | 20 % |" in text
    assert "| everything else | 1.50 | 30 % |" in text
    assert text.rstrip().endswith("| **all** | 5.00 | 100 % |")
