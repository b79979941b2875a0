"""The copies set, on pairs of our own whose outcome is written down."""

from benchmarks.copies import Pair
from benchmarks.evaluation.copy_sets import measures_of


def pair(kind: str, *, joined: bool) -> tuple[Pair, bool]:
    return Pair(kind, made_on=True, one="One.", other="Other."), joined


def test_different_reports_that_were_joined_are_counted_by_kind() -> None:
    found = measures_of(
        [
            pair("versions", joined=True),
            pair("versions", joined=True),
            pair("versions", joined=False),
            pair("similar", joined=False),
            pair("similar", joined=True),
            pair("numbers", joined=False),
            pair("numbers", joined=False),
            pair("names", joined=True),
        ]
    )
    values = {name: round(measure["value"], 3) for name, measure in found.items()}
    assert values == {
        "F1": 0.667,
        "precision": 0.667,
        "recall": 0.667,
        "different reports joined": 0.25,
        "similar": 0.5,
        "numbers": 0.0,
        "names": 1.0,
    }
    assert found["similar"]["low"] <= 0.5 <= found["similar"]["high"]
