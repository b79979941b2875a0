"""Which articles of a new index are copies of each other?

In: its catalog. Out: rows in it: each article with copies, and the one that stands for all of them.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.catalog.writer import CATALOG_FILE
from indexer.dedup.copies import Signed, copies_among, order_of
from indexer.errors import write_failure
from indexer.progress import Progress

_ARTICLES_AT_ONCE = 1000
_SIGNED = """
SELECT doc_id, d.published, m.text_key, m.signature
FROM documents d JOIN made_from m USING (doc_id)
WHERE d.number >= ? AND d.number < ? ORDER BY d.number
"""


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """How many articles are copies, beside the ones that stand for them, of how many reports."""

    copies: int = 0
    reports: int = 0


def find_stored_copies(folder: Path, progress: Progress) -> dict[str, str]:
    """Return which article stands for each one with copies, itself included.

    Args:
        folder: the generation's; its articles are in the catalog.
        progress: is told about the stage.
    """
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)
        return copies_among(_articles(catalog, progress), catalog.sentences)


def write_copies(folder: Path, found: Mapping[str, str]) -> CopyCounts:
    """Write into a new catalog which articles are copies.

    Args:
        folder: the generation's; nobody, in no process, may have its catalog open.
        found: what `find_stored_copies` returned.

    Raises:
        IndexWriteError: when the catalog cannot be written.
    """
    path = folder / CATALOG_FILE
    try:
        _write(path, found)
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    reports = len(set(found.values()))
    return CopyCounts(len(found) - reports, reports)


def _articles(
    catalog: Catalog, progress: Progress
) -> Iterator[tuple[tuple[bool, str, str], Signed]]:
    for first in range(0, catalog.documents, _ARTICLES_AT_ONCE):
        for row in catalog.rows(_SIGNED, (first, first + _ARTICLES_AT_ONCE)):
            doc_id, published, key, signature = row
            yield order_of(doc_id, published), Signed(key, signature)
            progress.advance()


def _write(path: Path, found: Mapping[str, str]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO copies VALUES (?,?)", sorted(found.items()))
        connection.execute("COMMIT")
    finally:
        connection.close()
