"""Search by rank-bm25 over the same terms, the reference for tantivy's scores."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexFormatError
from indexer.lexical.schema import K1, OTHER_WEIGHT, B
from indexer.store import ALTERNATIVES
from indexer.text.analyzer import readings, terms

# rank-bm25 scans Python dictionaries of all term frequencies for each question: reported are 112 ms
# for 19,000 passages, 3.0 s and 2.1 GB for 200,000. The limit lies between them, unmeasured.
REFERENCE_LIMIT = 50_000

_LEAST_IDF = 0.001


class RankBm25Index:
    """BM25 index in memory by rank-bm25, with the search methods of `TantivyIndex`.

    `BM25Okapi` differs from tantivy in two ways (see test_reference.py): its idf is
    log((N - n + 0.5) / (n + 0.5)) with a floor for common terms, and it uses exact lengths.
    """

    def __init__(self, texts: Sequence[str], headings: Sequence[str] = ()) -> None:
        """Index passages; the terms of each include those of its heading.

        Raises:
            IndexFormatError: above `REFERENCE_LIMIT` passages.
        """
        if len(texts) > REFERENCE_LIMIT:
            raise IndexFormatError(
                f"rank-bm25 is too slow for {len(texts):,} passages, limited to "
                f"{REFERENCE_LIMIT:,}. Build the index with --bm25 tantivy."
            )
        from rank_bm25 import BM25Okapi  # noqa: PLC0415 - loaded only for this engine

        self.count = len(texts)
        titled = zip(headings or [""] * len(texts), texts, strict=True)
        self._terms = [terms(f"{heading}\n{text}") for heading, text in titled]
        self._spellings = [[_spaced(found) for found in readings(text)] for text in texts]
        self._bm25 = BM25Okapi(self._terms, k1=K1, b=B) if any(self._terms) else None
        if self._bm25 is not None:
            # rank-bm25's own floor is negative in a tiny corpus, and 0 for a term in exactly half
            # of the passages, whereas a match must count.
            floor = max(self._bm25.epsilon * self._bm25.average_idf, _LEAST_IDF)
            self._bm25.idf.update((t, floor) for t, idf in self._bm25.idf.items() if idf <= 0)

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row)."""
        # Phrases are not scored here: rank-bm25 knows terms only.
        choices = [term.split(ALTERNATIVES) for term in query_terms]
        wanted = {term for alternatives in choices for term in alternatives}
        if self._bm25 is None or not wanted or depth < 1:
            return []
        scores = np.zeros(self.count)
        for first, *others in choices:
            weighed = [OTHER_WEIGHT * self._bm25.get_scores([term]) for term in others]
            scores += np.max([self._bm25.get_scores([first]), *weighed], axis=0)
        rows = [
            row
            for row in range(self.count)
            if (allowed is None or allowed[row]) and not wanted.isdisjoint(self._terms[row])
        ]
        rows.sort(key=lambda row: (-scores[row], row))
        return [(row, float(scores[row])) for row in rows[:depth]]

    def has_term(self, term: str) -> bool:
        """Tell whether any row has an analysed term."""
        return self._bm25 is not None and term in self._bm25.idf

    def words_with_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Return the words that begin so, with the number of rows that have each."""
        counts = Counter(
            word
            for spellings in self._spellings
            for word in set("".join(spellings).split())
            if word.startswith(prefix)
        )
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def rows_with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows that contain the words of a `Restriction` side by side, ascending."""
        wanted = [_spaced(spelling.split()) for spelling in " ".join(phrase).split(ALTERNATIVES)]
        found = [
            row
            for row, spellings in enumerate(self._spellings)
            if any(phrase in text for phrase in wanted for text in spellings)
        ]
        return np.array(found if phrase else [], dtype=np.int64)


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "
