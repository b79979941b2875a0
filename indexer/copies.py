"""Which articles of this index are copies of each other? Found when it is built.

In: a catalog. Out: rows in it: each article with copies, and the one that stands for all of them.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog import Catalog
from indexer.catalog_writer import CATALOG_FILE
from indexer.duplicates import Article, find_copies
from indexer.errors import write_failure
from indexer.progress import Progress

_COPY = """
SELECT d.doc_id, d.source, d.published, d.path FROM copies c JOIN documents d USING (doc_id)
WHERE c.report = (SELECT report FROM copies WHERE doc_id = ?) AND c.doc_id <> ?
ORDER BY d.published IS NULL, d.published, d.doc_id
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article with the same report, or the same quote."""

    doc_id: str
    source: str | None
    published: str | None = None
    path: str | None = None


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


def copies_of(catalog: Catalog, doc_id: str) -> tuple[Copy, ...]:
    """Return the other articles with the same report: the earliest first, unknown dates last."""
    return tuple(Copy(*row) for row in catalog.rows(_COPY, (doc_id, doc_id)))


def reports_of(catalog: Catalog, doc_ids: Sequence[str]) -> dict[str, str]:
    """Return the article that stands for each of these; one without copies stands for itself."""
    query = "SELECT doc_id, report FROM copies WHERE doc_id IN"
    return {doc_id: doc_id for doc_id in doc_ids} | dict(catalog.in_batches(query, doc_ids))


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
