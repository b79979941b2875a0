"""Conversion of the metadata values of a format, of any type, to findings."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from indexer.documents import Finding
from indexer.text.dates import FIRST_YEAR, stated_dates
from indexer.text.languages import language_code

_MAX_CHARS = 500
_BEGINNING = 3000
_MAX_URL_CHARS = 2000
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138, in seconds
_FIRST_STAMP_YEAR = 1990  # smaller numbers are counters, not times
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_DIGITS = re.compile(r"[0-9]{8}|[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}")
_DAY_DIGITS = 8
_MIDNIGHT = re.compile(r"T00:00(?::00)?(?:\+00:00)?$")
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
    """Return the names, each once, in order."""
    names = (finding(value, found_in) for value in values)
    return tuple(dict.fromkeys(name for name in names if name is not None))


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
    return _MIDNIGHT.sub("", iso)


def _stated(value: object) -> str | None:
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _stamp(float(value))
    return _written(value.strip()) if isinstance(value, str) else None


def _written(text: str) -> str | None:
    if _YEAR.fullmatch(text) or _YEAR_AND_MONTH.fullmatch(text):
        return text
    if _DIGITS.fullmatch(text):
        if len(text) > _DAY_DIGITS:
            return _stamp(float(text))
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = stated_dates(text)
    if len(found) == 1:
        return found[0].iso
    try:
        return parsedate_to_datetime(text).isoformat(timespec="seconds")
    except (ValueError, TypeError, OverflowError):
        return None


def _stamp(number: float) -> str | None:
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="seconds") if moment.year >= _FIRST_STAMP_YEAR else None
