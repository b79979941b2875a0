"""Parser of the dates that a line states.

It accepts unambiguous formats and real dates only, and neither 31 February nor 03/04/2023 (March or
April?), because a guess would invent dates. Years of other calendars (1402, 2566) are none here.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from indexer.text.month_names import month_number

FIRST_YEAR, LAST_YEAR = 1600, 2100

MONTHS = """
    january february march april may june july august september october november december
    """.split()
SHORT_MONTHS = [name[:3] for name in MONTHS]
MONTH_NAMES = "|".join([*MONTHS, *SHORT_MONTHS, "sept"])
"""Alternatives for a pattern, in lower case."""

_MONTH = rf"(?P<name>{MONTH_NAMES})\b\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_ISO_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
_ISO_ZONE = r"(?P<zone>Z\b|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))"
_START = r"(?<![\w/.:-])"
_WORD = r"(?P<word>[^\s\d.,:;/()-]{2,15})\.?"  # of any language, as `month_names.py` knows them
_SMALL = r"(?:del?\s+|d['’]\s?)?"

_DATES = tuple(
    re.compile(_START + pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?:T{_ISO_TIME}{_ISO_ZONE}?)?(?![\w/-])",
        rf"{_YEAR}(?P<sep>[./])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<day>[0-9]{{1,2}})(?![\w/-])",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH}[\s,-]+{_YEAR}(?![/-])",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}(?![/-])",
        rf"(?P<first>[0-9]{{1,2}})(?P<sep>[./-])(?P<other>[0-9]{{1,2}})(?P=sep){_YEAR}(?![/-])",
        rf"{_MONTH},?\s+{_YEAR}(?![/-])",
        rf"{_DAY}(?:\.|er\b|º|°|ª)?\s*{_SMALL}{_WORD},?\s+{_SMALL}{_YEAR}(?![/-])",
        rf"{_WORD}\s+{_DAY},?\s+{_YEAR}(?![/-])",
        rf"{_YEAR}\.?\s+{_WORD}\s+(?P<day>[0-9]{{1,2}})(?![0-9/:-])",
        rf"{_DAY}\s+(?:tháng|thg)\s+(?P<month>[0-9]{{1,2}}),?\s+(?:năm\s+)?{_YEAR}(?![/-])",
        rf"{_YEAR}\s?[年년]\s?(?P<month>[0-9]{{1,2}})\s?[月월]\s?(?P<day>[0-9]{{1,2}})\s?[日号號일]",
    )
)
_MIDNIGHT = re.compile(r"T00:00(?::00)?(?:[+-]\d{2}:\d{2})?$")
_HAS_YEAR = re.compile(r"\d{4}")
_SEPARATOR = r"(?:\s*(?:[-–—|,•·@/]|at|on|um|à|às|alle|a las|kl\.?)\s*|\s+)"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?![0-9])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s?\(?(?P<zone>(?:UTC|GMT)\s?[+-][0-9]{1,2}(?::?[0-9]{2})?|UTC\b|GMT\b|Z\b"
    r"|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))\)?)?"
)
_CLOCK_AFTER = re.compile(_SEPARATOR + _CLOCK, re.IGNORECASE)
_CLOCK_BEFORE = re.compile(rf"(?<![\w:.]){_CLOCK}{_SEPARATOR}$", re.IGNORECASE)
_WEEKDAY = r"(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|wed|thur?|sat)"
_WEEKDAY_BEFORE = re.compile(rf"\b{_WEEKDAY}\b[.,]?\s+$", re.IGNORECASE)
_ZONE_OFFSET = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})?$")
_NOON = 12
_MAX_HOUR, _MAX_MINUTE, _MAX_OFFSET_HOURS = 23, 59, 14

_LABEL = (
    r"(?:(?:first |last |originally )?(?P<label>published|posted|updated|modified|created|"
    r"publication date|date|issued|publish(?:ed)? date)(?: (?:on|at|online))?)"
)
_DATE_LABEL = re.compile(rf"{_LABEL}\s?[:|-]?\s*", re.IGNORECASE)
_PUBLISHED_LABELS = frozenset(
    ["published", "posted", "publication date", "date", "issued", "publish date", "published date"]
)
_FILLER = re.compile(
    rf"\b(?:{_WEEKDAY}|at|on|by|local time|[ECMPI][SD]?T|GMT|UTC|CES?T|BST|IRST|"
    r"[0-9]{1,2}[:.][0-9]{2}(?:\s?[ap]\.?m\.?)?|[+-][0-9]{2}:?[0-9]{2})\b|\W+",
    re.IGNORECASE,
)
LINE_MAX_CHARS = 160


@dataclass(frozen=True, slots=True)
class StatedDate:
    """Date in ISO 8601 to the stated precision, and its span in the line.

    `label` is the word before it in lower case, such as "published" or "updated", or ''.
    """

    iso: str
    start: int
    end: int
    label: str = ""

    @property
    def says_published(self) -> bool:
        """Tell whether the label names the day of publication."""
        return self.label in _PUBLISHED_LABELS


def stated_dates(line: str) -> Sequence[StatedDate]:
    """Return the dates that a short line states, in order; none for a long line, which is prose.

    >>> [found.iso for found in stated_dates("Published: 3 March 2021 - 7:05 pm")]
    ['2021-03-03T19:05']
    >>> [found.iso for found in stated_dates("3 de marzo de 2021, 2021年3月4日")]
    ['2021-03-03', '2021-03-04']
    >>> stated_dates("31 February 2023"), stated_dates("03/04/2023")
    ((), ())
    """
    if len(line) > LINE_MAX_CHARS or not _HAS_YEAR.search(line):
        return ()
    return _stated_dates(line)


@lru_cache(maxsize=64)  # each rule of cleaning and metadata asks for the lines of one article
def _stated_dates(line: str) -> tuple[StatedDate, ...]:
    line = _with_plain_digits(line)
    found: list[StatedDate] = []
    position = 0
    while matches := [match for pattern in _DATES if (match := _search(pattern, line, position))]:
        match = min(matches, key=lambda match: (match.start(), -match.end()))
        position = match.end()
        if day := _calendar_date(match):
            found.append(_with_time(line, match, day, found[-1].end if found else 0))
            position = found[-1].end
    return tuple(found)


def without_midnight(iso: str) -> str:
    """Return a date without a time of midnight, since programs write a day that way."""
    return _MIDNIGHT.sub("", iso)


def is_date_line(line: str) -> bool:
    """Tell whether a line consists of dates, with labels and times if any.

    >>> is_date_line("Thursday, October 26, 2023 at 8:42 pm"), is_date_line("May 2023 was warm")
    (True, False)
    """
    dates = stated_dates(line)
    if not dates or line.rstrip().endswith(":"):  # "Dec. 25, 1931:" is a heading
        return False
    starts = [0, *(found.end for found in dates)]
    ends = [*(found.start for found in dates), len(line)]
    rest = " ".join(line[start:end] for start, end in zip(starts, ends, strict=True))
    return not _FILLER.sub("", _DATE_LABEL.sub(" ", rest))


def _with_plain_digits(line: str) -> str:
    """Return a line of the same length with the digits of every script as 0 to 9."""
    if line.isascii():
        return line
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in line)


def _search(pattern: re.Pattern[str], line: str, position: int) -> re.Match[str] | None:
    """Return the first match whose word, if any, is the name of a month."""
    matches = pattern.finditer(line, position)
    return next((each for each in matches if _month(each.groupdict()) is not None), None)


def _month(parts: dict[str, str]) -> int | None:
    """Return the month of a match; 0 if it has its two numbers in an unknown order."""
    if name := parts.get("name"):
        return SHORT_MONTHS.index(name[:3].lower()) + 1
    if word := parts.get("word"):
        return month_number(word)
    return int(parts.get("month") or 0)


def _calendar_date(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if "first" in parts:
        day, month = _unambiguous(int(parts["first"]), int(parts["other"]))
    else:
        month = _month(parts) or 0
        if "day" not in parts:
            return f"{year:04d}-{month:02d}"
        day = int(parts["day"])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _unambiguous(first: int, second: int) -> tuple[int, int]:
    """Return (day, month), or zeros if either could be the month."""
    if first == second or first > len(MONTHS):
        return first, second
    return (second, first) if second > len(MONTHS) else (0, 0)


def _with_time(line: str, match: re.Match[str], day: str, floor: int) -> StatedDate:
    start, end = match.span()
    weekday = _WEEKDAY_BEFORE.search(line, floor, start)
    before = _CLOCK_BEFORE.search(line, floor, weekday.start() if weekday else start)
    after = _CLOCK_AFTER.match(line, end)
    iso = day
    whole_day = day.count("-") > 1
    if "hour" in match.groupdict() and match["hour"]:
        iso = day + (_clock(match) or "")
    elif whole_day and after and (clock := _clock(after)):
        iso, end = day + clock, after.end()
    elif whole_day and before and (clock := _clock(before)):
        iso, start = day + clock, before.start()
    label_end = line[floor : weekday.start() if weekday and start == match.start() else start]
    labels = [found for found in _DATE_LABEL.finditer(label_end) if found.end() == len(label_end)]
    return StatedDate(iso, start, end, labels[-1]["label"].lower() if labels else "")


def _clock(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"])
    half = (parts.get("half") or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    second = parts.get("second")
    if hour > _MAX_HOUR or minute > _MAX_MINUTE or int(second or 0) > _MAX_MINUTE:
        return None
    seconds = f":{second}" if second else ""
    return f"T{hour:02d}:{minute:02d}{seconds}{_offset(parts.get('zone'))}"


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    found = _ZONE_OFFSET.search(zone)
    if not found:
        return "+00:00"
    sign, hours, minutes = found.groups()
    if int(hours) > _MAX_OFFSET_HOURS or int(minutes or 0) > _MAX_MINUTE:
        return ""
    return f"{sign}{int(hours):02d}:{int(minutes or 0):02d}"
