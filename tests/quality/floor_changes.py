"""What becomes of the floors after a measurement, and who may lower one?

Raising is free. Lowering takes a flag, and a line in the newest section of the changelog.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.quality.floors_file import Floors, FloorsError, Measured, Measurement, parse_floors


class LowerFloorsError(FloorsError):
    """Floors would become lower and may not; `lines` are what the changelog would have to hold."""

    def __init__(self, message: str, lines: Sequence[str]) -> None:
        super().__init__(message)
        self.lines = tuple(lines)


_NO_REASON = "…"


@dataclass(frozen=True, slots=True)
class Lowering:
    """A floor that became lower; `new` is None where the measure is gone."""

    set: str
    measure: str
    old: float
    new: float | None

    @property
    def words(self) -> str:
        """The words that the changelog's line must hold."""
        end = "removed" if self.new is None else f"to {self.new:g}"
        return f"{self.set}, {self.measure}, {end}"

    @property
    def line(self) -> str:
        """The changelog's line, in which only the reason is missing."""
        return f"- Quality floor lowered from {self.old:g}: {self.words}, because {_NO_REASON}"

    def is_named_in(self, lines: Sequence[str]) -> bool:
        """Tell whether a line allows this floor: it names the measure, and this number or less."""
        start = re.escape(f"{self.set}, {self.measure}, ")
        if self.new is None:
            return any(re.search(rf"{start}removed\b", line) for line in lines)
        found = (re.search(rf"{start}to (\d(?:\.\d+)?)", line) for line in lines)
        return any(float(match[1]) <= self.new for match in found if match)


def renewed(old: Floors | None, found: Measurement) -> Floors:
    """Return the floors after a measurement.

    A floor that was reached stays or rises; one that was not falls to what was found, less its
    margin. So a measurement between a floor and its margin never lowers the floor.
    """

    def bound(name: str, measure: str, value: Measured) -> float:
        before = old.bounds.get(name, {}).get(measure) if old else None
        if before is None or value.value < before:
            return value.floor
        return max(before, value.floor)

    bounds = {
        name: {measure: bound(name, measure, value) for measure, value in measures.items()}
        for name, measures in found.measures.items()
    }
    return Floors(found.reader, found.sha256, bounds)


def lowerings(old: Floors, new: Floors) -> list[Lowering]:
    """Return every floor that is lower than it was, or gone, whichever reader it was set with."""
    return [
        Lowering(name, measure, before, after)
        for name, bounds in old.bounds.items()
        for measure, before in bounds.items()
        for after in [new.bounds.get(name, {}).get(measure)]
        if after is None or after < before
    ]


def unnamed(lowered: Sequence[Lowering], changelog: str) -> list[Lowering]:
    """Return the lowerings that no line of the changelog's newest section names with a reason.

    That is Unreleased; or the newest version, while its release is prepared and the former is
    empty.
    """
    lines = [line for line in _newest_lines(changelog) if not line.endswith(_NO_REASON)]
    return [each for each in lowered if not each.is_named_in(lines)]


def write_floors(found: Measurement, path: Path, changelog: Path, *, lower: bool) -> list[Lowering]:
    """Renew the file from a measurement and return which floors became lower.

    Args:
        found: what was measured.
        path: the file; made when there is none.
        changelog: its Unreleased section must name every floor that becomes lower.
        lower: whether any may.

    Raises:
        LowerFloorsError: when a floor would become lower and may not; the file stays as it was.
        FloorsError: when the file cannot be read.
    """
    old = parse_floors(path.read_text(encoding="utf-8"), path.name) if path.exists() else None
    new = renewed(old, found)
    lowered = lowerings(old, new) if old else []
    if lowered and not lower:
        names = "; ".join(each.words for each in lowered)
        raise LowerFloorsError(
            f"floors would become lower than {path.name} has them: {names}. Mend what "
            f"made it worse, or add --lower and a line to {changelog.name} under Unreleased",
            [each.line for each in lowered],
        )
    if lowered and (missing := unnamed(lowered, changelog.read_text(encoding="utf-8"))):
        names = "; ".join(each.words for each in missing)
        raise LowerFloorsError(
            f"{changelog.name} does not name floors that would become lower: {names}. "
            "Say why under Unreleased, in a line with these words, and run this again",
            [each.line for each in missing],
        )
    path.write_text(new.to_json(), encoding="utf-8")
    return lowered


def _newest_lines(changelog: str) -> list[str]:
    """Return the list items of the first section that has any, each on one line."""
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        items = re.split(
            r"^- ", re.sub(r"^#.*$", "- ", section, flags=re.MULTILINE), flags=re.MULTILINE
        )
        if lines := [" ".join(item.split()) for item in items[1:] if item.strip()]:
            return lines
    return []
