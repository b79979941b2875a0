"""Which copies have these articles? Reads what `copies_writer` found when the index was built."""

from collections.abc import Sequence

from indexer.catalog.reader import Catalog
from indexer.store import Copy

_COPY = "asked.doc_id, d.doc_id, d.source, d.published, d.path"
_OF_COPIES = """
FROM copies asked
JOIN copies other ON other.report = asked.report AND other.doc_id <> asked.doc_id
JOIN documents d ON d.doc_id = other.doc_id
WHERE asked.doc_id IN
"""


def copies_of(catalog: Catalog, doc_ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
    """Return the other articles with the same report, of each that has any.

    The earliest come first, unknown dates last.
    """
    found: dict[str, list[Copy]] = {}
    for doc_id, *copy in catalog.at_once(_COPY, _OF_COPIES, doc_ids):
        found.setdefault(doc_id, []).append(Copy(*copy))
    return {doc_id: tuple(sorted(copies, key=_by_date)) for doc_id, copies in found.items()}


def _by_date(copy: Copy) -> tuple[bool, str, str]:
    return copy.published is None, copy.published or "", copy.doc_id
