"""What does the value of a filter mean? Whatever is not of its kind raises a ValueError."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import partial

from indexer.text.analyzer import words
from indexer.text.languages import language_code

_SHOWN = 40  # characters of a value in a message
_LONGEST = 100  # characters of a language's name
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day_limit(text: str, *, last: bool) -> str:
    """Return the ISO day of a date limit given as a day, a month or a year.

    >>> day_limit("2024-02", last=True), day_limit("2024", last=False)
    ('2024-02-29', '2024-01-01')

    Raises:
        ValueError: when it is not a date.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"a date must be YYYY, YYYY-MM or YYYY-MM-DD, got {text[:_SHOWN]!r}")
    year = int(match[1])
    month = int(match[2] or ("12" if last else "01"))
    try:
        day = int(match[3] or (monthrange(year, month)[1] if last else 1))
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"there is no such date: {text[:_SHOWN]!r} ({error})") from error


def named(text: str) -> str:
    """Return the name of an outlet or an author, if it has any word to compare.

    Raises:
        ValueError: when it has none.
    """
    if not words(text):
        raise ValueError(f"a name must have letters or digits, got {text[:_SHOWN]!r}")
    return text


def language(text: str) -> str:
    """Return the ISO 639 code of a language given as a code or an English name.

    >>> language("German"), language("pt-BR")
    ('de', 'pt')

    Raises:
        ValueError: when it is none.
    """
    code = language_code(text[:_LONGEST])
    if code is None:
        raise ValueError(
            f"a language must be an ISO 639 code such as de, or its English name, "
            f"got {text[:_SHOWN]!r}"
        )
    return code


MEANINGS: dict[str, Callable[[str], str]] = {
    "source": named,
    "author": named,
    "lang": language,
    "after": partial(day_limit, last=False),
    "before": partial(day_limit, last=True),
}
"""What each filter of a question does with its value."""
