"""Does the score tell an answerable question from one whose answer was taken away?

In: a collection. Each question is read twice: with what the search finds, and with the documents
filtered out that answer it. Out: AUROC, states, risk against coverage, reliability.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from benchmarks.evaluation.abstention_measures import ReadQuestion, Twins, curves_of, measures_of
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.retrieval_data import by_half
from benchmarks.evaluation.retrieval_sets import (
    beir,
    encoded,
    index_settings,
    news,
    open_engine,
)
from benchmarks.evaluation.work import Work
from indexer.store import StoredPassage
from retrieval.answering.answers import state_of
from retrieval.engine import SearchEngine
from retrieval.evaluation.answer_measures import holds_answer
from retrieval.evaluation.collection import Collection, CollectionQuery
from retrieval.evaluation.corpus_cache import EncodedCollection
from retrieval.evaluation.plain_query import as_plain_text
from retrieval.query.parse import parse
from retrieval.ranking.hits import Hit
from retrieval.readers.protocol import Reader
from retrieval.settings import READ_DEPTH, RETRIEVAL_DEPTH

# To look for a few letters before the whole article takes half the time.
_BEGINNING = 24


def measure_squad(work: Work) -> Entry:
    """Measure on SQuAD 1k open, with and without the gold paragraph."""
    collection = beir(work, "squad-1k")
    return _measure(work, collection, {"test": collection})


def measure_news(work: Work) -> Entry:
    """Measure on the news questions, with and without the articles judged relevant."""
    collection = news(work, "newsqa-8k")
    return _measure(work, collection, by_half(collection, work.data))


def holding_gold(collection: Collection) -> dict[str, frozenset[str]]:
    """Return, for each query, the documents that are or hold one that answers it.

    So that a copy does not answer what was filtered out.
    """
    texts = {document.id: document.text.strip() for document in collection.documents}
    gold = {
        query.id: [name for name, grade in query.grades.items() if grade > 0]
        for query in collection.queries
    }
    copies = {
        name: frozenset(_holding(texts[name], texts)) | {name}
        for name in {name for names in gold.values() for name in names}
    }
    return {query: frozenset().union(*(copies[name] for name in gold[query])) for query in gold}


def read_twins(
    reader: Reader,
    query: CollectionQuery,
    passages: Sequence[StoredPassage],
    is_gold: Callable[[StoredPassage], bool],
) -> Twins:
    """Read the first READ_DEPTH of the passages found, then the first without those that answer.

    Args:
        reader: what is measured.
        query: its text and answers.
        passages: more than are read, best first.
        is_gold: tells whether a passage is filtered out.
    """
    first = list(passages[:READ_DEPTH])
    kept = [stored for stored in passages if not is_gold(stored)][:READ_DEPTH]
    own = _read(reader, query, first)
    # Where no gold passage was read there is nothing to take away, and nothing to read again.
    without = own if kept == first else _read(reader, query, kept)
    return Twins(own, without, any(is_gold(stored) for stored in first))


def _measure(work: Work, whole: Collection, parts: dict[str, Collection]) -> Entry:
    prepared = encoded(work, whole)
    gold = holding_gold(whole)
    with open_engine(work, prepared.index) as engine:
        read = {
            query.id: _ask(work.reader.reader, engine, prepared, query, gold[query.id])
            for query in work.watched(f"{whole.name} abstention", whole.queries)
        }
    by_part = {
        part: [read[query.id] for query in kept.queries]
        for part, kept in parts.items()
        if kept.queries
    }
    return {
        "questions": {part: len(found) for part, found in by_part.items()},
        "settings": index_settings(prepared) | asdict(work.reader.reader.thresholds),
        "rule": (
            f"the first {READ_DEPTH} hybrid passages are read, once as found, once without the "
            "documents judged relevant and those that hold their text; score: of the best "
            "evidence; right: its quote holds an answer, never when it was taken away"
        ),
        "measures": {part: measures_of(found) for part, found in by_part.items()},
        "curves": {part: curves_of(found) for part, found in by_part.items()},
    }


def _ask(
    reader: Reader,
    engine: SearchEngine,
    prepared: EncodedCollection,
    query: CollectionQuery,
    gold: frozenset[str],
) -> Twins:
    text = as_plain_text(query.text)
    hits = engine.search(text, RETRIEVAL_DEPTH, "hybrid", collapse=False).hits
    passages = [hit.found for hit in hits]
    return read_twins(
        reader, query, passages, lambda stored: prepared.ids[stored.passage.doc_id] in gold
    )


def _holding(wanted: str, texts: Mapping[str, str]) -> Iterator[str]:
    beginning = wanted[:_BEGINNING]
    for name, text in texts.items():
        if beginning in text and wanted in text:
            yield name


def read_query(reader: Reader, query: CollectionQuery, hits: Sequence[Hit]) -> ReadQuestion:
    """Read the passages that were found for a question, all of them."""
    return _read(reader, query, [hit.found for hit in hits])


def _read(
    reader: Reader, query: CollectionQuery, passages: Sequence[StoredPassage]
) -> ReadQuestion:
    """Read passages as `engine.answer` does."""
    readings = reader.read(parse(as_plain_text(query.text)).text, passages)
    found = [
        (evidence, stored)
        for stored, reading in zip(passages, readings, strict=True)
        for evidence in reading.evidence[:1]
    ]
    thresholds = reader.thresholds
    state = state_of(readings, thresholds.related, thresholds.answered)
    relevance = max((reading.relevance for reading in readings), default=0.0)
    if not found:
        return ReadQuestion(0.0, relevance, state, right=False)
    best, stored = max(found, key=lambda pair: pair[0].score)
    start = stored.passage.start
    quote = stored.text[best.quote.start - start : best.quote.end - start]
    return ReadQuestion(best.score, relevance, state, holds_answer(quote, query.answers))
