"""Extraction of title, outlet, authors, dates and language, from format, address or text.

In the text, only the header, credits and footers count: an agency or a day that the story mentions
does not tell who published it, or when.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from indexer.cleaning.cleaner import Cleaning
from indexer.cleaning.vocabulary import CREDIT
from indexer.documents import NO_METADATA, Finding, Metadata, Span
from indexer.metadata.language_detection import find_language
from indexer.metadata.outlets import find_outlet
from indexer.metadata.told import NO_VALUES, ToldValues
from indexer.text.bylines import credited_names
from indexer.text.dates import StatedDate, stated_dates
from indexer.text.urls import IN_URL, url_date, url_outlet

IN_HEADER = 0.95
"""Share of correct dates of headers: 42 of the 44 that 300 pages as plain text state, 12 of 12 with
a label (`evaluation/components/metadata.py`)."""

_STORY_MIN_CHARS = 80
_DAY_LENGTH = len("2023-10-26")
_HEADING_MARKS = "#*_ \t"


def find_metadata(
    text: str,
    cleaning: Cleaning,
    given: Metadata = NO_METADATA,
    told: ToldValues = NO_VALUES,
) -> Metadata:
    """Return the metadata of an article, with None for what is unknown.

    Args:
        text: the unchanged text of a document.
        cleaning: result of `clean` for it.
        given: values of the format, which take precedence.
        told: values of the user, which take precedence over these; its outlet only over the text.
    """
    by_user = told.metadata
    story = _story_start(text, cleaning)
    return Metadata(
        title=given.title or _title(text, cleaning),
        source=by_user.source
        or given.source
        or _address_outlet(given)
        or told.outlet
        or find_outlet(text, cleaning, story),
        published=given.published or _address_date(given) or _published(text, cleaning, story),
        authors=by_user.authors or given.authors or _authors(text, cleaning, story),
        url=given.url,
        modified=given.modified,
        language=by_user.language or find_language(text, cleaning.paragraphs, given.language),
        encoding=given.encoding,
    )


def _title(text: str, cleaning: Cleaning) -> Finding | None:
    """Return the headline without heading marks, its white space folded."""
    if not cleaning.headline:
        return None
    raw = cleaning.headline.slice(text)
    stripped = raw.strip(_HEADING_MARKS)
    start = cleaning.headline.start + len(raw) - len(raw.lstrip(_HEADING_MARKS))
    found_in = "headline" if text[:start].strip(_HEADING_MARKS + "\r\n") else "first line"
    if not stripped:
        return None
    return Finding(" ".join(stripped.split()), found_in, start, start + len(stripped))


def _story_start(text: str, cleaning: Cleaning) -> int:
    """Return the offset of the first paragraph below the header."""
    for paragraph in cleaning.paragraphs:
        long = paragraph.end - paragraph.start >= _STORY_MIN_CHARS
        if paragraph != cleaning.headline and long:
            return paragraph.start
    return len(text)


def _address_outlet(given: Metadata) -> Finding | None:
    outlet = url_outlet(given.url.value) if given.url else None
    return Finding(outlet, "URL") if outlet else None


def _address_date(given: Metadata) -> Finding | None:
    day = url_date(given.url.value) if given.url else None
    if day is None or day > datetime.now(UTC).date():
        return None
    return Finding(day.isoformat(), "URL", confidence=IN_URL)


def _credit_lines(text: str, cleaning: Cleaning) -> Iterator[Span]:
    for region in cleaning.regions:
        if region.reason == CREDIT:
            position = region.start
            for line in text[region.start : region.end].splitlines(keepends=True):
                if line.strip():
                    yield Span(position, position + len(line))
                position += len(line)


def _published(text: str, cleaning: Cleaning, story: int) -> Finding | None:
    """Return the date labelled as that of publication, else the header's only day."""
    labelled: list[tuple[int, StatedDate]] = []
    plain: list[tuple[int, StatedDate]] = []
    for line in _credit_lines(text, cleaning):
        for stated in stated_dates(line.slice(text).rstrip()):
            if stated.says_published:
                labelled.append((line.start, stated))
            elif not stated.label and line.start < story:
                plain.append((line.start, stated))
    for found, where in ((labelled, "published line"), (plain, "date line")):
        if len({stated.iso[:_DAY_LENGTH] for _, stated in found}) == 1:
            offset, stated = max(found, key=lambda pair: len(pair[1].iso))
            start, end = offset + stated.start, offset + stated.end
            return Finding(stated.iso, where, start, end, IN_HEADER)
    return None


def _authors(text: str, cleaning: Cleaning, story: int) -> tuple[Finding, ...]:
    found: dict[str, Finding] = {}
    for line in _credit_lines(text, cleaning):
        if line.start >= story:
            break
        for credit in credited_names(line.slice(text).rstrip()):
            start, end = line.start + credit.start, line.start + credit.end
            found.setdefault(credit.name, Finding(credit.name, "byline", start, end))
    return tuple(found.values())
