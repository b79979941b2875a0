"""Days, months and years that words such as "Friday" or "3 May" mean in an article."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from indexer.text.dates import MONTH_NAMES, SHORT_MONTHS

_DAY_LENGTH: Final = len("2023-05-07")
_ONE: Final = timedelta(days=1)
_WEEK: Final = 7
_WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_NUMBERS: Final = "zero one two three four five six seven eight nine ten eleven twelve".split()
_RELATIVE = re.compile(
    r"\b(?:(?P<day>today|tonight|this (?:morning|afternoon|evening)|yesterday|last night|tomorrow)"
    rf"|(?P<weekday>{'|'.join(_WEEKDAYS)})|(?P<which>this|last|next) (?P<unit>week|month|year)"
    rf"|(?P<count>\d{{1,2}}|an?|{'|'.join(_NUMBERS)}) (?P<ago>day|week|month|year)s? ago"
    rf"|(?P<month>{MONTH_NAMES})\.? (?P<after>\d{{1,2}})(?!\d|,? \d{{4}})"
    rf"|(?P<before>\d{{1,2}}) (?P<of>{MONTH_NAMES})(?!\.?,? \d{{4}}))\b",
    re.IGNORECASE,
)
_OFFSETS: Final = {"yesterday": -1, "last night": -1, "tomorrow": 1}
_WHICH: Final = {"last": -1, "this": 0, "next": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, iso: str) -> Self:
        """Return a day, a month or a year in ISO 8601."""
        year, month, day = (*map(int, iso[:_DAY_LENGTH].split("-")), 0, 0)[:3]
        if day:
            return cls(date(year, month, day), date(year, month, day))
        last = month or 12
        return cls(date(year, month or 1, 1), date(year, last, monthrange(year, last)[1]))

    @property
    def is_day(self) -> bool:
        """Tell whether it is one day."""
        return self.first == self.last

    def gap(self, other: "Period") -> timedelta:
        """Return the time between two periods; 0 where they meet or overlap."""
        return max(other.first - self.last, self.first - other.last, timedelta())


def relative_periods(sentence: str, published: Period) -> Iterator[tuple[str, Period]]:
    """Yield words such as "Friday" and "3 May" with the periods that they mean in an article.

    A weekday is the last one up to the day of publication, or the next one; a day without a year
    is in the year of publication or beside it, whichever is nearer.

    Args:
        sentence: of the article.
        published: day of publication.
    """
    day = published.last
    for found in _RELATIVE.finditer(sentence):
        for period in _meant(
            {name: (part or "").lower() for name, part in found.groupdict().items()}, day
        ):
            yield found.group(), period


def _meant(found: Mapping[str, str], day: date) -> Iterator[Period]:
    if found["day"]:
        yield _days(day + _OFFSETS.get(found["day"], 0) * _ONE)
    elif found["weekday"]:
        back = (day.weekday() - _WEEKDAYS.index(found["weekday"])) % _WEEK
        yield _days(day - back * _ONE)
        yield _days(day + (_WEEK - back) * _ONE)
    elif found["unit"]:
        yield _unit(day, found["unit"], _WHICH[found["which"]])
    elif found["ago"]:
        yield from _ago(day, found["ago"], _number(found["count"]))
    else:
        month, number = found["month"] or found["of"], found["after"] or found["before"]
        yield from _nearest(day, month, int(number))


def _days(day: date) -> Period:
    return Period(day, day)


def _unit(day: date, unit: str, shift: int) -> Period:
    """Return the week, month or year of a day, or another one by a shift."""
    if unit == "week":
        first = day + (shift * _WEEK - day.weekday()) * _ONE
        return Period(first, first + (_WEEK - 1) * _ONE)
    if unit == "year":
        return Period.of(f"{day.year + shift:04}")
    months = day.year * 12 + day.month - 1 + shift
    return Period.of(f"{months // 12:04}-{months % 12 + 1:02}")


def _ago(day: date, unit: str, count: int) -> Iterator[Period]:
    if unit == "day":
        yield _days(day - count * _ONE)
    else:
        yield _unit(day, unit, -count)


def _nearest(day: date, month: str, of_month: int) -> Iterator[Period]:
    """Yield the nearest day of this month and number, if the calendar has it."""
    number = SHORT_MONTHS.index(month[:3]) + 1
    near = [
        date(year, number, of_month)
        for year in (day.year - 1, day.year, day.year + 1)
        if 0 < of_month <= monthrange(year, number)[1]
    ]
    if near:
        yield _days(min(near, key=lambda each: abs(each - day)))


def _number(count: str) -> int:
    if count.isdigit():
        return int(count)
    return _NUMBERS.index(count) if count in _NUMBERS else 1
