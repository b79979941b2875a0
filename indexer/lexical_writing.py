"""How are the BM25 indexes of a generation written? Each by one thread, one beside the other.

In: the catalog of the generation. Out: the folder of its passages and that of its articles. They
are written whole each time, so that scores are those of a fresh build.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from itertools import tee
from pathlib import Path

from indexer.catalog import Catalog
from indexer.lexical import ARTICLES_FOLDER, Bm25Engine, write_lexical
from indexer.workers import Workers

LEXICAL_FILES = 2
"""How many there are."""

_PASSAGES_AT_ONCE = 1000
_HEADED = """
SELECT p.text, iif(p.kind = 'headline', '', coalesce(d.title, ''))
FROM passages p JOIN documents d USING (doc_id)
WHERE p.row >= ? AND p.row < ? ORDER BY p.row
"""


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
        texts, headings = tee(_headed_texts(catalog))
        write_lexical(folder, (text for text, _ in texts), (heading for _, heading in headings))


def _headed_texts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield text and heading of every passage in row order, as `StoredPassage` has them."""
    for first in range(0, catalog.count, _PASSAGES_AT_ONCE):
        rows = catalog.rows(_HEADED, (first, first + _PASSAGES_AT_ONCE))
        yield from ((text, heading) for text, heading in rows)


def write_articles(folder: Path) -> None:
    """Write the BM25 index of the articles of a catalog."""
    with Catalog(folder) as catalog:
        write_lexical(folder, catalog.article_texts(), name=ARTICLES_FOLDER)
