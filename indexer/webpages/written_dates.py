"""Days written in the text of a page, and their labels ("published", "last edited")."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from dateparser import parse
from lxml.html import HtmlElement

from indexer.webpages.declared_dates import PageDate, machine_date

_MAX_CHARS = 400_000
_MAX_DAYS = 100
_MAX_LABELLED = 20
_NO_TEXT = ("script", "style", "noscript", "template", "head")
_LANGUAGES = "en de fr es it pt nl sv fi da nb pl cs ru uk tr el hu ro id vi ca".split()

_DATE = (
    r"(?P<date>\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2}(?![\d./])"
    r"|\d{1,2}(?:\.|st|nd|rd|th)?\s(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})(?!\d)"
)
_WEEKDAY = r"(?:[^\W\d_]{3,12},?\s)?"
_ON = r"(?:on|at|am|vom|le|el|em|il|der|den|the)"
_JOIN = rf"(?:\s{_ON})?\s?[:|·–-]?\s?(?:{_ON}\s)?"
_PUBLISHED = (
    r"(?:first |originally |online )?(?:published|posted)(?: online)?|publication date|date(?=\s?:)"
    r"|(?:zuerst )?(?:erschienen|ver(?:ö|oe)ffentlicht|publiziert|erstellt)|ver(?:ö|oe)ffentlichung"
    r"|pressemitteilung|datum|publi(?:é|ée|cado|cada)|pubblicato|gepubliceerd|julkaistu|publicerad"
    r"|(?:article|post|entry|story)\swas\s(?:written|posted|published)"
    r"|(?:artikel|beitrag|eintrag|bericht|text)(?:\s\S{1,40}){0,10}?\swurde"
)
_MODIFIED = (
    r"(?:page |article )?(?:was )?(?:last |recently )?"
    r"(?:updated|modified|edited|revised|changed|amended|corrected|reviewed|checked|refreshed)"
    r"|last (?:update|change|edit|revision|modification|review)|update|correction"
    r"|(?:letzte|zuletzt)\s?(?:ge)?(?:änderung|ändert|aktualisiert|aktualisierung|bearbeitet)"
    r"|(?:zuletzt|aktualisiert|geändert|bearbeitet)|mis(?:e)? à jour|modifié|actualizado|atualizado"
    r"|modificado|última actualización|aggiornato|modificato|bijgewerkt|gewijzigd|päivitetty"
    r"|uppdaterad|ändrad|oppdatert|opdateret|aktualizováno|zaktualizowano|обновлено|изменено"
)
_LABELLED = re.compile(
    rf"(?<!\w)(?:(?P<modified>{_MODIFIED})|(?P<published>{_PUBLISHED})){_JOIN}{_WEEKDAY}{_DATE}",
    re.IGNORECASE,
)
# What else has a day: the thing that the article is about, or an event to come.
_OTHER = (
    r"founded|established|incorporated|launched|formed|opened|opening|built|completed|born|died"
    r"|birth|death|premiered|released|deadline|expires|valid until|since|due|next meeting|starts?"
    r"|ends?|gegründet|gründung|geboren|gestorben|eröffnet|seit|fondée?|née?|mort|fundad[oa]"
    r"|nacid[oa]|fondat[oa]|nat[oa]|opgericht|geboren"
)
_OF_OTHER = re.compile(rf"(?<!\w)(?:{_OTHER}){_JOIN}{_WEEKDAY}{_DATE}", re.IGNORECASE)
_ANY_DATE = re.compile(rf"(?<![\w./-]){_DATE}", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]{3}")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})[./](\d{2})")
_CENTURY_TURN = 70
_DAY_LENGTH = len("2021-03-05")


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """Day written in full in a text; `iso` is '' when its day and month could be swapped."""

    start: int
    end: int
    words: str
    iso: str

    def may_be(self, day: date) -> bool:
        """Tell whether this is `day` in some order of its parts."""
        return self.iso == day.isoformat() or (
            not self.iso and _numbers(self.words) == sorted((day.year, day.month, day.day))
        )


def visible_text(root: HtmlElement, without: Collection[HtmlElement] = ()) -> str:
    """Return the text of a page, white space folded, without scripts and the head.

    Args:
        root: the element tree of the page.
        without: elements to leave out, too.
    """
    parts: list[str] = []
    length = 0
    for text in _texts(root, without):
        parts.append(text)
        length += len(text)
        if length > _MAX_CHARS:
            break
    return " ".join(" ".join(parts).split())[:_MAX_CHARS]


def _texts(root: HtmlElement, without: Collection[HtmlElement]) -> Iterator[str]:
    hidden: set[HtmlElement] = set()
    for element in root.iter():
        if element.tag in _NO_TEXT or element in without or element.getparent() in hidden:
            hidden.add(element)
        elif element.text:
            yield element.text
        if element.tail and element.getparent() not in hidden:
            yield element.tail


def labelled_dates(text: str) -> list[PageDate]:
    """Return the days that a text labels as published or modified, in order.

    >>> [(found.role, found.iso) for found in labelled_dates("Published: 3 March 2021, 7 pm")]
    [('published', '2021-03-03')]
    """
    return [
        PageDate(iso, "modified", "updated line")
        if match["modified"]
        else PageDate(iso, "published", "published line")
        for match in islice(_LABELLED.finditer(text), _MAX_LABELLED)
        if (iso := written_date(match["date"]))
    ]


def days_of_other_things(text: str) -> list[date]:
    """Return the days that a text labels as those of something else, once for each label.

    >>> days_of_other_things("Founded: 4 June 2003. Published 5 May 2023")
    [datetime.date(2003, 6, 4)]
    """
    matches = islice(_OF_OTHER.finditer(text), _MAX_LABELLED)
    days = (written_date(match["date"]) for match in matches)
    return [date.fromisoformat(day) for day in days if day]


def written_days(text: str) -> list[WrittenDay]:
    """Return the first hundred days that a text writes in full, in order.

    >>> [(day.iso, day.words) for day in written_days("31.10.23, 5 apples 2021, 03/04/2021")]
    [('2023-10-31', '31.10.23'), ('', '03/04/2021')]
    """
    found: list[WrittenDay] = []
    for match in islice(_ANY_DATE.finditer(text), _MAX_DAYS):
        words = match["date"]
        iso = written_date(words)
        if iso or not _LETTER.search(words):
            found.append(WrittenDay(match.start(), match.end(), words, iso or ""))
    return found


@lru_cache(maxsize=4096)
def written_date(words: str) -> str | None:
    """Return a day written in full in a known language as ISO 8601, or None.

    >>> written_date("5. März 2021"), written_date("March 5th, 2021"), written_date("5 maggio 2021")
    ('2021-03-05', '2021-03-05', '2021-05-05')
    >>> written_date("31 February 2021"), written_date("5 apples 2021")
    (None, None)
    """
    if not _LETTER.search(words):
        iso = machine_date(_SHORT_YEAR.sub(_with_century, words))
        return iso[:_DAY_LENGTH] if iso else None
    strict = {"STRICT_PARSING": True, "DATE_ORDER": "DMY"}
    found = parse(words, languages=_LANGUAGES, settings=strict)
    return date(found.year, found.month, found.day).isoformat() if found else None


def _with_century(match: re.Match[str]) -> str:
    """Return the match with four digits in its year."""
    first, sign, second, year = match.groups()
    if match.string[match.end() : match.end() + 1].isdigit():
        return match.group()
    return f"{first}{sign}{second}{sign}{'20' if int(year) < _CENTURY_TURN else '19'}{year}"


def _numbers(words: str) -> list[int]:
    return sorted(map(int, re.findall(r"\d+", _SHORT_YEAR.sub(_with_century, words))))
