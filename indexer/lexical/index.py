"""Search in a BM25 index by tantivy: of passages, or of whole articles. Scores are above 0."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from indexer.errors import IndexFormatError, damaged_index
from indexer.lexical.schema import BM25_FOLDER, OTHER_WEIGHT, is_tantivy_error, register, schema
from indexer.store import ALTERNATIVES

# Up to here the query names the allowed rows; beyond it hits are filtered afterwards.
_MAX_NAMED_ROWS = 4096

_LOCK_FILE = ".tantivy-meta.lock"


class TantivyIndex:
    """BM25 index of a committed generation. Thread-safe.

    Raises:
        IndexFormatError: when the folder is not a complete tantivy index.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Open the index of passages, or of articles, of a generation folder."""
        self._path = folder / name
        self._schema = schema()
        try:
            with _lockable(self._path) as path:
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                register(index)
                self._searcher = index.searcher()
                self.count: int = self._searcher.num_docs
        except BaseException as error:
            if not is_tantivy_error(error):
                raise
            raise _damaged(self._path, error) from error

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row).

        Args:
            query_terms: analysed terms, any of which is enough; see `PassageStore`.
            depth: maximum number of pairs.
            allowed: mask of the rows that may be returned, shape (count,); None allows all.
        """
        depth = min(depth, self.count)
        if depth < 1 or not query_terms:
            return []
        query = _any_of([self._best_of(term.split(ALTERNATIVES)) for term in query_terms])
        if allowed is None:
            return self._hits(query, depth)
        named = np.flatnonzero(allowed)
        if not len(named):
            return []
        if len(named) <= _MAX_NAMED_ROWS:
            # A query for a set of terms walks the dictionary: it took 4 times as long for the 110
            # articles of a question, twice as long for 1,000 rows, as long for 4,000.
            rows = [Query.term_query(self._schema, "row", row) for row in named.tolist()]
            only = Query.const_score_query(_any_of(rows), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, only)])
            return self._hits(query, depth)
        return self._filtered(query, depth, allowed)

    def rows_with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows that contain the words of a `Restriction` side by side, ascending."""
        if not phrase:
            return np.zeros(0, dtype=np.int64)
        spellings = " ".join(phrase).split(ALTERNATIVES)
        query = _any_of([self._phrase(spelling.split()) for spelling in spellings])
        return np.sort(np.array([row for row, _ in self._hits(query, self.count)], dtype=np.int64))

    def has_term(self, term: str) -> bool:
        """Tell whether any row has an analysed term."""
        return self._searcher.doc_freq("terms", term) > 0

    def words_with_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Return the words that begin so, with the number of rows that have each."""
        found = self._searcher.terms_with_prefix("words", prefix)
        return [(str(word), int(count)) for word, count in found]

    def _filtered(
        self, query: Query, depth: int, allowed: NDArray[np.bool_]
    ) -> list[tuple[int, float]]:
        """Fetch more hits until enough are allowed or all are fetched."""
        fetched = depth
        while True:
            fetched = min(4 * fetched, self.count)
            hits = self._hits(query, fetched)
            found = [hit for hit in hits if allowed[hit[0]]]
            if len(found) >= depth or len(hits) < fetched or fetched == self.count:
                return found[:depth]

    def _hits(self, query: Query, depth: int) -> list[tuple[int, float]]:
        try:
            found = self._searcher.search(query, limit=max(1, depth), count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in found])
        except BaseException as error:
            if not is_tantivy_error(error):
                raise
            raise _damaged(self._path, error) from error
        pairs = [
            (row, score)
            for row, (score, _) in zip(rows, found, strict=True)
            if type(row) is int and row < self.count and isfinite(score)
        ]
        if len(pairs) < len(found):
            raise _damaged(self._path, f"{len(found) - len(pairs)} hits without row or score")
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _best_of(self, alternatives: Sequence[str]) -> Query:
        """Return the query for a term, or for the best of its alternatives."""
        first, *others = [
            self._phrase(term.split()) if " " in term else self._term("terms", term)
            for term in alternatives
        ]
        boosted = [Query.boost_query(other, OTHER_WEIGHT) for other in others]
        return Query.disjunction_max_query([first, *boosted]) if boosted else first

    def _phrase(self, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return self._term("words", words[0])
        return Query.phrase_query(self._schema, "words", list(words))

    def _term(self, field: str, term: str) -> Query:
        option = "freq" if field == "terms" else "position"
        return Query.term_query(self._schema, field, term, option)


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _damaged(path: Path, what: object) -> IndexFormatError:
    return damaged_index(path.parent.parent, f"cannot read {path} ({what})")


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """Yield a folder that tantivy can open: this one or, if it is read-only, links to its files.

    tantivy opens a lock file for writing before it reads, and then maps all files at once.

    Raises:
        OSError: when there is no folder for temporary files.
    """
    lock = folder / _LOCK_FILE
    written = lock if lock.exists() else folder
    effective = os.access in os.supports_effective_ids
    if not folder.is_dir() or os.access(written, os.W_OK, effective_ids=effective):
        yield folder
        return
    with TemporaryDirectory(prefix="dateline-", ignore_cleanup_errors=True) as links:
        for path in folder.iterdir():
            if path.name != _LOCK_FILE:
                (Path(links) / path.name).symlink_to(path.absolute())
        yield Path(links)
    # A thread of tantivy may have put its lock file there while the folder was being removed.
    shutil.rmtree(links, ignore_errors=True)
