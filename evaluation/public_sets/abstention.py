"""Abstention: each question is read with what search finds, then without what answers it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from evaluation.calibration import (
    CoveragePoint,
    aurc,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)
from evaluation.collection import Collection, CollectionQuery
from evaluation.index_cache import EncodedCollection
from evaluation.intervals import Rows, mean_of, resampled
from evaluation.measures import holds_answer
from evaluation.public_sets.data import by_half
from evaluation.public_sets.retrieval_sets import (
    beir,
    encoded,
    index_settings,
    news,
    open_engine,
)
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from evaluation.runs import as_plain_text
from indexer.store import StoredPassage
from retrieval.answering.answers import QUOTED, State, state_of
from retrieval.answering.candidates import (
    highest_relevance,
    highest_score,
    scored_candidates,
)
from retrieval.engine import SearchEngine
from retrieval.query.parse import parse
from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.readers.protocol import Reader
from retrieval.settings import READ_DEPTH, RETRIEVAL_DEPTH

CURVE_POINTS: Final = 100
# Searching for the beginning first takes half the time.
_BEGINNING = 24


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """Reading of one question.

    `score` is of the best evidence, `relevance` of the best passage; `right` is whether the best
    evidence's quote holds an answer.
    """

    score: float
    relevance: float
    state: State
    right: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """Readings of one question with and without gold; `found` if gold was read."""

    own: ReadQuestion
    without: ReadQuestion
    found: bool


def measure_squad(work: Work) -> Entry:
    """Measure SQuAD 1k open with and without the gold paragraph."""
    collection = beir(work, "squad-1k")
    return _measure(work, collection, {"test": collection})


def measure_news(work: Work) -> Entry:
    """Measure the news questions with and without the relevant articles."""
    collection = news(work, "newsqa-8k")
    return _measure(work, collection, by_half(collection, work.data))


def holding_gold(collection: Collection) -> dict[str, frozenset[str]]:
    """Return, for each query, its relevant documents and those that contain the text of one."""
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
    hits: Sequence[Hit],
    is_gold: Callable[[StoredPassage], bool],
    articles: int,
) -> Twins:
    """Read the first READ_DEPTH passages with and without gold.

    Args:
        reader: to measure.
        query: with its answers.
        hits: best first, more than are read.
        is_gold: whether to leave a passage out.
        articles: number of articles that were searched.
    """
    first = list(hits[:READ_DEPTH])
    kept = [hit for hit in hits if not is_gold(hit.found)][:READ_DEPTH]
    own = read_query(reader, query, first, articles)
    # Without a gold passage there is nothing to leave out.
    without = own if kept == first else read_query(reader, query, _ranked_anew(kept), articles)
    return Twins(own, without, any(is_gold(hit.found) for hit in first))


def read_query(
    reader: Reader, query: CollectionQuery, hits: Sequence[Hit], articles: int
) -> ReadQuestion:
    """Read all passages found for a question among so many articles, as the engine does."""
    question = parse(as_plain_text(query.text)).text
    readings = reader.read(question, [hit.found for hit in hits])
    candidates = scored_candidates(reader, question, hits, readings, articles)
    relevance = highest_relevance(readings)
    state = state_of(relevance, highest_score(candidates), reader.thresholds)
    if not candidates:
        return ReadQuestion(0.0, relevance, state, right=False)
    best = max(candidates, key=lambda each: each.evidence.score)
    right = holds_answer(best.stored.slice(best.evidence.quote), query.answers)
    return ReadQuestion(best.evidence.score, relevance, state, right)


def measures_of(twins: Sequence[Twins]) -> dict[str, Any]:
    """Return the measures with intervals over questions."""
    own, without = [each.own for each in twins], [each.without for each in twins]
    found = [each for each in twins if each.found]
    answered = [each.own.right for each in twins if each.own.state == "answered"]
    measures = {
        "AUROC": _auroc(twins, lambda each: each.score),
        "AUROC by relevance": _auroc(twins, lambda each: each.relevance),
        "gold read": mean_of([each.found for each in twins]),
        "answered with it": mean_of([each.state == "answered" for each in own]),
        "answered or possible with it": mean_of([each.state in QUOTED for each in own]),
        "answered without it": mean_of([each.state == "answered" for each in without]),
        "answered or possible without it": mean_of([each.state in QUOTED for each in without]),
        "related without it": mean_of([each.state == "related" for each in without]),
        "states right": mean_of(
            [
                ((each.own.state == "answered") + (each.without.state != "answered")) / 2
                for each in twins
            ]
        ),
        "best quote right with it": mean_of([each.right for each in own]),
        "ECE with it": {"value": _calibration_error(own)},
        "ECE with and without it": {"value": _calibration_error(_both(twins))},
        "area under risk-coverage with it": {"value": aurc(*_scores(own))},
    }
    if found:
        measures["AUROC where gold was read"] = _auroc(found, lambda each: each.score)
    if answered:
        measures["best quote right, of the answered"] = mean_of(answered)
    return measures


def curves_of(twins: Sequence[Twins]) -> dict[str, Any]:
    """Return the points of risk-coverage and reliability curves."""
    own, both = _scores([each.own for each in twins]), _scores(_both(twins))
    return {
        "risk": [asdict(point) for point in thinned(risk_coverage(*own))],
        "risk with and without": [asdict(point) for point in thinned(risk_coverage(*both))],
        "reliability": [asdict(each) for each in reliability(*both)],
    }


def thinned(points: Sequence[CoveragePoint]) -> list[CoveragePoint]:
    """Return about CURVE_POINTS points: the last of each step of coverage."""
    steps = {int(point.coverage * CURVE_POINTS): point for point in points}
    return list(steps.values())


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
            "relevant documents and those that contain their text; score: of the best "
            "evidence; right: its quote holds an answer (never without gold)"
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
    return read_twins(
        reader,
        query,
        hits,
        lambda stored: prepared.ids[stored.passage.doc_id] in gold,
        len(prepared.collection.documents),
    )


def _holding(wanted: str, texts: Mapping[str, str]) -> Iterator[str]:
    beginning = wanted[:_BEGINNING]
    for name, text in texts.items():
        if beginning in text and wanted in text:
            yield name


def _ranked_anew(hits: Sequence[Hit]) -> list[Hit]:
    return [replace(hit, rank=rank) for rank, hit in enumerate(hits, FIRST_RANK)]


def _both(twins: Sequence[Twins]) -> list[ReadQuestion]:
    """Return both readings of each question; without gold none is right."""
    without = [replace(each.without, right=False) for each in twins]
    return [*(each.own for each in twins), *without]


def _scores(read: Sequence[ReadQuestion]) -> tuple[list[float], list[bool]]:
    return [each.score for each in read], [each.right for each in read]


def _calibration_error(read: Sequence[ReadQuestion]) -> float:
    return calibration_error(*_scores(read))


def _auroc(twins: Sequence[Twins], score: Callable[[ReadQuestion], float]) -> dict[str, float]:
    own = [score(each.own) for each in twins]
    without = [score(each.without) for each in twins]

    def of(at: Rows) -> float:
        scores = [own[place] for place in at] + [without[place] for place in at]
        return auroc(scores, [True] * len(at) + [False] * len(at))

    return resampled(len(twins), of)
