"""Days that a question, an article and a sentence are about, in words or relative to its date."""

import re
from datetime import timedelta
from typing import Final

from indexer.text.dates import LINE_MAX_CHARS, stated_dates
from indexer.text.periods import Period, relative_periods

_DAY_LENGTH: Final = len("2023-05-07")
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w,-]|\.\d)")
_FAR: Final = timedelta(days=60)
_FAR_FROM_DAY: Final = timedelta(days=14)
_ONE: Final = timedelta(days=1)
_ON = re.compile(r"\s*\b(?:on\s+)?$", re.IGNORECASE)


def other_date(question: str, published: str | None, text: str, sentence: str) -> float:
    """Return 1 where an article or a sentence is of another date than a question, -1 of the same.

    0 where that is not told. Only a sentence can be of the same date, and not for a year, which is
    too long. A date that the text names is no other one.

    Args:
        question: with a day, a month of a year or a year; without any the result is 0.
        published: ISO 8601 date of the article, or None.
        text: of the passage, with its title.
        sentence: what would be quoted.

    >>> other_date("What burnt in May 2023?", "2024-05-07", "A ship burnt.", "A ship burnt.")
    1.0
    >>> sank = "It sank on Friday."
    >>> other_date("What sank on 3 May 2024?", "2024-05-04", sank, sank)
    -1.0
    """
    asked = _dates_in(question)
    found = [_compared(each, published, text, sentence) for each in asked]
    return max(found, default=0.0)


def in_days_of(text: str, published: str | None, question: str) -> str:
    """Return a question about a day with the words that a text has for that day.

    Args:
        text: of a passage.
        published: ISO 8601 date of its article, or None.
        question: stays as it is if the text has no words for its day, or it asks about another.

    >>> in_days_of("It sank on Friday.", "2024-05-04", "What sank on 3 May 2024?")
    'What sank on Friday?'
    """
    dates = [date for date in stated_dates(question) if len(date.iso) == _DAY_LENGTH]
    if len(dates) != 1 or published is None or len(published) < _DAY_LENGTH:
        return question
    asked = Period.of(dates[0].iso)
    for words, period in relative_periods(text, Period.of(published)):
        if period == asked:
            before = _ON.sub("", question[: dates[0].start])
            on = "on " if words[0].isupper() or words[0].isdigit() else ""
            return f"{before} {on}{words}{question[dates[0].end :]}".lstrip()
    return question


def _compared(iso: str, published: str | None, text: str, sentence: str) -> float:
    asked = Period.of(iso)
    is_year = len(iso) == len("2023")
    if any(named.startswith(iso) for named in _dates_in(sentence)):
        return 0.0 if is_year else -1.0
    of_article = Period.of(published) if published else None
    told = []
    if of_article and of_article.is_day:
        told = [period for _, period in relative_periods(sentence, of_article)]
    if not is_year and any(not each.gap(asked) and _is_exact(each, asked) for each in told):
        return -1.0
    if of_article is None or any(named.startswith(iso) for named in _dates_in(text)):
        return 0.0
    days = [each for each in told if each.is_day]
    if asked.is_day and days and all(each.gap(asked) > _ONE for each in days):
        return 1.0
    return float(of_article.gap(asked) > (_FAR_FROM_DAY if asked.is_day else _FAR))


def _is_exact(told: Period, asked: Period) -> bool:
    """Tell whether a period is no longer than the one asked for."""
    return told.last - told.first <= asked.last - asked.first


def _dates_in(text: str) -> list[str]:
    """Return days, months and years in ISO 8601, to the precision that is stated."""
    parts = [text[at : at + LINE_MAX_CHARS] for at in range(0, len(text), LINE_MAX_CHARS)]
    dates = [found.iso[:_DAY_LENGTH] for part in parts for found in stated_dates(part)]
    return dates or _YEAR.findall(text)
