"""What does another engine find? rank-bm25 over the same terms, to compare tantivy's scores."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexFormatError
from indexer.lexical.schema import K1, B
from indexer.text.analyzer import terms, words

# rank-bm25 holds every term frequency in Python dictionaries and scans all of them per question.
# Reported with the design: 112 ms a question at 19,000 passages, 3.0 s and 2.1 GB at 200,000. The
# limit lies between them and was not measured itself.
REFERENCE_LIMIT = 50_000

_LEAST_IDF = 0.001


class RankBm25Index:
    """The reference engine: rank-bm25 over the same terms, built in memory.

    `BM25Okapi` differs from tantivy in two ways (see test_bm25_parity.py): its idf is
    log((N - n + 0.5) / (n + 0.5)) with a floor for common terms, and it uses exact lengths.
    """

    def __init__(self, texts: Sequence[str], headings: Sequence[str] = ()) -> None:
        """Analyse and count every passage, whose terms include those of its heading, if any.

        Raises:
            IndexFormatError: above `REFERENCE_LIMIT` passages.
        """
        if len(texts) > REFERENCE_LIMIT:
            raise IndexFormatError(
                f"rank-bm25 was asked for {len(texts):,} passages; it scans every passage in "
                f"Python for each question and is limited to {REFERENCE_LIMIT:,}. "
                "Build with --bm25 tantivy"
            )
        from rank_bm25 import BM25Okapi  # noqa: PLC0415 - only who selects this engine pays for it

        self.count = len(texts)
        titled = zip(headings or [""] * len(texts), texts, strict=True)
        self._terms = [terms(_under(heading, text)) for heading, text in titled]
        self._words = [words(text) for text in texts]
        self._bm25 = BM25Okapi(self._terms, k1=K1, b=B) if any(self._terms) else None
        if self._bm25 is not None:
            # Its own floor is a share of the mean, which is negative itself in a tiny corpus, and
            # leaves 0 for a term in exactly half of the passages: a match must count for one.
            floor = max(self._bm25.epsilon * self._bm25.average_idf, _LEAST_IDF)
            self._bm25.idf.update((t, floor) for t, idf in self._bm25.idf.items() if idf <= 0)

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row)."""
        wanted = set(query_terms)
        if self._bm25 is None or not wanted or depth < 1:
            return []
        scores = self._bm25.get_scores(list(query_terms))
        rows = [
            row
            for row in range(self.count)
            if (allowed is None or allowed[row]) and not wanted.isdisjoint(self._terms[row])
        ]
        rows.sort(key=lambda row: (-scores[row], row))
        return [(row, float(scores[row])) for row in rows[:depth]]

    def rows_with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of the passages in which the words follow each other, ascending."""
        wanted = f" {' '.join(phrase)} "
        found = [row for row, found in enumerate(self._words) if wanted in f" {' '.join(found)} "]
        return np.array(found if phrase else [], dtype=np.int64)


def _under(heading: str, text: str) -> str:
    return f"{heading}\n{text}" if heading else text
