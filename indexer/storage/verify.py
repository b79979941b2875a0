"""Verification of every hash, count and offset of an index."""

from collections.abc import Sequence
from pathlib import Path

from indexer.documents import Document, Passage, Region
from indexer.errors import DatelineError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, damaged_files, read_manifest


def verify(index: Path) -> list[str]:
    """Return a description of each problem of an index; none if it is intact.

    Raises:
        IndexNotFoundError: when there is no index.
        IndexFormatError: when the manifest itself is damaged or of another format.
    """
    manifest = read_manifest(index)
    if problems := damaged_files(index, manifest):
        return problems
    try:
        with LocalStore(index, manifest) as store:
            return _check_passages(store, manifest)
    except DatelineError as error:
        return [str(error)]


def _check_passages(store: LocalStore, manifest: Manifest) -> list[str]:
    """Check that every passage is in its document, in the order of rows."""
    problems = []
    document: Document | None = None
    regions: tuple[Region, ...] = ()
    last: tuple[str, int] = ("", -1)
    count = 0
    for stored in store.catalog.all_passages():
        passage = stored.passage
        if document is None or document.doc_id != passage.doc_id:
            document = store.document(passage.doc_id)
            regions = store.catalog.regions(passage.doc_id)
        if document.text[passage.start : passage.end] != stored.text:
            problems.append(f"passage {passage.passage_id} is not in the text of {document.path}")
        if (passage.doc_id, passage.start) <= last:
            problems.append(f"passage {passage.passage_id} is out of order")
        problems += _check_regions(passage, regions)
        last = (passage.doc_id, passage.start)
        count += 1
    if count != manifest.passages:
        problems.append(f"found {count:,} passages, expected {manifest.passages:,}")
    return problems


def _check_regions(passage: Passage, regions: Sequence[Region]) -> list[str]:
    """Check that a passage overlaps nothing that cleaning removed."""
    return [
        f"passage {passage.passage_id} overlaps removed text ({region.reason})"
        for region in regions
        if not region.kept and region.start < passage.end and passage.start < region.end
    ]
