"""Conversion of the metadata values of a format, of any type, to findings."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from string import ascii_uppercase

from indexer.documents import Finding
from indexer.text.bylines import credited_names
from indexer.text.dates import FIRST_YEAR, stated_dates, without_midnight
from indexer.text.languages import language_code

_MAX_CHARS = 500
_BEGINNING = 3000
_MAX_URL_CHARS = 2000
_LARGEST_SECONDS = 100_000_000_000  # the year 5138
_FIRST_STAMP_YEAR = 1990  # smaller numbers are counters, not times
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_STAMP = re.compile(r"[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}|[0-9]{16}|[0-9]{19}")
# Days and times in digits alone, of databases, web archives and GDELT: 20231026T204200Z.
_COMPACT = re.compile(
    r"(?P<day>(?:1[6-9]|20)[0-9]{6})"
    r"(?:[T _-]?(?P<hour>[01][0-9]|2[0-3]):?(?P<minute>[0-5][0-9]):?(?P<second>[0-5][0-9])?"
    r"(?:\.[0-9]+)?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Zones of RFC 822 and those whose names are used for no other: "IST" is India's and Israel's.
_ZONES = (
    "EST-5 EDT-4 CST-6 CDT-5 MST-7 MDT-6 PST-8 PDT-7 AKST-9 AKDT-8 HST-10 UT+0 WET+0 WEST+1 CET+1 "
    "MEZ+1 CEST+2 MESZ+2 EET+2 EEST+3 MSK+3 JST+9 KST+9 HKT+8 SGT+8 AEST+10 AEDT+11 NZST+12 NZDT+13"
)
_ZONE_HOURS = {
    zone.rstrip("+-0123456789"): int(zone.lstrip(ascii_uppercase)) for zone in _ZONES.split()
}
_ZONE_NAME = re.compile(rf"(?<=[0-9mM.])\s*\(?\b({'|'.join(_ZONE_HOURS)})\b\)?$")
_WRAPPED_STAMP = re.compile(r"/Date\((-?[0-9]{1,19})(?:[+-][0-9]{4})?\)/")  # JSON of .NET
_BY = re.compile(r"(?:(?:written|story|words|text|report(?:ing)?) )?by\b:?\s+", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BETWEEN_NAMES = re.compile(r"\s*(?:;|\||\n)\s*")
_JOINED_NAMES = re.compile(r"\s*(?:,\s*and\s|,|\band\s|&)\s*")
_URL = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)


def finding(value: object, found_in: str) -> Finding | None:
    """Return a short text with white space folded; None for another value."""
    text = " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""
    return Finding(text, found_in) if 0 < len(text) <= _MAX_CHARS else None


def confirmed(value: object, found_in: str, text: str) -> Finding | None:
    """Return a short text that also occurs in the article, with its span there, or None."""
    found = finding(value, found_in)
    if found is None:
        return None
    words = r"\s+".join(map(re.escape, found.value.split()))
    match = re.search(rf"(?<!\w){words}(?!\w)", text[:_BEGINNING])
    return Finding(found.value, found_in, *match.span()) if match else None


def url_finding(value: object, found_in: str) -> Finding | None:
    """Return a web address; None for another value."""
    text = value.strip() if isinstance(value, str) else ""
    fits = len(text) <= _MAX_URL_CHARS and _URL.fullmatch(text)
    return Finding(text, found_in) if fits else None


def language_finding(value: object, found_in: str) -> Finding | None:
    """Return the code, such as `en`, of `en-GB` or `English`; None for another value."""
    code = language_code(value[:_MAX_CHARS]) if isinstance(value, str) else None
    return Finding(code, found_in) if code else None


def date_finding(value: object, found_in: str, confidence: float | None = None) -> Finding | None:
    """Return a date of any form in ISO 8601; None for another value."""
    iso = iso_date(value)
    return Finding(iso, found_in, confidence=confidence) if iso else None


def name_findings(values: Iterable[object], found_in: str) -> tuple[Finding, ...]:
    """Return the names, each once, in order; a value may be a byline with several names.

    >>> [name.value for name in name_findings(["By Jane Doe and Rémy Caron"], "column author")]
    ['Jane Doe', 'Rémy Caron']
    """
    written = (value for value in values if isinstance(value, str) and len(value) <= _MAX_CHARS)
    names = (finding(name, found_in) for credit in written for name in _names(credit.strip()))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _names(text: str) -> list[str]:
    """Split a credit where that is certain: "Doe, Jane" and "Health and Safety Desk" stay whole."""
    is_list = text.startswith("[") and text.endswith("]")  # as Python prints it
    if is_list and (quoted := ["".join(match.groups("")) for match in _QUOTED.finditer(text)]):
        return quoted
    names = [_BY.sub("", part, count=1) for part in _BETWEEN_NAMES.split(text) if part]
    return [each for name in names for each in _joined_names(name)]


def _joined_names(text: str) -> list[str]:
    parts = _JOINED_NAMES.split(text)
    credited = [credit.name for credit in credited_names(f"By {text}")]
    return parts if len(parts) > 1 and credited == parts else [text]


def iso_date(value: object) -> str | None:
    """Return a date in ISO 8601 to its own precision; None for another value or the future.

    Midnight means no time, since exports write a day that way.

    >>> iso_date("Thu, 26 Oct 2023 20:42:00 +0200"), iso_date("2023-10-26 00:00:00")
    ('2023-10-26T20:42:00+02:00', '2023-10-26')
    >>> iso_date("03/04/2023"), iso_date("9/12/19"), iso_date(1698352920)
    (None, None, '2023-10-26T20:42:00+00:00')

    Args:
        value: text, a datetime or date, or seconds or milliseconds since 1970.
    """
    iso = _stated(value)
    if iso is None or iso > (datetime.now(UTC) + timedelta(days=1)).isoformat():
        return None
    return without_midnight(iso)


def _stated(value: object) -> str | None:
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        if not value.is_integer():
            return _stamp(value)
        value = int(value)
    return _written(str(value).strip()[:_MAX_CHARS])


def _written(text: str) -> str | None:
    if _YEAR.fullmatch(text) or _YEAR_AND_MONTH.fullmatch(text):
        return text
    if compact := _COMPACT.fullmatch(text):
        return _compact(compact)
    if wrapped := _WRAPPED_STAMP.fullmatch(text):
        text = wrapped.group(1)
    if _STAMP.fullmatch(text):
        return _stamp(float(text))
    text = _ZONE_NAME.sub(lambda match: f" {_ZONE_HOURS[match.group(1)]:+03d}:00", text)
    found = stated_dates(text)
    if len(found) == 1:
        return found[0].iso
    try:
        return parsedate_to_datetime(text).isoformat(timespec="seconds")
    except (ValueError, TypeError, OverflowError):
        return None


def _compact(match: re.Match[str]) -> str | None:
    day, clock = match["day"], [match[name] for name in ("hour", "minute", "second")]
    iso = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if clock[0]:
        iso += "T" + ":".join(part for part in clock if part) + (match["zone"] or "")
    found = stated_dates(iso)
    return found[0].iso if found else None


def _stamp(number: float) -> str | None:
    """Read seconds since 1970, or the milli-, micro- or nanoseconds that a larger number is."""
    for _ in range(3):
        if number >= _LARGEST_SECONDS:
            number /= 1000
    try:
        moment = datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="seconds") if moment.year >= _FIRST_STAMP_YEAR else None
