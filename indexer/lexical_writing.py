"""How are the BM25 indexes of a generation written? Each by one thread, one beside the other.

In: the catalog of the generation. Out: the folder of its passages and that of its articles. They
are written whole each time, so that scores are those of a fresh build.
"""

from concurrent.futures import Future
from pathlib import Path

from indexer.catalog import Catalog
from indexer.lexical import ARTICLES_FOLDER, Bm25Engine, write_lexical
from indexer.workers import Workers

LEXICAL_FILES = 2
"""How many there are."""


def start_lexical(folder: Path, engine: Bm25Engine, workers: Workers) -> "list[Future[None]]":
    """Begin to write what an engine keeps on disk; the results raise what went wrong.

    Args:
        folder: the generation's; its catalog is complete but for the copies.
        engine: rank-bm25 keeps nothing.
        workers: who writes.
    """
    if engine != "tantivy":
        return []
    return [workers.submit(write, folder) for write in (write_passages, write_articles)]


def write_passages(folder: Path) -> None:
    """Write the BM25 index of the passages of a catalog."""
    with Catalog(folder) as catalog:
        write_lexical(
            folder,
            (stored.text for stored in catalog.all_passages()),
            (stored.heading for stored in catalog.all_passages()),
        )


def write_articles(folder: Path) -> None:
    """Write the BM25 index of the articles of a catalog."""
    with Catalog(folder) as catalog:
        write_lexical(folder, catalog.article_texts(), name=ARTICLES_FOLDER)
