"""The quality gate: do the defaults reach every floor of floors.json, and was none lowered unsaid?

Set the floors with `make floors`; who may lower one is in floor_changes.py.
"""

import pytest

from tests.quality.floor_changes import lowerings, unnamed
from tests.quality.floor_history import NoHistoryError, committed_floors
from tests.quality.floors import CHANGELOG, load_floors
from tests.quality.floors_file import Measurement, shortfall, staleness
from tests.support.commands import REPOSITORY

FLOORS = load_floors()
PINNED = [(name, measure) for name, bounds in FLOORS.bounds.items() for measure in bounds]


@pytest.mark.parametrize(("name", "measure"), PINNED, ids=map(": ".join, PINNED))
def test_quality_is_not_below_its_floor(name: str, measure: str, measurement: Measurement) -> None:
    problem = shortfall(FLOORS, measurement, name, measure)
    assert problem is None, problem


def test_every_measure_has_a_floor(measurement: Measurement) -> None:
    found = {(name, each) for name, measures in measurement.measures.items() for each in measures}
    assert sorted(found - set(PINNED)) == [], "measure again: make floors"


def test_the_floors_hold_for_the_default_reader_and_these_files(measurement: Measurement) -> None:
    assert staleness(FLOORS, measurement) == []


@pytest.mark.parametrize("name", FLOORS.bounds)
def test_a_quote_that_is_not_in_its_file_is_never_tolerated(name: str) -> None:
    assert FLOORS.bounds[name].get("citation validity", 1.0) == 1.0


def test_no_floor_is_lower_than_a_committed_one_unless_the_changelog_says_so() -> None:
    try:
        versions = committed_floors(REPOSITORY)
    except NoHistoryError as error:
        pytest.skip(f"floors are not compared with committed ones: {error}")
    changelog = CHANGELOG.read_text(encoding="utf-8")
    missing = {
        each.line
        for old in versions.values()
        for each in unnamed(lowerings(old, FLOORS), changelog)
    }
    assert sorted(missing) == [], "raise these floors again, or add the lines to CHANGELOG.md"
