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
        ("1402-08-04T20:42:00+03:30", None),
        ("14450411", None),
        ("2566-10-26", None),
        ("0001-01-01T00:00:00Z", None),
        ("26 octobre 2023", "2023-10-26"),
        ("", None),
    ],
)
def test_a_date_for_programs(value: str, iso: str | None) -> None:
    assert machine_date(value) == iso


@given(st.text(alphabet="0123456789-/.:TZ +May", max_size=30))
def test_any_value_is_a_calendar_day_or_nothing(value: str) -> None:
    iso = machine_date(value)
    assert iso is None or date.fromisoformat(iso[:10]).isoformat() == iso[:10]
