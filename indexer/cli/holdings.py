"""How much does an index hold, by outlet, month or language?

Counted are articles, passages and the characters of the passages. What is unknown is a row of its
own. An article that is dated to a year alone is in a row of that year, before its months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.catalog.reader import Catalog
from indexer.catalog.statistics import count_by
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.text.languages import language_name

Grouping = Literal["source", "month", "language"]

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Holding:
    """What the index holds of one outlet, month or language; None: of what is unknown."""

    value: str | None
    documents: int
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Rows in the order to be shown, and all that was left out of them as one.

    Outlets and languages come the largest first, months by date; the unknown is last.
    """

    by: Grouping
    rows: tuple[Holding, ...]
    others: Holding | None
    others_count: int
    total: Holding

    def labelled(self) -> list[tuple[str, Holding]]:
        """Return every row with its name in words."""
        named = [(_name(self.by, row.value), row) for row in self.rows]
        if self.others:
            named.append((f"{self.others_count:,} others", self.others))
        return sorted(named, key=lambda pair: pair[0] == UNKNOWN)


def read_holdings(index: Path, by: Grouping, top: int) -> Holdings:
    """Count what the live generation of an index holds.

    Args:
        index: the index folder.
        by: what to count by.
        top: how many rows to name, those with the most articles; the others are summed.

    Raises:
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged.
    """
    manifest = read_manifest(index)
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        rows = [Holding(*row) for row in count_by(catalog, by)]
    return holdings_of(rows, by, top)


def holdings_of(rows: Sequence[Holding], by: Grouping, top: int) -> Holdings:
    """Order rows and sum those beyond the first `top`; what is unknown is always named."""
    known = [row for row in rows if row.value is not None]
    unknown = [row for row in rows if row.value is None]
    ranked = sorted(known, key=lambda row: (-row.documents, row.value or ""))
    shown, left = ranked[:top], ranked[top:]
    if by == "month":
        shown.sort(key=lambda row: row.value or "")
    others = _sum(left) if left else None
    return Holdings(by, (*shown, *unknown), others, len(left), _sum(rows))


def _sum(rows: Sequence[Holding]) -> Holding:
    return Holding(
        None,
        sum(row.documents for row in rows),
        sum(row.passages for row in rows),
        sum(row.characters for row in rows),
    )


def _name(by: Grouping, value: str | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{language_name(value)} ({value})" if by == "language" else value
