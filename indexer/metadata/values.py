"""What does a format say of its article? Values of any type become findings, or nothing.

A date that cannot be read, lies in the future, or leaves month and day open is no date.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from indexer.documents import Finding
from indexer.text.dates import FIRST_YEAR, stated_dates
from indexer.text.languages import language_code

_LONGEST_VALUE = 500
_BEGINNING = 3000
_LONGEST_URL = 2000
_MILLISECONDS_FROM = 100_000_000_000  # in seconds, this is the year 5138
_FIRST_STAMP_YEAR = 1990  # smaller numbers are counters, not times
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_DIGITS = re.compile(r"[0-9]{8}|[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}")
_DAY_DIGITS = 8
_MIDNIGHT = re.compile(r"T00:00(?::00)?(?:\+00:00)?$")
_URL = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)


def finding(value: object, found_in: str) -> Finding | None:
    """Return a short text as a finding, its white space folded; None when there is none."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return Finding(text, found_in) if 0 < len(text) <= _LONGEST_VALUE else None


def confirmed(value: object, found_in: str, text: str) -> Finding | None:
    """Return a short text as a finding when the article itself holds it, and where."""
    found = finding(value, found_in)
    if found is None:
        return None
    words = r"\s+".join(map(re.escape, found.value.split()))
    match = re.search(rf"(?<!\w){words}(?!\w)", text[:_BEGINNING])
    return Finding(found.value, found_in, *match.span()) if match else None


def url_finding(value: object, found_in: str) -> Finding | None:
    """Return a web address as a finding; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    fits = len(text) <= _LONGEST_URL and _URL.fullmatch(text)
    return Finding(text, found_in) if fits else None


def language_finding(value: object, found_in: str) -> Finding | None:
    """Return the language of a code such as `en-GB` or of a name, as `en`; None for another."""
    code = language_code(value[:_LONGEST_VALUE]) if isinstance(value, str) else None
    return Finding(code, found_in) if code else None


def date_finding(value: object, found_in: str, confidence: float | None = None) -> Finding | None:
    """Return a date of any form as a finding in ISO 8601; None when it is none."""
    iso = iso_date(value)
    return Finding(iso, found_in, confidence=confidence) if iso else None


def name_findings(values: Iterable[object], found_in: str) -> tuple[Finding, ...]:
    """Return each name once, in order."""
    names = (finding(value, found_in) for value in values)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def iso_date(value: object) -> str | None:
    """Return a date as ISO 8601 to the precision that it states; None when it is none.

    Midnight sharp is how exports write a day without a time.

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
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") if value.year >= FIRST_YEAR else None
    if isinstance(value, date):
        return value.isoformat() if value.year >= FIRST_YEAR else None
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
