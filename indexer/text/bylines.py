"""Parser of bylines such as "By Jane Doe and John Roe | Published …"."""

import re
from dataclasses import dataclass

from indexer.text.dates import LINE_MAX_CHARS, MONTH_NAMES

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_TOKEN = (
    rf"(?!(?:On|At|In|For|Updated|Published|Posted|{MONTH_NAMES.title()})\b(?!-))"
    rf"(?:(?:{_UPPER}\.){{2,4}}|{_UPPER}[\w'’-]*\.?|(?:al|el)-\w+)"
)
_PARTICLE = r"(?:de|da|di|del|della|der|den|van|von|la|le|bin|ibn|al|el|du|dos|ten|ter)"
_NICKNAME = rf"[\"“„'‘(]{_UPPER}[\w-]{{1,20}}[\"”“'’)]"
_NAME = rf"{_TOKEN}(?:\s{_NICKNAME})?(?:\s{_PARTICLE}){{0,2}}(?:\s{_TOKEN}){{1,3}}"
_OPENING = re.compile(
    r"[\W_]{0,6}(?i:(?:written|story|words|analysis|report|reported) )?(?i:by):?\s+"
)
_NAME_START = re.compile(_NAME)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s)?|\s(?i:and)\s|\s&\s)\s*")
_AFTER = re.compile(
    r"\s*(?:$|[,|•·–—(\[/-]|(?:for|in|at|on|On|Updated|Published|Posted)\b"
    rf"|[0-9]|(?:{MONTH_NAMES.title()})[a-z]*\.?\s[0-9])"
)
_ORGANISATION = re.compile(
    r"\b(?:staff|agenc(?:y|ies)|news|press|desk|team|correspondent|reporter|writer|editor|service|"
    r"newsroom|media|times|post|web|online|digital|report|bureau|network|tv|radio|guardian)\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:the )?(?:admin\w*|anonymous|guest|user|author|unknown|webmaster|editors?|editorial|staff|"
    r"redaktion|redaktionen|redactie|redazione|r[ée]daction|redacci[óo]n|reuters|bloomberg|xinhua)",
    re.IGNORECASE,
)
_BARE_CREDIT = re.compile(rf"[\W_]{{0,6}}(?i:by):?\s+{_TOKEN}(?:\s{_TOKEN}){{0,3}}[\W_]*")


@dataclass(frozen=True, slots=True)
class Credit:
    """Name of a credited person, and its span in the line."""

    name: str
    start: int
    end: int


def credited_names(line: str) -> list[Credit]:
    """Return the people that a byline names; nobody for another line.

    >>> [credit.name for credit in credited_names("By Jane Doe and J. R. Roe, Staff Writers")]
    ['Jane Doe', 'J. R. Roe']
    >>> credited_names("By Friday the city was quiet")
    []
    """
    opening = _OPENING.match(line[:LINE_MAX_CHARS]) if len(line) <= LINE_MAX_CHARS else None
    if not opening:
        return []
    found: list[Credit] = []
    position = opening.end()
    while (name := _NAME_START.match(line, position)) is not None:
        found.append(Credit(name.group(), name.start(), name.end()))
        between = _BETWEEN.match(line, name.end())
        position = between.end() if between else name.end()
        if not between:
            break
    if not found or not _AFTER.match(line, found[-1].end):
        return []
    return [credit for credit in found if not _ORGANISATION.search(credit.name)]


def names_staff(name: str) -> bool:
    """Tell whether a credited name is one of an agency, a desk or an account, not of a person.

    >>> names_staff("Example Staff"), names_staff("Admin"), names_staff("Malou")
    (True, True, False)
    """
    return bool(_ORGANISATION.search(name) or _ACCOUNT.fullmatch(name))


def is_byline(line: str) -> bool:
    """Tell whether a line is "By" with names or an agency."""
    return bool(credited_names(line)) or (
        len(line) <= LINE_MAX_CHARS and bool(_BARE_CREDIT.fullmatch(line))
    )
