"""Here are terms: which passages? BM25 by tantivy; `lexical_reference` asks rank-bm25 instead.

Whole articles have an index of the same kind: what a passage leaves unsaid, its article says. Both
engines count the same terms with k1 = 1.2 and b = 0.75. Scores: higher is better, above 0.
"""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from indexer.errors import IndexFormatError, damaged_index
from indexer.lexical.schema import BM25_FOLDER, is_library_failure, register, schema
from indexer.lexical.unlocked import lockable

# Up to here the allowed rows are named in the query; beyond it hits are filtered as they come.
_MAX_NAMED_ROWS = 4096


class TantivyIndex:
    """Searches the BM25 index of a committed generation. Safe between threads.

    Raises:
        IndexFormatError: when the folder is not a whole tantivy index.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Open the BM25 index of a generation folder: of its passages, or of its articles."""
        self._path = folder / name
        self._schema = schema()
        try:
            with lockable(self._path) as path:
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                register(index)
                self._searcher = index.searcher()
                self.count: int = self._searcher.num_docs
        except BaseException as error:
            if not is_library_failure(error):
                raise
            raise _damaged(self._path, error) from error

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row).

        Args:
            query_terms: analysed terms; a passage with any of them is found.
            depth: how many to return, at least 1.
            allowed: which rows may be returned, shape (count,); None means all.
        """
        depth = min(depth, self.count)
        if depth < 1 or not query_terms:
            return []
        query = _any_of([self._term("terms", term) for term in query_terms])
        if allowed is None:
            return self._hits(query, depth)
        named = np.flatnonzero(allowed)
        if not len(named):
            return []
        if len(named) <= _MAX_NAMED_ROWS:
            # One by one: a query for a set of terms walks the dictionary, and took 4 times as long
            # for the 110 articles of a question, twice for 1,000 rows, as long for 4,000.
            rows = [Query.term_query(self._schema, "row", row) for row in named.tolist()]
            only = Query.const_score_query(_any_of(rows), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, only)])
            return self._hits(query, depth)
        return self._filtered(query, depth, allowed)

    def rows_with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of the passages in which the words follow each other, ascending."""
        if not phrase:
            return np.zeros(0, dtype=np.int64)
        if len(phrase) == 1:
            query = self._term("words", phrase[0])
        else:
            query = Query.phrase_query(self._schema, "words", list(phrase))
        return np.sort(np.array([row for row, _ in self._hits(query, self.count)], dtype=np.int64))

    def _filtered(
        self, query: Query, depth: int, allowed: NDArray[np.bool_]
    ) -> list[tuple[int, float]]:
        """Fetch deeper until enough allowed hits are found or there are no more."""
        fetched = depth
        while True:
            fetched = min(4 * fetched, self.count)
            hits = self._hits(query, fetched)
            kept = [hit for hit in hits if allowed[hit[0]]]
            if len(kept) >= depth or len(hits) < fetched or fetched == self.count:
                return kept[:depth]

    def _hits(self, query: Query, depth: int) -> list[tuple[int, float]]:
        try:
            found = self._searcher.search(query, limit=max(1, depth), count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in found])
        except BaseException as error:
            if not is_library_failure(error):
                raise
            raise _damaged(self._path, error) from error
        pairs = [
            (row, score)
            for row, (score, _) in zip(rows, found, strict=True)
            if type(row) is int and row < self.count and isfinite(score)
        ]
        if len(pairs) < len(found):
            raise _damaged(self._path, f"it gives {len(found) - len(pairs)} hits no row or score")
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _term(self, field: str, term: str) -> Query:
        option = "freq" if field == "terms" else "position"
        return Query.term_query(self._schema, field, term, option)


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _damaged(path: Path, what: object) -> IndexFormatError:
    return damaged_index(path.parent.parent, f"the BM25 index {path} cannot be read ({what})")
