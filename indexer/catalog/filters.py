"""Filters by outlet, author, language and date as SQL conditions on the table of documents.

Statements are joined from constants; user input is only ever a bound value.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from indexer.store import Restriction
from indexer.text.analyzer import readings

Where: TypeAlias = tuple[str, list[object]]
"""A condition, empty for none, and the values to bind."""

_SOURCE = "instr(source_key, ?) > 0"
_OF_DOCUMENT = "SELECT 1 FROM authors WHERE authors.doc_id = documents.doc_id"
_WITHOUT_AUTHOR = f"NOT EXISTS ({_OF_DOCUMENT})"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Numbers of documents that a filter hides because a value is unknown."""

    dates: int = 0
    authors: int = 0
    languages: int = 0


def conditions(restriction: Restriction) -> Where:
    """Return the condition that a restriction puts on documents."""
    parts = [
        _any(_SOURCE, [f" {' '.join(found)} " for found in _spellings(restriction.sources)]),
        _authors(restriction.authors),
        _any("language = ?", list(restriction.languages)),
        _dates(restriction),
    ]
    return _all([part for part in parts if part[0]])


def counts_of_unknown(restriction: Restriction) -> dict[str, Where]:
    """Return, by field of `Unknown`, the condition on documents that only this filter hides."""
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
    """Match an author whose name has all words of one of `names`, in any order ("Doe, Jane")."""
    alternatives: list[str] = []
    values: list[object] = []
    for found in _spellings(names):
        alternatives.append(" AND ".join(["instr(key, ?) > 0"] * len(found)) or "0")
        values += [f" {word} " for word in found]
    if not alternatives:
        return "", []
    return f"EXISTS ({_OF_DOCUMENT} AND (({') OR ('.join(alternatives)})))", values


def _spellings(names: tuple[str, ...]) -> list[list[str]]:
    return [reading for name in names for reading in readings(name)]


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
