"""Dates that a page declares in JSON-LD (schema.org), `meta` elements and microdata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from lxml.html import HtmlElement

from indexer.text.dates import FIRST_YEAR, LAST_YEAR, stated_dates
from indexer.webpages.json_ld import json_ld

DateRole = Literal["published", "modified"]

_PUBLISHED_NAMES = frozenset(
    """
    article:published article:published_date article:published_time article:publicationdate
    article.published bt:pubdate citation_date citation_publication_date
    cxenseparse:recs:publishtime date date_published datepublished dc.date dc.date.issued
    dc.date.publication dc.issued dcterms.date dcterms.issued displaydate mediator_published_time
    og:article:published_time og:datepublished og:pubdate og:publish_date og:published_time
    originalpublicationdate parsely-pub-date pubdate publication_date publish-date publish_date
    publish_time publishdate published-date published_date published_time publisheddate
    sailthru.date vr:published-time vr:published_time
    """.split()
)
_MODIFIED_NAMES = frozenset(
    """
    article:modified article:modified_date article:modified_time bt:moddate datemodified
    dc.date.modified dc.modified dcterms.modified last-modified lastmod lastmodified modified_time
    og:article:modified_time og:modified_time og:updated_time revision_date updated_time
    """.split()
)
_ITEMPROPS = {"datepublished": "published", "datemodified": "modified"}
_MAX_VALUE_CHARS = 120
_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}|\d{8}(?!\d))"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_DOTTED = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)(?:\D{1,5}(\d{1,2}):(\d{2})(?!\d))?"
)


@dataclass(frozen=True, slots=True)
class PageDate:
    """Date on a page: ISO 8601 to its precision, its role, and where it was found."""

    iso: str
    role: DateRole
    found_in: str


def declared_dates(root: HtmlElement) -> Iterator[PageDate]:
    """Yield the declared dates: `meta`, then JSON-LD, then microdata, each in page order."""
    for role, value, found_in in (*_from_meta(root), *_from_json(root), *_from_items(root)):
        iso = machine_date(value)
        if iso:
            yield PageDate(iso, role, found_in)


def machine_date(value: str) -> str | None:
    """Return a machine-readable date as ISO 8601 to its precision, or None.

    A date whose day and month could be swapped gives None, unless points say that the day is first.

    >>> machine_date("2021-03-04T05:06:07.089Z"), machine_date("04.03.2021 05:06")
    ('2021-03-04T05:06:07+00:00', '2021-03-04T05:06')
    >>> machine_date("03/04/2021"), machine_date("1402-08-04")
    (None, None)
    """
    value = " ".join(value[:_MAX_VALUE_CHARS].split())
    if match := _ISO.match(value):
        return _iso_date(match)
    if match := _DOTTED.match(value):
        day, month, year, hour, minute = match.groups()
        clock = f" {int(hour):02d}:{minute}" if hour else ""
        return _checked(f"{year}-{int(month):02d}-{int(day):02d}{clock}")
    dates = stated_dates(value)
    return dates[0].iso if dates else None


def _iso_date(match: re.Match[str]) -> str | None:
    day, clock, zone = match["day"], match["clock"], match["zone"]
    if "-" not in day:
        day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return _checked(f"{day} {clock}{zone or ''}" if clock else day) or _checked(day)


def _checked(value: str) -> str | None:
    """Return a value as ISO 8601, or None when there is no such day or hour.

    Years such as 1402, 1445 and 2566 are of other calendars.
    """
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if ":" not in value:
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _from_json(root: HtmlElement) -> Iterator[tuple[DateRole, str, str]]:
    for thing in json_ld(root):
        if "datePublished" not in thing:
            continue
        for key, role in (("datePublished", "published"), ("dateModified", "modified")):
            if isinstance(thing.get(key), str):
                yield cast("DateRole", role), cast("str", thing[key]), f"JSON-LD {key}"


def _from_meta(root: HtmlElement) -> Iterator[tuple[DateRole, str, str]]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = meta.get("content") or ""
        key = name.strip().casefold()
        if key in _PUBLISHED_NAMES:
            yield "published", value, f"meta {key}"
        elif key in _MODIFIED_NAMES:
            yield "modified", value, f"meta {key}"


def _from_items(root: HtmlElement) -> Iterator[tuple[DateRole, str, str]]:
    for item in root.iter("time", "span", "div", "p", "abbr", "data"):
        role = _ITEMPROPS.get((item.get("itemprop") or "").casefold())
        if role:
            value = item.get("content") or item.get("datetime") or item.text_content()
            yield cast("DateRole", role), value, f"itemprop {item.get('itemprop')}"
