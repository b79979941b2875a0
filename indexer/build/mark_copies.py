"""Copies among the articles of a new index."""

from collections.abc import Iterator
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.dedup.copies import Signed, copies_among, order_of
from indexer.progress import Progress


def find_stored_copies(folder: Path, progress: Progress) -> dict[str, str]:
    """Return which article stands for each one with copies, itself included.

    Args:
        folder: the generation's; its articles are in the catalog.
        progress: is told about the stage.
    """
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)
        return copies_among(_articles(catalog, progress), catalog.sentences)


def _articles(
    catalog: Catalog, progress: Progress
) -> Iterator[tuple[tuple[bool, str, str], Signed]]:
    for doc_id, published, signed in catalog.signatures():
        yield order_of(doc_id, published), signed
        progress.advance()
