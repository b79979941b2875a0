"""Counts over a whole catalog, for the manifest and for `info`."""

import json
from typing import Literal, NamedTuple, TypeAlias

from indexer.catalog.reader import Catalog
from indexer.catalog.rows import name_key
from indexer.documents import GUESSED_ENCODING

# A month is the first seven characters of a date; of a year alone, that is the year.
_GROUPS = {"source": "source", "month": "substr(published, 1, 7)", "language": "language"}

# Of the index that filters use too: names as written would take reading every document.
_NAMES = {
    "source": "SELECT source_key, count(*), min(doc_id) FROM documents "
    "WHERE source_key <> '' GROUP BY source_key",
    "author": "SELECT key, count(*), min(doc_id) FROM authors GROUP BY key",
}

Named: TypeAlias = Literal["source", "author"]


class NameCount(NamedTuple):
    """Folded name of an outlet or author, the number of its articles, and one of them."""

    key: str
    articles: int
    doc_id: str


_LANGUAGES = """
SELECT language, count(*) FROM documents WHERE language IS NOT NULL
GROUP BY language ORDER BY language
"""
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


def count_names(catalog: Catalog, named: Named) -> list[NameCount]:
    """Return every outlet or author, the one with most articles first."""
    found = [NameCount(*row) for row in catalog.rows(_NAMES[named])]
    return sorted(found, key=lambda each: (-each.articles, each.key))


def name_as_written(catalog: Catalog, named: Named, counted: NameCount) -> str:
    """Return a name as one of its articles has it."""
    query = "SELECT source, metadata FROM documents WHERE doc_id = ?"
    ((source, metadata),) = catalog.rows(query, [counted.doc_id])
    names = [source] if named == "source" else [a["value"] for a in json.loads(metadata)["authors"]]
    return next((str(name) for name in names if name_key(name) == counted.key), counted.key.strip())


def count_languages(catalog: Catalog) -> dict[str, int]:
    """Return how many documents are in each known language, by code."""
    return dict(catalog.rows(_LANGUAGES))


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
