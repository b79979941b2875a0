"""Counts of articles by outlet, author, language and month, and the newest headlines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.catalog.reader import Catalog

_MOST_NAMES = 200
_OF = "doc_id IN (SELECT value FROM json_each(?))"
_COLUMNS = {
    "outlets": ("source", "documents"),
    "authors": (
        "json_extract(value, '$.value')",
        "documents, json_each(documents.metadata, '$.authors')",
    ),
    "languages": ("language", "documents"),
    "months": ("substr(published, 1, 7)", "documents"),
}


@dataclass(frozen=True, slots=True)
class Facets:
    """Numbers of articles: in all, and by outlet, author, language and month.

    Names come largest first, at most 200 of them; months (`2023-10`, or a year alone) by date.
    """

    articles: int
    outlets: tuple[tuple[str, int], ...] = ()
    authors: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of an article, with its outlet and date where they are known."""

    doc_id: str
    title: str
    source: str | None
    published: str | None


def count_facets(catalog: Catalog, doc_ids: Sequence[str] | None = None) -> Facets:
    """Count the articles of a catalog, or those of some doc_ids."""
    values = [] if doc_ids is None else [json.dumps(list(doc_ids))]
    where = "" if doc_ids is None else f" AND {_OF}"
    counts = {}
    for name, (column, table) in _COLUMNS.items():
        order = (
            "found LIMIT -1" if name == "months" else f"count(*) DESC, found LIMIT {_MOST_NAMES}"
        )
        query = (
            f"SELECT {column} AS found, count(*) FROM {table} "
            f"WHERE found IS NOT NULL{where} GROUP BY found ORDER BY {order}"
        )
        counts[name] = tuple(
            (str(found), int(count)) for found, count in catalog.rows(query, values)
        )
    articles = catalog.documents if doc_ids is None else len(set(doc_ids))
    return Facets(articles, **counts)


def newest_headlines(catalog: Catalog, count: int) -> list[Headline]:
    """Return the titles of the newest articles, undated ones last; of equal titles, the first."""
    query = (
        "SELECT doc_id, title, source, published FROM documents WHERE title IS NOT NULL "
        "ORDER BY published IS NULL, published DESC, doc_id LIMIT ?"
    )
    found = (Headline(*row) for row in catalog.rows(query, [4 * count]))
    unique = {headline.title: headline for headline in reversed(list(found))}
    return list(reversed(unique.values()))[:count]
