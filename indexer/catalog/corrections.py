"""Corrections in a catalog: what they are found by, and those that were found."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.reader import Catalog
from indexer.dedup.copies import copy_rank
from indexer.store import Correction, Corrections

_OPENINGS = """
SELECT d.doc_id, coalesce(d.title, ''), coalesce((SELECT group_concat(text, char(10)) FROM (
    SELECT text FROM passages WHERE doc_id = d.doc_id ORDER BY start LIMIT 4)), '')
FROM documents d WHERE d.number >= ? AND d.number < ? AND d.source IS NOT NULL ORDER BY d.number
"""
_OF_OUTLET = """
SELECT number FROM documents
WHERE source_key = (SELECT source_key FROM documents WHERE doc_id = ?)
AND (last_day IS NULL OR (last_day >= ? AND first_day <= ?))
"""
_LINKED = """
SELECT c.{asked}, d.doc_id, d.title, d.published, d.path, json_extract(d.metadata, '$.url.value'),
       p.start, p.end
FROM corrections c JOIN documents d ON d.doc_id = c.{linked}
JOIN passages p ON p.passage_id = (
    SELECT passage_id FROM passages WHERE doc_id = d.doc_id
    ORDER BY kind = 'headline', start LIMIT 1)
WHERE c.{asked} IN (SELECT value FROM json_each(?))
"""


def openings(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield doc_id, title and first passages of each article whose outlet is known."""
    yield from catalog.ranges(_OPENINGS, catalog.documents)


def same_outlet(catalog: Catalog, doc_id: str, days: tuple[str, str]) -> NDArray[np.bool_]:
    """Return a mask, by number, of the articles of an article's outlet, itself included.

    Args:
        catalog: an open catalog.
        doc_id: of the article.
        days: the first and the last ISO day on which they were published; undated ones are allowed.
    """
    allowed = np.zeros(catalog.documents, dtype=np.bool_)
    allowed[[number for (number,) in catalog.rows(_OF_OUTLET, (doc_id, *days))]] = True
    return allowed


def corrections_of(catalog: Catalog, doc_ids: Sequence[str]) -> dict[str, Corrections]:
    """Return the corrections of each document that has any, or that corrects others."""
    by = _linked(catalog, doc_ids, "corrected", "doc_id")
    of = _linked(catalog, doc_ids, "doc_id", "corrected")
    return {
        doc_id: Corrections(by.get(doc_id, ()), of.get(doc_id, ()))
        for doc_id in sorted(by.keys() | of.keys())
    }


def _linked(
    catalog: Catalog, doc_ids: Sequence[str], asked: str, linked: str
) -> dict[str, tuple[Correction, ...]]:
    found: dict[str, list[Correction]] = {}
    query = _LINKED.format(asked=asked, linked=linked)
    for doc_id, *columns in catalog.rows(query, (json.dumps(list(doc_ids)),)):
        found.setdefault(doc_id, []).append(Correction(*columns))
    return {
        doc_id: tuple(sorted(each, key=lambda one: copy_rank(one.doc_id, one.published)))
        for doc_id, each in found.items()
    }
