"""Copies among the articles of a new index."""

from collections.abc import Iterator
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.dedup.copies import CopyRank, Signature, copy_rank, find_copies
from indexer.progress import Progress


def find_stored_copies(folder: Path, progress: Progress) -> dict[str, str]:
    """Map each article that has copies to its representative, which is among them.

    Args:
        folder: the generation's; its articles are in the catalog.
        progress: is told about the stage.
    """
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)
        return find_copies(_articles(catalog, progress), catalog.sentences)


def _articles(catalog: Catalog, progress: Progress) -> Iterator[tuple[CopyRank, Signature]]:
    for doc_id, published, signature in catalog.signatures():
        yield copy_rank(doc_id, published), signature
        progress.advance()
