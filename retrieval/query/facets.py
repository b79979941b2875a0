"""Counts of the articles that a question's words find, by outlet, author, language and month."""

from dataclasses import replace

from indexer.catalog.statistics import Facets, count_facets
from indexer.storage.local_store import LocalStore
from indexer.store import doc_id_text
from retrieval.query.parse import parse

_DEPTH = 2000  # passages


def facets_of(store: LocalStore, question: str) -> Facets:
    """Count the articles of the passages that match a question best; without words, all articles.

    The question's dates, phrases and exclusions apply; its names do not, so that the count of each
    name is what choosing it would leave.
    """
    query = parse(question)
    if not query.terms:
        return count_facets(store.catalog)
    narrowed = replace(query.restriction, sources=(), authors=(), languages=())
    found = store.match_terms(query.terms, _DEPTH, narrowed)
    doc_ids = sorted({doc_id_text(name) for name in found.doc_ids.tolist()})
    return count_facets(store.catalog, doc_ids)
