"""A machine-readable date is a calendar day, or nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.webpages.declared_dates import machine_date


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2023-05-04T07:30:15.123Z", "2023-05-04T07:30:15+00:00"),
        ("20230504", "2023-05-04"),
        ("2023-05-04 25:00", "2023-05-04"),
        ("04.05.2023", "2023-05-04"),
        ("May 4, 2023", "2023-05-04"),
        ("05/04/2023", None),
        ("2023-13-04", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_a_date_for_programs(value: str, iso: str | None) -> None:
    assert machine_date(value) == iso


@given(st.text(alphabet="0123456789-/.:TZ +May", max_size=30))
def test_any_value_is_a_calendar_day_or_nothing(value: str) -> None:
    iso = machine_date(value)
    assert iso is None or date.fromisoformat(iso[:10]).isoformat() == iso[:10]
