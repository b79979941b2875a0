"""Which documents fulfil a filter by outlet, author, language or date? As conditions in SQL.

Statements are joined from constants in this module; what a user typed is only ever a bound value.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from indexer.catalog.rows import name_key
from indexer.store import Restriction
from indexer.text.analyzer import words

Where: TypeAlias = tuple[str, list[object]]
"""A condition on the table of documents, empty for none, and the values to bind."""

_SOURCE = "instr(source_key, ?) > 0"
_OF_DOCUMENT = "SELECT 1 FROM authors WHERE authors.doc_id = documents.doc_id"
_WITHOUT_AUTHOR = f"NOT EXISTS ({_OF_DOCUMENT})"


@dataclass(frozen=True, slots=True)
class Unknown:
    """How many documents are left out because their date, author or language is unknown."""

    dates: int = 0
    authors: int = 0
    languages: int = 0


def conditions(restriction: Restriction) -> Where:
    """Return the condition that the documents of every allowed passage fulfil."""
    parts = [
        _any(_SOURCE, [name_key(source) for source in restriction.sources]),
        _authors(restriction.authors),
        _any("language = ?", list(restriction.languages)),
        _dates(restriction),
    ]
    return _all([part for part in parts if part[0]])


def counts_of_unknown(restriction: Restriction) -> dict[str, Where]:
    """Return what counts the documents that one filter alone leaves out as unknown, by field."""
    found: dict[str, Where] = {}
    if (restriction.after or restriction.before) and not restriction.undated:
        others = replace(restriction, after=None, before=None)
        found["dates"] = _all([conditions(others), ("last_day IS NULL", [])])
    if restriction.authors:
        others = replace(restriction, authors=())
        found["authors"] = _all([conditions(others), (_WITHOUT_AUTHOR, [])])
    if restriction.languages:
        others = replace(restriction, languages=())
        found["languages"] = _all([conditions(others), ("language IS NULL", [])])
    return found


def _authors(names: tuple[str, ...]) -> Where:
    """Ask for one author whose name has all words of one of `names`, in whichever order.

    Exports write "Doe, Jane" as often as "Jane Doe".
    """
    alternatives: list[str] = []
    values: list[object] = []
    for name in names:
        found = words(name)
        alternatives.append(" AND ".join(["instr(key, ?) > 0"] * len(found)) or "0")
        values += [f" {word} " for word in found]
    if not alternatives:
        return "", []
    return f"EXISTS ({_OF_DOCUMENT} AND (({') OR ('.join(alternatives)})))", values


def _dates(restriction: Restriction) -> Where:
    limits = (("last_day >= ?", restriction.after), ("first_day <= ?", restriction.before))
    used = [(condition, day) for condition, day in limits if day]
    if not used:
        return "", []
    dated = " AND ".join(condition for condition, _ in used)
    where = f"(({dated}) OR last_day IS NULL)" if restriction.undated else f"({dated})"
    return where, [day for _, day in used]


def _any(condition: str, values: list[object]) -> Where:
    return f"({' OR '.join([condition] * len(values))})" if values else "", values


def _all(parts: list[Where]) -> Where:
    used = [part for part in parts if part[0]]
    return " AND ".join(where for where, _ in used), [each for _, found in used for each in found]
