"""When was the article of a web page published, and when was it last changed?

In order: what the page declares, its address, a date that the text labels, and what htmldate finds
in the markup and the words. A date in the future is never accepted, and the file's own time never
read. What only says when a page was changed is not its day of publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lxml.html import HtmlElement

from indexer.text.urls import IN_URL, url_date
from indexer.webpages.declared_dates import DateRole, DeclaredDate, declared_dates
from indexer.webpages.page_date_search import search_day
from indexer.webpages.tree import parse_page
from indexer.webpages.written_dates import LabelledDate, labelled_dates, visible_text

Evidence = Literal["metadata", "URL", "byline", "text"]

# How often a date so found was right on the odd half of 300 pages (`benchmarks/dates.py`).
CONFIRMED, DECLARED, LABELLED = 0.97, 0.92, 0.95

_DAY_LENGTH = len("2021-03-05")


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date of a page as ISO 8601 to the known precision.

    `evidence` is the kind of evidence, `found_in` names it ("JSON-LD datePublished"), and
    `confidence` is the share of such dates that were right when it was measured, from 0 to 1.
    """

    value: str
    evidence: Evidence
    found_in: str
    confidence: float

    @property
    def day(self) -> date:
        """The calendar day, as stated, whatever the time zone."""
        return date.fromisoformat(self.value[:_DAY_LENGTH])


@dataclass(frozen=True, slots=True)
class PageDates:
    """When a page was published and last changed; None means unknown, never a guess."""

    published: PageDate | None = None
    modified: PageDate | None = None


def find_page_dates(content: bytes, url: str | None, today: date) -> PageDates:
    """Return when the article of a web page was published and last changed.

    Args:
        content: the bytes of the page, as they were saved.
        url: where the page was found, if that is known.
        today: later dates are not accepted.

    Raises:
        PageError: when the bytes are no web page.
    """
    root = parse_page(content).root
    declared = [each for each in declared_dates(root) if _day(each.iso) <= today]
    text = visible_text(root)
    labelled = [each for each in labelled_dates(text) if _day(each.iso) <= today]
    address = url_date(url or "")
    if address and address > today:
        address = None
    published = (
        _from_metadata(declared, labelled, address)
        or (PageDate(address.isoformat(), "URL", "URL", IN_URL) if address else None)
        or _from_label(labelled)
        or _from_search(root, text, labelled, today)
    )
    return PageDates(published, _modified(declared, labelled, published))


def _day(iso: str) -> date:
    return date.fromisoformat(iso[:_DAY_LENGTH])


def _days(found: Sequence[DeclaredDate | LabelledDate], role: DateRole) -> list[date]:
    return [_day(each.iso) for each in found if each.role == role]


def _from_metadata(
    declared: Sequence[DeclaredDate], labelled: Sequence[LabelledDate], address: date | None
) -> PageDate | None:
    """Return the first declared date of publication; another source confirms or corrects it.

    An address keeps the day of the first publication, whatever is declared later. A publishing
    system that declares UTC is a day off around midnight; a label has the newsroom's own day.
    """
    first = next((each for each in declared if each.role == "published"), None)
    if first is None:
        return None
    day = _day(first.iso)
    labels = _days(labelled, "published")[:1]
    if day == address or (address is None and day in labels):
        return PageDate(first.iso, "metadata", first.found_in, CONFIRMED)
    if address:
        return PageDate(address.isoformat(), "URL", "URL", IN_URL)
    for label in labels:
        if first.iso.endswith("+00:00") and abs(label - day) <= timedelta(days=1):
            return PageDate(label.isoformat(), "byline", "published line", CONFIRMED)
    return PageDate(first.iso, "metadata", first.found_in, DECLARED)


def _from_label(labelled: Sequence[LabelledDate]) -> PageDate | None:
    for each in labelled:
        if each.role == "published":
            return PageDate(each.iso, "byline", "published line", LABELLED)
    return None


def _from_search(
    root: HtmlElement, text: str, labelled: Sequence[LabelledDate], today: date
) -> PageDate | None:
    found = search_day(root, text, today, _days(labelled, "modified"))
    if found is None:
        return None
    if found.in_markup:
        return PageDate(found.day.isoformat(), "byline", "date line", found.confidence)
    return PageDate(found.day.isoformat(), "text", "date in the text", found.confidence)


def _modified(
    declared: Sequence[DeclaredDate], labelled: Sequence[LabelledDate], published: PageDate | None
) -> PageDate | None:
    """Return the latest declared date of a change, else a labelled one, from publication on."""
    changes = [each for each in declared if each.role == "modified"]
    stated = [each for each in labelled if each.role == "modified"]
    if changes:
        last = max(changes, key=lambda each: each.iso)
        found = PageDate(last.iso, "metadata", last.found_in, DECLARED)
    elif stated:
        found = PageDate(stated[0].iso, "byline", "updated line", LABELLED)
    else:
        return None
    return None if published and found.day < published.day else found
