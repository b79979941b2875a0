"""Which copies has an article? Reads what `copies_writer` found when the index was built."""

from indexer.catalog import Catalog
from indexer.store import Copy

_COPY = """
SELECT d.doc_id, d.source, d.published, d.path FROM copies c JOIN documents d USING (doc_id)
WHERE c.report = (SELECT report FROM copies WHERE doc_id = ?) AND c.doc_id <> ?
ORDER BY d.published IS NULL, d.published, d.doc_id
"""


def copies_of(catalog: Catalog, doc_id: str) -> tuple[Copy, ...]:
    """Return the other articles with the same report: the earliest first, unknown dates last."""
    return tuple(Copy(*row) for row in catalog.rows(_COPY, (doc_id, doc_id)))
