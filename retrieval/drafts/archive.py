"""Places of the archive where a quotation may stand, and the words of its articles."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from indexer.documents import Document
from indexer.store import (
    NO_CORRECTIONS,
    Corrections,
    PassageStore,
    Restriction,
    StoredPassage,
    doc_id_array,
    doc_id_text,
    passage_id_of,
)
from indexer.text.analyzer import content_terms, terms, words
from retrieval.drafts.words import WordText, lowercase_words

_MOST_PLACES = 300
_MOST_TERMS = 40
_MAX_CACHED_ARTICLES = 200  # with their words, about 20 MB


class Archive:
    """Search in all articles of a store, with the latest articles kept in memory. Thread-safe."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        # Each returns what its name says of the article with a doc_id.
        self.document: Callable[[str], Document] = lru_cache(_MAX_CACHED_ARTICLES)(store.document)
        self.words: Callable[[str], WordText] = lru_cache(_MAX_CACHED_ARTICLES)(self._words)
        self.lowercase: Callable[[str], frozenset[str]] = lru_cache(_MAX_CACHED_ARTICLES)(
            self._lowercase
        )

    def with_phrase(self, text: str) -> list[StoredPassage]:
        """Return passages that contain the words of a text next to each other, at most 300."""
        phrase = tuple(words(text))
        if not phrase:
            return []
        # Every passage that is allowed has every term: one of them finds all.
        longest = max(terms(text), key=len)
        return self._found([longest], _MOST_PLACES, Restriction(phrases=(phrase,)))

    def with_terms(self, text: str, depth: int) -> list[StoredPassage]:
        """Return the passages that have most of the words of a text, by BM25."""
        return self._found(content_terms(text)[:_MOST_TERMS], depth, Restriction())

    def stories(self, doc_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return articles by the representative of their story, in the order given."""
        found: dict[str, list[str]] = {}
        representatives = self._store.representatives(doc_id_array(doc_ids))
        for doc_id, representative in zip(doc_ids, representatives, strict=True):
            found.setdefault(doc_id_text(representative), []).append(doc_id)
        return found

    def corrections(self, doc_id: str) -> Corrections:
        """Return the corrections of an article, and those that it makes."""
        return self._store.corrections_of([doc_id]).get(doc_id, NO_CORRECTIONS)

    def dates(self, doc_ids: Sequence[str]) -> dict[str, str | None]:
        """Return when each article was published, None where unknown."""
        return {doc_id: self.document(doc_id).published for doc_id in doc_ids}

    def _found(
        self, query_terms: Sequence[str], depth: int, restriction: Restriction
    ) -> list[StoredPassage]:
        found = self._store.match_terms(query_terms, depth, restriction)
        pairs = zip(found.doc_ids, found.starts, strict=True)
        return self._store.passages([passage_id_of(doc_id, start) for doc_id, start in pairs])

    def _words(self, doc_id: str) -> WordText:
        return WordText(self.document(doc_id).text)

    def _lowercase(self, doc_id: str) -> frozenset[str]:
        return lowercase_words(self.document(doc_id).text)
