"""Where tantivy and rank-bm25 differ on the same terms, why, and by how much.

Both count k1 = 1.2 and b = 0.75. They differ in two ways, and in nothing else:

(a) idf. tantivy takes Lucene's ln(1 + (N - n + 0.5) / (n + 0.5)), which is always above 0;
    `BM25Okapi` takes ln((N - n + 0.5) / (n + 0.5)), and where that is below 0 (a term in more than
    half of the passages) a quarter of the mean idf.
(b) lengths. tantivy keeps the length of a passage in one byte: exact up to 40 terms, then rounded
    down to four significant bits (42, 44, …, 56, 60, …, 88, 96, …), an error below one ninth.

The formula below, with Lucene's idf and such lengths, gives tantivy's scores to 1e-4; with the
other idf and exact lengths it gives rank-bm25's to 1e-9. Mean share of the top 10 that the two have
in common, measured with one difference switched on at a time:

                                    seeds, 105 questions    NFCorpus, 323 queries
    tantivy and rank-bm25                         93.9 %                   97.4 %
    only the idf differs (a)                      94.2 %                   98.2 %
    only the lengths differ (b)                   99.4 %                   98.5 %

NFCorpus: the first 2,000 documents, each as one passage (245 terms in the mean, above
40 in 99.7 % of them, so that nearly every length is rounded). The seeds have 43 passages here: a
term is soon in more than half of them, which is where the two idf part.
"""

import json
import lzma
import math
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.build.articles import make_entry
from indexer.build.reading import ReadingLog, read_corpus
from indexer.catalog.staging import Staging
from indexer.corpus.scan import scan
from indexer.errors import IndexFormatError
from indexer.lexical.index import TantivyIndex
from indexer.lexical.reference import REFERENCE_LIMIT, RankBm25Index
from indexer.lexical.schema import K1, B
from indexer.loaders.formats.registry import SUFFIXES
from indexer.recurring.lines import NO_LINES
from indexer.text.analyzer import content_terms, terms
from tests.support.builders import count_words, staged
from tests.support.index_files import write_lexical

REPOSITORY = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("DATELINE_EVAL_DATA", str(REPOSITORY.parent / "shared" / "data")))
NFCORPUS = DATA / "ir" / "nfcorpus"
NFCORPUS_PASSAGES = 2000
DEPTH = 10

# rank-bm25's own default: the share of the mean idf that the commonest terms get.
EPSILON = 0.25

Ranking = list[tuple[int, float]]


def stored_lengths() -> NDArray[np.int64]:
    """Return the 256 lengths that one byte can say.

    Up to 24 a byte is itself; above, it is 24 plus a number of four significant bits: three in the
    byte's low bits after an implied leading one, and a shift in the others.
    """
    lengths = list(range(24))
    for byte in range(256 - 24):
        bits, shift = byte & 7, (byte >> 3) - 1
        lengths.append(24 + (bits if shift < 0 else (bits | 8) << shift))
    return np.array(lengths, dtype=np.int64)


def quantised(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round lengths down to what one byte can say."""
    table = stored_lengths()
    rounded: NDArray[np.int64] = table[np.searchsorted(table, lengths, side="right") - 1]
    return rounded


class WrittenOutBm25:
    """BM25 in NumPy, with each of the two differences as a switch."""

    def __init__(
        self, counted: Sequence[Counter[str]], *, okapi_idf: bool, exact_lengths: bool
    ) -> None:
        lengths = np.array([found.total() for found in counted], dtype=np.int64)
        used = lengths if exact_lengths else quantised(lengths)
        self._norm = K1 * (1 - B + B * used / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, found in enumerate(counted):
            for term, frequency in found.items():
                postings.setdefault(term, []).append((row, frequency))
        self._postings = postings
        found_in = {term: len(found) for term, found in postings.items()}
        odds = {term: (len(counted) - n + 0.5) / (n + 0.5) for term, n in found_in.items()}
        self._idf = {term: math.log(1 + odd) for term, odd in odds.items()}
        if okapi_idf:
            self._idf = {term: math.log(odd) for term, odd in odds.items()}
            floor = EPSILON * sum(self._idf.values()) / len(self._idf)
            self._idf = {t: floor if idf <= 0 else idf for t, idf in self._idf.items()}

    def search(self, query_terms: Sequence[str], depth: int) -> Ranking:
        scores = np.zeros(len(self._norm))
        for term in query_terms:
            if term in self._postings:
                rows, frequency = np.array(self._postings[term]).T
                saturated = frequency * (K1 + 1) / (frequency + self._norm[rows])
                scores[rows] += self._idf[term] * saturated
        order = np.lexsort((np.arange(len(scores)), -scores))
        return [(int(row), float(scores[row])) for row in order[:depth] if scores[row] > 0]


Search = Callable[[Sequence[str], int], Ranking]


def remembered(search: Search, count: int) -> Search:
    """Search each query once, whole: the top of a ranking is the ranking's beginning."""
    whole = cache(lambda query: search(query, count))
    return lambda query, depth: whole(tuple(query))[:depth]


@dataclass(frozen=True)
class Engines:
    """The two engines and the formula in its four variants, over the same passages."""

    count: int
    queries: list[list[str]]
    tantivy: Search
    reference: Search
    lucene_quantised: Search
    okapi_quantised: Search
    lucene_exact: Search
    okapi_exact: Search

    def overlap(self, one: Search, other: Search) -> float:
        """Return the mean share of the top 10 in common, over queries that find anything."""
        shares = []
        for query in self.queries:
            rows = {row for row, _ in one(query, DEPTH)}
            if rows:
                shares.append(len(rows & {row for row, _ in other(query, DEPTH)}) / len(rows))
        return float(np.mean(shares))


def engines_over(folder: Path, texts: list[str], questions: list[str]) -> Engines:
    write_lexical(folder, texts)

    counted = [Counter(terms(text)) for text in texts]
    count = len(texts)

    def written_out(*, okapi_idf: bool, exact_lengths: bool) -> Search:
        engine = WrittenOutBm25(counted, okapi_idf=okapi_idf, exact_lengths=exact_lengths)
        return remembered(engine.search, count)

    return Engines(
        count=count,
        queries=[content_terms(question) for question in questions],
        tantivy=TantivyIndex(folder).search,
        reference=remembered(RankBm25Index(texts).search, count),
        lucene_quantised=written_out(okapi_idf=False, exact_lengths=False),
        okapi_quantised=written_out(okapi_idf=True, exact_lengths=False),
        lucene_exact=written_out(okapi_idf=False, exact_lengths=True),
        okapi_exact=written_out(okapi_idf=True, exact_lengths=True),
    )


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    corpus = scan(REPOSITORY / "seeds", SUFFIXES)
    log = ReadingLog()
    with Staging(tmp_path_factory.mktemp("staging")) as staging:
        read_corpus(corpus, staging, log)
        texts = [
            passage.span.slice(entry.document.text)
            for article in staged(staging)
            for entry in [make_entry(article, log.files[article.file], count_words, NO_LINES)]
            for passage in entry.passages
        ]
    asked = REPOSITORY / "tests" / "quality" / "seed_questions.jsonl"
    questions = [
        json.loads(line)["question"] for line in asked.read_text(encoding="utf-8").splitlines()
    ]
    return engines_over(tmp_path_factory.mktemp("seeds"), texts, questions)


@pytest.fixture(scope="module")
def nfcorpus(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    if not NFCORPUS.is_dir():
        pytest.skip(f"no evaluation data in {NFCORPUS} (set DATELINE_EVAL_DATA)")
    with lzma.open(NFCORPUS / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        documents = [json.loads(line) for line in islice(stream, NFCORPUS_PASSAGES)]
    texts = [f"{document['title']}\n{document['text']}" for document in documents]
    asked = (NFCORPUS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in asked]
    return engines_over(tmp_path_factory.mktemp("nfcorpus"), texts, questions)


def assert_scores_equal(engines: Engines, one: Search, other: Search, within: float) -> None:
    for query in engines.queries:
        found, expected = (sorted(search(query, engines.count)) for search in (one, other))
        assert [row for row, _ in found] == [row for row, _ in expected]
        differences = [abs(a - b) for (_, a), (_, b) in zip(found, expected, strict=True)]
        assert max(differences, default=0) <= within, query


def test_lengths_are_exact_to_forty_and_then_have_four_significant_bits() -> None:
    table = stored_lengths().tolist()
    assert table[:41] == list(range(41))
    assert table[41:60] == [*range(42, 57, 2), *range(60, 89, 4), 96, 104, 112]
    assert quantised(np.array([40, 41, 43, 59, 95, 96])).tolist() == [40, 40, 42, 56, 88, 96]
    real = np.arange(1, 5000)
    assert float(((real - quantised(real)) / real).max()) < 1 / 9


def test_on_the_seeds_tantivy_is_the_formula(seeds: Engines) -> None:
    assert_scores_equal(seeds, seeds.tantivy, seeds.lucene_quantised, within=1e-4)


def test_on_the_seeds_the_reference_is_the_formula(seeds: Engines) -> None:
    assert_scores_equal(seeds, seeds.reference, seeds.okapi_exact, within=1e-9)


def test_on_the_seeds_the_engines_agree_but_for_the_two_differences(seeds: Engines) -> None:
    assert seeds.overlap(seeds.tantivy, seeds.reference) >= 0.92
    assert seeds.overlap(seeds.lucene_quantised, seeds.okapi_quantised) >= 0.92
    assert 0.98 <= seeds.overlap(seeds.lucene_quantised, seeds.lucene_exact) < 1
    assert seeds.overlap(seeds.okapi_quantised, seeds.reference) >= 0.98
    assert seeds.overlap(seeds.tantivy, seeds.lucene_quantised) == 1
    assert seeds.overlap(seeds.reference, seeds.okapi_exact) == 1


@pytest.mark.data
def test_on_nfcorpus_each_engine_is_its_formula(nfcorpus: Engines) -> None:
    assert nfcorpus.count == NFCORPUS_PASSAGES
    assert_scores_equal(nfcorpus, nfcorpus.tantivy, nfcorpus.lucene_quantised, within=1e-4)
    assert_scores_equal(nfcorpus, nfcorpus.reference, nfcorpus.okapi_exact, within=1e-9)


@pytest.mark.data
def test_on_nfcorpus_the_engines_agree_but_for_the_two_differences(nfcorpus: Engines) -> None:
    assert nfcorpus.overlap(nfcorpus.tantivy, nfcorpus.reference) >= 0.97
    assert 0.97 <= nfcorpus.overlap(nfcorpus.lucene_quantised, nfcorpus.okapi_quantised) < 1
    assert 0.98 <= nfcorpus.overlap(nfcorpus.lucene_quantised, nfcorpus.lucene_exact) < 1


def test_a_term_in_more_than_half_of_the_passages_is_where_the_two_idf_part(
    tmp_path: Path,
) -> None:
    # Of 20 passages 15 have "iran", so Okapi's idf is ln(5.5 / 15.5), below 0; the reference gives
    # it a quarter of the mean, tantivy the small ln(1 + 5.5 / 15.5).
    texts = [f"iran word{row}" for row in range(15)] + [f"other{row} word" for row in range(5)]
    engines = engines_over(tmp_path, texts, ["iran"])
    idf = [math.log(5.5 / 15.5), math.log(15.5 / 5.5), *[math.log(19.5 / 1.5)] * 20]
    ((_, okapi), *_) = engines.reference(["iran"], 1)
    ((_, lucene), *_) = engines.tantivy(["iran"], 1)
    assert okapi == pytest.approx(EPSILON * sum(idf) / len(idf))
    assert lucene == pytest.approx(math.log(1 + 5.5 / 15.5), rel=1e-6)


def test_passages_above_forty_terms_are_where_the_lengths_part(tmp_path: Path) -> None:
    # 42 and 43 terms are one length to tantivy, so it takes them by row; the reference ranks the
    # shorter one first.
    texts = ["iran " + "word " * 42, "iran " + "word " * 41, *["other"] * 8]
    engines = engines_over(tmp_path, texts, ["iran"])
    assert [row for row, _ in engines.tantivy(["iran"], 2)] == [0, 1]
    assert [row for row, _ in engines.reference(["iran"], 2)] == [1, 0]
    assert [row for row, _ in engines.lucene_exact(["iran"], 2)] == [1, 0]


def test_the_reference_engine_refuses_what_it_cannot_scan_in_time() -> None:
    with pytest.raises(
        IndexFormatError, match=r"50,001 passages, limited to 50,000\. .*--bm25 tantivy"
    ):
        RankBm25Index([""] * (REFERENCE_LIMIT + 1))
