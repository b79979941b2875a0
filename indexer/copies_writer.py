"""Which articles of a new index are copies of each other?

In: its catalog. Out: rows in it: each article with copies, and the one that stands for all of them.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog import Catalog
from indexer.catalog_writer import CATALOG_FILE
from indexer.duplicates import Article, find_copies
from indexer.errors import write_failure
from indexer.progress import Progress


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """How many articles are copies, beside the ones that stand for them, of how many reports."""

    copies: int = 0
    reports: int = 0


def write_copies(folder: Path, progress: Progress) -> CopyCounts:
    """Find the copies among the articles of a new catalog, and write them into it.

    Args:
        folder: the generation's; nobody may have its catalog open.
        progress: is told about the stage.

    Raises:
        IndexWriteError: when the catalog cannot be written.
    """
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)
        found = find_copies(_articles(catalog, progress), catalog.sentences)
    path = folder / CATALOG_FILE
    try:
        _write(path, found)
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    reports = len(set(found.values()))
    return CopyCounts(len(found) - reports, reports)


def _articles(catalog: Catalog, progress: Progress) -> Iterator[Article]:
    dates = catalog.rows("SELECT doc_id, published FROM documents ORDER BY number")
    for (doc_id, published), text in zip(dates, catalog.article_texts(), strict=True):
        yield Article(doc_id, published, text)
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
