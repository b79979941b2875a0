"""Counts over a catalog: for the manifest, for `info`, and for filters."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from indexer.catalog.reader import Catalog
from indexer.catalog.rows import name_key
from indexer.documents import GUESSED_ENCODING

# A month is the first seven characters of a date; of a year alone, that is the year.
_GROUPS = {"source": "source", "month": "substr(published, 1, 7)", "language": "language"}

# Of the index that filters use too: names as written would take reading every document.
_NAMES = {
    "source": "SELECT source_key AS key, doc_id FROM documents WHERE source_key <> ''",
    "author": "SELECT key, doc_id FROM authors",
}
_LANGUAGES = "SELECT language AS key, doc_id FROM documents"
_MONTHS = "SELECT substr(published, 1, 7) AS key, doc_id FROM documents"
_REMOVED = """
SELECT json_extract(value, '$[3]') AS reason,
       sum(json_extract(value, '$[1]') - json_extract(value, '$[0]'))
FROM documents, json_each(regions) WHERE NOT json_extract(value, '$[2]')
GROUP BY reason ORDER BY reason
"""
_GUESSED = """
SELECT json_extract(metadata, '$.encoding.value') AS encoding, count(DISTINCT file) FROM documents
WHERE json_extract(metadata, '$.encoding.found_in') = ? GROUP BY encoding ORDER BY encoding
"""
_GUESSED_FILES = """
SELECT DISTINCT json_extract(metadata, '$.encoding.value'), file FROM documents
WHERE json_extract(metadata, '$.encoding.found_in') = ? ORDER BY file
"""
_MOST_NAMES = 200

Named: TypeAlias = Literal["source", "author"]


class NameCount(NamedTuple):
    """Folded name of an outlet or author, the number of its articles, and one of them."""

    key: str
    articles: int
    doc_id: str


@dataclass(frozen=True, slots=True)
class Facets:
    """Numbers of articles: in all, and by outlet, author, language and month.

    Names come largest first, as an article has them, at most 200; months (`2023-10`, or a year
    alone) by date.
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


def count_by(catalog: Catalog, by: str) -> list[tuple[str | None, int, int, int]]:
    """Return the documents, passages and characters of each outlet, month or language.

    Args:
        catalog: an open catalog.
        by: `source`, `month` or `language`; what is unknown is None.

    Raises:
        KeyError: for anything else.
    """
    query = (
        f"SELECT {_GROUPS[by]} AS found, count(*), sum(passages), sum(characters) FROM ("
        "SELECT d.*, count(p.row) AS passages, coalesce(sum(length(p.text)), 0) AS characters "
        "FROM documents d LEFT JOIN passages p USING (doc_id) GROUP BY d.number"
        ") GROUP BY found ORDER BY found"
    )
    return [(value, *map(int, counts)) for value, *counts in catalog.rows(query)]


def count_facets(catalog: Catalog, doc_ids: Sequence[str] | None = None) -> Facets:
    """Count the articles of a catalog, or those of some doc_ids."""
    languages = _count(catalog, _LANGUAGES, doc_ids)
    months = _count(catalog, _MONTHS, doc_ids)
    return Facets(
        catalog.documents if doc_ids is None else len(set(doc_ids)),
        outlets=_written(catalog, "source", doc_ids),
        authors=_written(catalog, "author", doc_ids),
        languages=tuple((each.key, each.articles) for each in languages),
        months=tuple(sorted((each.key, each.articles) for each in months)),
    )


def _written(
    catalog: Catalog, named: Named, doc_ids: Sequence[str] | None
) -> tuple[tuple[str, int], ...]:
    found = count_names(catalog, named, doc_ids)[:_MOST_NAMES]
    return tuple((name_as_written(catalog, named, each), each.articles) for each in found)


def count_names(
    catalog: Catalog, named: Named, doc_ids: Sequence[str] | None = None
) -> list[NameCount]:
    """Return every outlet or author, of some doc_ids or of all, that with most articles first."""
    return _count(catalog, _NAMES[named], doc_ids)


def _count(catalog: Catalog, pairs: str, doc_ids: Sequence[str] | None) -> list[NameCount]:
    """Count the articles of each key among pairs of key and doc_id, most first."""
    values = [] if doc_ids is None else [json.dumps(list(doc_ids))]
    some = "" if doc_ids is None else " AND doc_id IN (SELECT value FROM json_each(?))"
    query = (
        f"SELECT key, count(*), min(doc_id) FROM ({pairs}) WHERE key IS NOT NULL{some} "
        "GROUP BY key ORDER BY count(*) DESC, key"
    )
    return [NameCount(*row) for row in catalog.rows(query, values)]


def name_as_written(catalog: Catalog, named: Named, counted: NameCount) -> str:
    """Return a name as one of its articles has it."""
    query = "SELECT source, metadata FROM documents WHERE doc_id = ?"
    ((source, metadata),) = catalog.rows(query, [counted.doc_id])
    names = [source] if named == "source" else [a["value"] for a in json.loads(metadata)["authors"]]
    return next((str(name) for name in names if name_key(name) == counted.key), counted.key.strip())


def count_languages(catalog: Catalog) -> dict[str, int]:
    """Return how many documents are in each known language, by code."""
    return {each.key: each.articles for each in sorted(_count(catalog, _LANGUAGES, None))}


def count_guessed(catalog: Catalog) -> dict[str, int]:
    """Return how many files were read in each encoding that was guessed, by its name."""
    return dict(catalog.rows(_GUESSED, (GUESSED_ENCODING,)))


def guessed_files(catalog: Catalog, most: int) -> dict[str, tuple[str, ...]]:
    """Return the first files of each encoding that was guessed, in the order of paths."""
    found: dict[str, tuple[str, ...]] = {}
    for encoding, file in catalog.rows(_GUESSED_FILES, (GUESSED_ENCODING,)):
        if len(found.setdefault(encoding, ())) < most:
            found[encoding] += (file,)
    return found


def removed_characters(catalog: Catalog) -> dict[str, int]:
    """Return how many characters cleaning removed, by reason, sorted by it."""
    return {str(reason): int(characters) for reason, characters in catalog.rows(_REMOVED)}


def newest_headlines(catalog: Catalog, count: int) -> list[Headline]:
    """Return the titles of the newest articles, undated ones last; of equal titles, the first."""
    query = (
        "SELECT doc_id, title, source, published FROM documents WHERE title IS NOT NULL "
        "ORDER BY published IS NULL, published DESC, doc_id LIMIT ?"
    )
    found = (Headline(*row) for row in catalog.rows(query, [4 * count]))
    unique = {headline.title: headline for headline in reversed(list(found))}
    return list(reversed(unique.values()))[:count]
