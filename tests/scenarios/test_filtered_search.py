"""Of 300,000 passages a filter keeps 30: every way of searching finds the best 10 of those.

A retriever that filtered what it had found would return next to nothing here. The files are real:
SQLite, tantivy and FAISS. Expected are the plain formulas over the 30, in NumPy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.catalog.rows import CatalogEntry
from indexer.catalog.writer import write_catalog
from indexer.documents import Document, Finding, Metadata, Passage, SourceFile, Span
from indexer.lexical.schema import ARTICLES_FOLDER, K1, B
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, generation_folder
from indexer.store import Embeddings, Restriction
from indexer.text.analyzer import terms
from indexer.vectors.ivf import IvfLists, IvfReport, write_lists
from retrieval.background import QuestionEncoder
from retrieval.clock import Clock
from retrieval.query.parse import Filters, parse
from retrieval.ranking.fusion import RULES, FusionRule
from retrieval.ranking.hits import Hit
from retrieval.ranking.pool import Pool
from retrieval.ranking.ranker import Mode, Ranker
from tests.support.builders import manifest_of, new_entry, unit_rows
from tests.support.index_files import write_lexical, write_rows
from tests.support.scored_passages import ScoredPassage, best_first, columns, rows

PASSAGES, ARTICLES = 300_000, 3_000
KEPT_ARTICLES, KEPT_EACH = (7, 1_500, 2_999), 10
KEPT, BEST = 30, 10
WORDS = "bridge harbour council ferry storm budget school hospital museum river".split()
QUESTION = "bridge harbour"
ASKED = [WORDS.index(word) for word in QUESTION.split()]
LENGTHS = (4, 11)

RARE = Metadata(
    source=Finding("The Rare Post", "credit line"),
    published=Finding("1999-05-17", "date line"),
    authors=(Finding("Jane Doe", "byline"),),
    language=Finding("da", "text"),
)
COMMON = Metadata(
    source=Finding("The Daily Post", "credit line"),
    published=Finding("2021-05-17", "date line"),
    authors=(Finding("Jane Roe", "byline"), Finding("John Doe", "byline")),
    language=Finding("en", "text"),
)
FILTERS = {
    "source": Filters(source="Rare"),
    "author": Filters(author="doe jane"),
    "lang": Filters(lang="Danish"),
    "dates": Filters(after="1999", before="1999"),
    "all": Filters("rare post", "Jane Doe", "da", "1999-05-17", "1999-05-17"),
}
VECTOR_INDEXES = ("exact", "lists")


@dataclass(frozen=True, slots=True)
class Written:
    """An index on disk, and what stands in each row."""

    index: Path
    manifest: Manifest
    lists: IvfReport
    counts: NDArray[np.int64]
    vectors: Embeddings
    kept: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The opened store, what stands in each row, and which rows the filters keep."""

    store: LocalStore
    counts: NDArray[np.int64]  # how often each of WORDS stands in a passage
    vectors: Embeddings
    question: Embeddings
    kept: NDArray[np.int64]

    def ids(self, rows: NDArray[np.int64]) -> list[str]:
        found = dict(self.store.catalog.rows("SELECT row, passage_id FROM passages"))
        return [found[row] for row in rows.tolist()]


class FixedQuestion(QuestionEncoder):
    """Gives every question the same vector, of as few dimensions as the passages' here."""

    def __init__(self, vector: Embeddings) -> None:
        self._vector = vector

    def encode(self, text: str) -> Embeddings | None:
        return self._vector


def sizes() -> list[int]:
    """How many passages each article has: ten in the three that are kept, all others many."""
    others = ARTICLES - len(KEPT_ARTICLES)
    each, over = divmod(PASSAGES - KEPT, others)
    found = [each + (number < over) for number in range(others)]
    for place in KEPT_ARTICLES:
        found.insert(place, KEPT_EACH)
    return found


def entries(texts: list[str], counts: list[int]) -> Iterator[CatalogEntry]:
    row = 0
    file = SourceFile("export.jsonl", 1, 1, "0" * 64)
    for number, count in enumerate(counts):
        doc_id = f"{number:016x}"
        passages, position = [], 0
        for text in texts[row : row + count]:
            span = Span(position, position + len(text))
            passages.append(Passage(doc_id, span.start, span.end, "body", (span,)))
            position = span.end + 1
        metadata = RARE if number in KEPT_ARTICLES else COMMON
        path = f"export.jsonl#{number}"
        text = "\n".join(texts[row : row + count])
        document = Document(doc_id, path, file, "utf-8", text, metadata)
        yield CatalogEntry(document, (), tuple(passages))
        row += count


def jittered(rng: np.random.Generator) -> Embeddings:
    """Return unit vectors around a thousand directions, as those of passages lie on topics."""
    rows = np.repeat(unit_rows(1_000, seed=1), PASSAGES // 1_000, axis=0)
    rows = rows + rng.normal(scale=0.2, size=rows.shape).astype(np.float32)
    rng.shuffle(rows)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Every file of the index: both ways of searching vectors read the same ones."""
    index = tmp_path_factory.mktemp("filtered") / "index"
    folder = generation_folder(index, 1)
    folder.mkdir(parents=True)
    rng = np.random.default_rng(3)
    drawn = rng.integers(len(WORDS), size=(PASSAGES, LENGTHS[1]))
    lengths = rng.integers(LENGTHS[0], LENGTHS[1] + 1, size=PASSAGES)
    texts = [
        " ".join(WORDS[word] for word in row[:length])
        for row, length in zip(drawn.tolist(), lengths.tolist(), strict=True)
    ]
    counts = sizes()
    write_catalog(folder, map(new_entry, entries(texts, counts)))
    write_lexical(folder, texts)
    ends = np.cumsum(counts)
    articles = ("\n".join(texts[end - n : end]) for n, end in zip(counts, ends, strict=True))
    write_lexical(folder, articles, name=ARTICLES_FOLDER)
    vectors = jittered(rng)
    write_rows(folder, vectors)
    # Fewer lists than a build would make, of which a question reads few: that takes a second.
    sample = vectors[::30]
    write_lists(folder, [vectors], sample)
    lists = IvfReport(IvfLists(folder).lists, 4, 1.0, len(sample))
    inside = np.arange(LENGTHS[1]) < lengths[:, None]
    tally = np.stack([((drawn == word) & inside).sum(axis=1) for word in range(len(WORDS))], axis=1)
    kept = np.concatenate([np.arange(ends[n] - KEPT_EACH, ends[n]) for n in KEPT_ARTICLES])
    return Written(index, manifest_of(folder, ARTICLES, PASSAGES), lists, tally, vectors, kept)


@pytest.fixture(scope="module", params=VECTOR_INDEXES)
def corpus(request: pytest.FixtureRequest, written: Written) -> Iterator[Corpus]:
    lists = written.lists if request.param == "lists" else None
    manifest = replace(written.manifest, vector_lists=lists)
    with LocalStore(written.index, manifest) as store:
        question = unit_rows(1, seed=9)[0]
        yield Corpus(store, written.counts, written.vectors, question, written.kept)


def bm25_of(corpus: Corpus, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the BM25 of rows with tantivy's idf, over the numbers of the whole corpus."""
    counts = corpus.counts[:, ASKED].astype(np.float64)
    found = (counts > 0).sum(axis=0)
    idf = np.log(1 + (PASSAGES - found + 0.5) / (found + 0.5))
    lengths = corpus.counts.sum(axis=1)
    norm = K1 * (1 - B + B * lengths[rows] / lengths.mean())
    scores: NDArray[np.float64] = (
        idf * counts[rows] * (K1 + 1) / (counts[rows] + norm[:, None])
    ).sum(axis=1)
    return scores


def best_of(rows: NDArray[np.int64], scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return rows with a score, best first; equal ones in order."""
    found = rows[scores > 0], scores[scores > 0].round(5)
    return found[0][np.lexsort((found[0], -found[1]))]


def scored(
    corpus: Corpus, rows: NDArray[np.int64], scores: NDArray[np.float64]
) -> list[ScoredPassage]:
    return [
        ScoredPassage(name, float(score))
        for name, score in zip(corpus.ids(rows), scores, strict=True)
        if score
    ]


def hits(corpus: Corpus, filters: Filters, mode: Mode, fusion: FusionRule) -> tuple[Hit, ...]:
    ranker = Ranker(corpus.store, FixedQuestion(corpus.question))
    ranking = ranker.rank(filters.applied_to(parse(QUESTION)), BEST, mode, fusion, Clock())
    assert ranking.warnings == ()
    return ranking.hits


def ids_of(found: tuple[Hit, ...]) -> list[str]:
    return [hit.found.passage.passage_id for hit in found]


def test_the_words_of_the_corpus_are_terms() -> None:
    assert len({term for word in WORDS for term in terms(word)}) == len(WORDS)


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_a_filter_keeps_thirty_of_all(corpus: Corpus, filters: Filters) -> None:
    restriction = filters.applied_to(parse("x")).restriction
    found = corpus.store.match_vector(corpus.question, PASSAGES, restriction)
    assert {each.passage_id for each in rows(found)} == set(corpus.ids(corpus.kept))


def test_without_a_filter_none_of_the_thirty_is_found(corpus: Corpus) -> None:
    kept = set(corpus.ids(corpus.kept))
    everything = Restriction()
    by_vector = corpus.store.match_vector(corpus.question, 100, everything)
    by_terms = corpus.store.match_terms(terms(QUESTION), 100, everything)
    assert kept.isdisjoint(found.passage_id for found in [*rows(by_vector), *rows(by_terms)])


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_words_find_the_best_ten_of_the_thirty(corpus: Corpus, filters: Filters) -> None:
    scores = bm25_of(corpus, corpus.kept)
    expected = best_of(corpus.kept, scores)[:BEST]
    found = hits(corpus, filters, "bm25", "convex")
    assert ids_of(found) == corpus.ids(expected)
    best = np.sort(scores)[::-1][:BEST]
    assert [hit.score for hit in found] == pytest.approx(best.tolist(), abs=1e-5)


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_vectors_find_the_best_ten_of_the_thirty(corpus: Corpus, filters: Filters) -> None:
    cosines = corpus.vectors[corpus.kept] @ corpus.question
    order = np.argsort(-cosines)[:BEST]
    found = hits(corpus, filters, "dense", "convex")
    assert ids_of(found) == corpus.ids(corpus.kept[order])
    assert [hit.score for hit in found] == pytest.approx(cosines[order].tolist(), abs=1e-5)


@pytest.mark.parametrize("fusion", ["convex", "rrf"])
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_both_together_find_the_best_ten_of_the_thirty(
    corpus: Corpus, filters: Filters, fusion: FusionRule
) -> None:
    cosines = (corpus.vectors[corpus.kept] @ corpus.question).astype(np.float64)
    bm25 = scored(corpus, corpus.kept, bm25_of(corpus, corpus.kept))
    dense = scored(corpus, corpus.kept, cosines)
    pool = Pool.of(columns(bm25), columns(dense))
    assert pool.documents.tolist() == [f"{number:016x}".encode() for number in KEPT_ARTICLES]
    articles = corpus.store.match_articles(terms(QUESTION), pool.documents)
    expected = best_first(RULES[fusion](pool, articles))[:BEST]
    found = hits(corpus, filters, "hybrid", fusion)
    assert ids_of(found) == [passage.passage_id for passage in expected]
    assert [hit.score for hit in found] == pytest.approx(
        [passage.score for passage in expected], abs=1e-5
    )
