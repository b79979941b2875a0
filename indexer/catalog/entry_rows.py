"""How does an article stand in a catalog? As rows: of itself, its authors and its passages.

Made where the article is cleaned, which may be another process: so they are plain values, and
without the text, which the catalog's writer has.
"""

import json
from calendar import monthrange
from dataclasses import dataclass, field
from struct import pack

from indexer.catalog.metadata_json import to_json
from indexer.dedup.copies import NO_SIGNATURE, Signature
from indexer.documents import Document, Passage, Region
from indexer.text.analyzer import words


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One document as the build hands it over: with its regions and passages."""

    document: Document
    regions: tuple[Region, ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class EntryRows:
    """The rows of an article, but for its own columns that do not depend on cleaning.

    `columns` are those of `documents` from `title` on; `passages` are start, end, kind and
    sentences; `signed` is what it is compared with others by. `folded` are the texts of the
    passages as BM25 takes them; None: they are folded when they are needed.
    """

    columns: tuple[object, ...]
    authors: tuple[str, ...]
    passages: tuple[tuple[int, int, str, bytes], ...]
    signed: Signature = NO_SIGNATURE
    folded: tuple[str, ...] | None = None


def rows_of(
    entry: CatalogEntry, signed: Signature = NO_SIGNATURE, folded: tuple[str, ...] | None = None
) -> EntryRows:
    """Return the rows of an article."""
    document = entry.document
    columns = (
        document.title,
        document.source,
        name_key(document.source) if document.source else "",
        document.published,
        *days_of(document.published),
        document.language,
        to_json(document.metadata),
        json.dumps([_region_row(region) for region in entry.regions]),
    )
    authors = tuple(name_key(author) for author in document.authors)
    return EntryRows(columns, authors, tuple(map(_passage_row, entry.passages)), signed, folded)


def days_of(published: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day that a date of any precision may mean.

    >>> days_of("2023-10-26T20:42"), days_of("2024-02"), days_of(None)
    (('2023-10-26', '2023-10-26'), ('2024-02-01', '2024-02-29'), (None, None))
    """
    if published is None:
        return None, None
    year, month, day = (*published[:10].split("-"), "", "")[:3]
    last_month = month or "12"
    last_day = day or f"{monthrange(int(year), int(last_month))[1]:02d}"
    return f"{year}-{month or '01'}-{day or '01'}", f"{year}-{last_month}-{last_day}"


def name_key(name: str) -> str:
    """Return the folded words of a name between spaces, for whole-word comparison."""
    return f" {' '.join(words(name))} "


def _region_row(region: Region) -> tuple[object, ...]:
    return region.start, region.end, region.kept, region.reason, region.detail


def _passage_row(passage: Passage) -> tuple[int, int, str, bytes]:
    offsets = [offset for span in passage.sentences for offset in (span.start, span.end)]
    sentences = pack(f"<{len(offsets)}I", *offsets)
    return passage.start, passage.end, passage.kind, sentences
