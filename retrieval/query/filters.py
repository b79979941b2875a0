"""Values of filters, and notes on the articles that a filter hides."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache, partial

from indexer.catalog.reader import Catalog
from indexer.store import Restriction
from indexer.text.analyzer import words
from indexer.text.dates import stated_dates
from indexer.text.languages import language_code, language_name

_SHOWN = 40  # characters of a value in a message
_SHOWN_NAMES = 3
_LONGEST = 100  # characters of a language's name
_LONGEST_NAME = 500  # no article's outlet or author is longer, and SQLite limits a condition
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_day(text: str, *, last: bool) -> str:
    """Return the first or last ISO day of a date given as a day, a month or a year.

    >>> parse_day("2024-02", last=True), parse_day("2024", last=False)
    ('2024-02-29', '2024-01-01')
    >>> parse_day("14 Feb 2023", last=True)
    '2023-02-14'

    Raises:
        ValueError: when it is not a date.
    """
    match = _DATE.fullmatch(_written(text))
    if match is None:
        raise ValueError(
            f"{text[:_SHOWN]!r} is not a date; use YYYY, YYYY-MM or YYYY-MM-DD, or 14 Feb 2023"
        )
    year = int(match[1])
    month = int(match[2] or ("12" if last else "01"))
    try:
        day = int(match[3] or (monthrange(year, month)[1] if last else 1))
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"{text[:_SHOWN]!r} is not a date ({error})") from error


def _written(text: str) -> str:
    """Return a date that is written in words as ISO; any other text as it is."""
    bare = text.strip()
    if bare[:1].isdigit() and _DATE.fullmatch(bare):
        return bare
    found = stated_dates(bare[:_SHOWN])
    return found[0].iso[:10] if len(found) == 1 else bare


def parse_name(text: str) -> str:
    """Return the name of an outlet or an author.

    Raises:
        ValueError: when it has no word to compare, or is too long.
    """
    if len(text) > _LONGEST_NAME:
        raise ValueError(
            f"{text[:_SHOWN]!r}… is not a name; a name has at most {_LONGEST_NAME} characters"
        )
    if not words(text):
        raise ValueError(f"{text[:_SHOWN]!r} is not a name; use letters or digits")
    return text


def parse_language(text: str) -> str:
    """Return the ISO 639 code of a language given as a code or an English name.

    >>> parse_language("German"), parse_language("pt-BR")
    ('de', 'pt')

    Raises:
        ValueError: when it is neither.
    """
    code = language_code(text[:_LONGEST])
    if code is None:
        raise ValueError(
            f"{text[:_SHOWN]!r} is not a language; use a code (de) or an English name (German)"
        )
    return code


FILTERS: dict[str, Callable[[str], str]] = {
    "source": parse_name,
    "author": parse_name,
    "lang": parse_language,
    "after": partial(parse_day, last=False),
    "before": partial(parse_day, last=True),
}
"""Parser of the value of each filter that a question can hold."""


FIELDS: dict[str, str] = {
    **{name: name for name in FILTERS},
    **dict.fromkeys("outlet site publisher publication newspaper sources".split(), "source"),
    **dict.fromkeys("by byline writer journalist authors".split(), "author"),
    **dict.fromkeys("language languages".split(), "lang"),
    **dict.fromkeys("since from".split(), "after"),
    **dict.fromkeys("until till".split(), "before"),
}
"""Filter of each name that people write for it."""

# Filters of other search engines that have no like here.
_OF_OTHERS = frozenset(
    """
    allintext allintitle allinurl body category date day filetype headline inauthor inbody intext
    intitle inurl keyword keywords link location month onsite published section subject tag text
    title topic type url year
    """.split()
)
_WRITTEN_LIKE = re.compile(r"[^\w\s]*+(?P<name>[^\W\d_]{3,16})[:：=]")
_SIMILAR = 0.8  # of difflib's ratio: "auther" and "author" have 0.83


def misspelt_filter(text: str) -> str:
    """Return why text that looks like a filter is none; empty for any other text.

    >>> misspelt_filter("souce:Reuters")
    'there is no filter souce:, did you mean source:'
    >>> misspelt_filter("10:30")
    ''
    """
    match = _WRITTEN_LIKE.match(text)
    return _why_no_filter(match["name"].lower()) if match else ""


@lru_cache(maxsize=1024)
def _why_no_filter(name: str) -> str:
    if name in FIELDS:
        return f"to filter, write {FIELDS[name]}: after a space"
    if name in _OF_OTHERS:
        return f"there is no filter {name}:, only {', '.join(f'{known}:' for known in FILTERS)}"
    near = get_close_matches(name, FIELDS, n=1, cutoff=_SIMILAR)
    return f"there is no filter {name}:, did you mean {FIELDS[near[0]]}:" if near else ""


def hidden_notes(catalog: Catalog, restriction: Restriction) -> list[str]:
    """Count the articles that a filter hides because they lack the date, author or language."""
    hidden = catalog.count_unknown(restriction)
    counts = (
        ("date", hidden.dates, "undated article{s}. Include undated articles to see more."),
        ("author", hidden.authors, "article{s} without an author."),
        ("language", hidden.languages, "article{s} in an unknown language."),
    )
    return [
        f"The {name} filter hides {count:,} {articles.format(s='' if count == 1 else 's')}"
        for name, count, articles in counts
        if count
    ]


def narrowing_notes(catalog: Catalog, restriction: Restriction) -> tuple[str, ...]:
    """Tell how many articles each filter leaves, alone and all together; empty without a filter.

    For example: "Outlet BBC leaves 3 of 46 articles. Search without filters to see more."
    """
    each = [f"{told} leaves {_left(catalog, alone)}" for told, alone in _filters_of(restriction)]
    if not each:
        return ()
    every = f"{catalog.documents:,} article{'' if catalog.documents == 1 else 's'}"
    told = f"{each[0][0].upper()}{each[0][1:]} of {every}"
    if len(each) > 1:
        together = _left(catalog, restriction)
        told = f"The filters leave {together} of {every}: {', '.join(each)}"
    return (f"{told}. Search without filters to see more.",)


def _filters_of(restriction: Restriction) -> list[tuple[str, Restriction]]:
    """Return each filter in words, and as a restriction of its own."""
    asked = restriction
    languages = [language_name(code) for code in asked.languages]
    days = [f"from {asked.after}"] * bool(asked.after) + [f"to {asked.before}"] * bool(asked.before)
    dates = Restriction(after=asked.after, before=asked.before, undated=asked.undated)
    found = (
        ("outlet", _any_of(asked.sources), Restriction(sources=asked.sources)),
        ("author", _any_of(asked.authors), Restriction(authors=asked.authors)),
        ("language", _any_of(languages), Restriction(languages=asked.languages)),
        ("date", " ".join(days), dates),
    )
    return [(f"{name} {value}", alone) for name, value, alone in found if value]


def _any_of(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN_NAMES
    shown = [name[:_SHOWN] for name in names[:_SHOWN_NAMES]] + [f"{more:,} more"] * (more > 0)
    return " or ".join(shown)


def _left(catalog: Catalog, restriction: Restriction) -> str:
    allowed = catalog.documents_allowed(restriction)
    count = catalog.documents if allowed is None else int(allowed.sum())
    return f"{count:,}" if count else "none"
