"""Here are terms: which passages? BM25 by tantivy, and by rank-bm25 as the reference engine.

Whole articles have an index of the same kind: what a passage leaves unsaid, its article says. Both
engines count the same terms with k1 = 1.2 and b = 0.75. Scores: higher is better, above 0.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import repeat
from math import isfinite
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from indexer.analyzer import fold, folded_lines, term_analyzer, terms, word_analyzer, words
from indexer.closing import Closing
from indexer.errors import IndexFormatError, build_command, write_failure
from indexer.panics import calling_tantivy, is_library_failure
from indexer.unlocked import lockable

BM25_FOLDER = "bm25"
ARTICLES_FOLDER = "bm25-articles"
Bm25Engine = Literal["tantivy", "rank-bm25"]

# tantivy's values are fixed in its code; the reference engine is given the same.
K1 = 1.2
B = 0.75

# rank-bm25 holds every term frequency in Python dictionaries and scans all of them per question.
# Reported with the design: 112 ms a question at 19,000 passages, 3.0 s and 2.1 GB at 200,000. The
# limit lies between them and was not measured itself.
REFERENCE_LIMIT = 50_000

_LEAST_IDF = 0.001

# Up to here the allowed rows are named in the query; beyond it hits are filtered as they come.
_MAX_NAMED_ROWS = 4096

# What fits in this becomes one segment; tantivy's own default is half of it.
_HEAP_BYTES = 256_000_000


class LexicalIndex(Protocol):
    """Finds passages by the terms in them."""

    count: int

    def search(
        self, query_terms: Sequence[str], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `depth` (row, score) pairs, sorted by (-score, row)."""


def write_lexical(
    folder: Path, texts: Iterable[str], headings: Iterable[str] = (), *, name: str = BM25_FOLDER
) -> None:
    """Write the BM25 index of passages, in row order, by one writer thread.

    So the same passages give the same segments: one, up to about 400,000 passages, which is what
    fits into the writer's memory. Scores are over all segments together.

    Args:
        folder: the generation's.
        texts: the passages, consumed one at a time.
        headings: the title under which each stands: its terms count for the passage too, since a
            passage seldom repeats what its article is about. Phrases are of the text alone. None
            at all when it is left out.
        name: the folder; in `ARTICLES_FOLDER` the texts are whole articles, without phrases.

    Raises:
        IndexWriteError: when a file cannot be written, for example on a full disk.
    """
    with LexicalWriter(folder, name) as writer:
        titled = zip(texts, headings, strict=True) if headings else zip(texts, repeat(""))
        writer.add(_foldeds(titled))
        writer.commit()


def _foldeds(titled: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for text, heading in titled:
        folded = fold(text)
        yield under(heading, text, folded), folded


class LexicalWriter(Closing):
    """Writes one BM25 index, document by document. Use it in a `with` statement, which ends it.

    tantivy's thread analyses what was added while more is made.

    Args:
        folder: the generation's.
        name: as of `write_lexical`.

    Raises:
        IndexWriteError: when a file cannot be written; so do all methods.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Make the folder."""
        self._path = folder / name
        self._has_phrases = name == BM25_FOLDER
        self._count = 0
        self._writer: tantivy.IndexWriter | None
        with self._failing_as_write():
            self._path.mkdir(mode=0o700)
            index = tantivy.Index(_schema(), path=str(self._path))
            _register(index)
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def close(self) -> None:
        """End the thread; what was not committed does not count."""
        self._writer = None

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Add documents in row order: of each the text of its terms and of its phrases, folded."""
        if self._writer is None:
            raise RuntimeError(f"{self._path} was asked to take more after its end")
        with self._failing_as_write():
            for terms_of, words_of in documents:
                document = tantivy.Document()
                document.add_text("terms", terms_of)
                if self._has_phrases:
                    document.add_text("words", words_of)
                document.add_unsigned("row", self._count)
                self._writer.add_document(document)
                self._count += 1

    def commit(self) -> None:
        """Write everything; other threads of Python work meanwhile. Nothing may follow."""
        if self._writer is None:
            raise RuntimeError(f"{self._path} was asked to commit after its end")
        with self._failing_as_write():
            self._writer.commit()
            self._writer.wait_merging_threads()

    @contextmanager
    def _failing_as_write(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not is_library_failure(error):
                raise
            raise write_failure(self._path, error) from error


class TantivyIndex:
    """Searches the BM25 index of a committed generation. Safe between threads.

    Raises:
        IndexFormatError: when the folder is not a whole tantivy index.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Open the BM25 index of a generation folder: of its passages, or of its articles."""
        self._path = folder / name
        self._schema = _schema()
        try:
            with calling_tantivy(), lockable(self._path) as path:
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                _register(index)
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
            with calling_tantivy():
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


class RankBm25Index:
    """The reference engine: rank-bm25 over the same terms, built in memory.

    `BM25Okapi` differs from tantivy in two ways (see tests/indexer/test_bm25_parity.py): its idf
    is log((N - n + 0.5) / (n + 0.5)) with a floor for common terms, and it uses exact lengths.
    """

    def __init__(self, texts: Sequence[str], headings: Sequence[str] = ()) -> None:
        """Analyse and count every passage; arguments as of `write_lexical`.

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


def under(heading: str, text: str, folded: str) -> str:
    """Return, folded, a text below the title that its terms count under, if any."""
    return folded_lines([heading, text], [_folded_heading(heading), folded]) if heading else folded


@lru_cache(maxsize=1)  # all passages of an article have one
def _folded_heading(heading: str) -> str:
    return fold(heading)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="dateline_terms", index_option="freq")
    builder.add_text_field("words", tokenizer_name="dateline_words", index_option="position")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    return builder.build()


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer("dateline_terms", term_analyzer())
    index.register_tokenizer("dateline_words", word_analyzer())


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _damaged(path: Path, what: object) -> IndexFormatError:
    return IndexFormatError(
        f"the BM25 index {path} cannot be read ({what}): the index is damaged. "
        f"Rebuild it: {build_command(index=path.parent.parent)}"
    )
