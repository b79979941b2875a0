"""Does what was measured reach the floors of floors.json? Its values, and how it is read.

In: the file's text, a measurement. Out: what falls short or no longer fits, in words.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from indexer.errors import DatelineError

FORMAT: Final = 1
GRADED_MARGIN: Final = 0.01
"""How far below what was measured the floor of a graded measure, such as nDCG, is set."""

# Processors round differently, which moves a few questions across a threshold: one of a small set,
# two or three of a larger one.
_QUESTIONS_A_SLIP = 50
_SCALE = 10_000
_MEND = (
    "Mend what made it worse (`python -m evaluation` measures one set alone). If it "
    "must be so: `make floors LOWER=--lower`, and name it under Unreleased in CHANGELOG.md"
)

Bounds: TypeAlias = Mapping[str, Mapping[str, float]]
"""By set, then by measure: 0 to 1, higher is better."""


class FloorsError(DatelineError):
    """The floors' file cannot be read, or must not be written as asked."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure, 0 to 1, higher is better, and how far below it its floor is set."""

    value: float
    margin: float

    @property
    def floor(self) -> float:
        """The floor that this measurement allows, rounded down to four decimals."""
        # The inner rounding keeps 0.7 from becoming 0.6999 by the nature of floats.
        return max(0.0, math.floor(round((self.value - self.margin) * _SCALE, 6)) / _SCALE)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one run found: the reader's name, by set the SHA-256 of its files, and the measures."""

    reader: str
    sha256: Mapping[str, str]
    measures: Mapping[str, Mapping[str, Measured]]


@dataclass(frozen=True, slots=True)
class Floors:
    """What must be reached, by which reader, on which files."""

    reader: str
    sha256: Mapping[str, str]
    bounds: Bounds

    def to_json(self) -> str:
        """Return the content of the file."""
        sets = {
            name: {"sha256": self.sha256[name], "floors": dict(bounds)}
            for name, bounds in self.bounds.items()
        }
        content = {"format": FORMAT, "reader": self.reader, "sets": sets}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def questions_margin(questions: int) -> float:
    """Return the margin of a share of questions: one of every fifty, and of those left over.

    >>> questions_margin(20), questions_margin(50), questions_margin(100)
    (0.05, 0.02, 0.02)
    """
    return math.ceil(questions / _QUESTIONS_A_SLIP) / questions if questions else 0.0


def parse_floors(text: str, name: str) -> Floors:
    """Read the content of a floors' file, which errors call `name`.

    Raises:
        FloorsError: when it is no JSON, or not of this format.
    """
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise FloorsError(
                f"{name} has format {content['format']}; this version reads {FORMAT}. Take the "
                "file of this version from git, or measure again: make floors"
            )
        sets = content["sets"]
        return Floors(
            str(content["reader"]),
            {each: str(sets[each]["sha256"]) for each in sets},
            {each: _bounds(sets[each]["floors"]) for each in sets},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FloorsError(
            f"{name} holds no floors ({error!r}); expected JSON with format, reader and sets, each "
            "with sha256 and floors from 0 to 1. Restore it from git"
        ) from error


def shortfall(floors: Floors, found: Measurement, name: str, measure: str) -> str | None:
    """Say what is wrong with one measure of a set; None when it reaches its floor."""
    bound = floors.bounds.get(name, {}).get(measure)
    value = found.measures.get(name, {}).get(measure)
    if bound is None:
        return f"{name}, {measure}: there is no floor. Set it: make floors"
    reached = "nothing" if value is None else f"{value.value:.4f}"
    if value is not None and value.value >= bound:
        return None
    return (
        f"{name}, {measure}: found {reached} (reader {found.reader}), the floor is {bound:g} (set "
        f"with reader {floors.reader}). {_MEND}"
    )


def staleness(floors: Floors, found: Measurement) -> list[str]:
    """Say what the floors were set for that is different now: the reader, the files of a set."""
    problems = []
    if floors.reader != found.reader:
        problems.append(
            f"the floors hold for the reader {floors.reader!r}, but the default is "
            f"{found.reader!r}. Measure again: make floors"
        )
    problems += [
        f"the files of {name} are not those that its floors were set on. Measure again: make floors"
        for name, sha256 in found.sha256.items()
        if name in floors.sha256 and floors.sha256[name] != sha256
    ]
    return problems


def _bounds(floors: Mapping[str, Any]) -> dict[str, float]:
    for measure, bound in floors.items():
        if not 0 <= bound <= 1:
            raise ValueError(f"{measure}: {bound}")
    return {measure: float(bound) for measure, bound in floors.items()}
