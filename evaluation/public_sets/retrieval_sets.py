"""Search and answers on the public collections, through the index that the product builds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, get_args

from evaluation.answer_run import AnswerOutcome, answer_queries, summarise_answers
from evaluation.collection import Collection, load_collection
from evaluation.collection_run import ModeMeasures, compare_modes, measure_run, run_modes
from evaluation.index_cache import EncodedCollection, encode_collection
from evaluation.intervals import mean_of, ratio_of
from evaluation.public_sets.data import NEWS_SUBSET, by_half, news_collection
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from evaluation.runs import Run
from indexer.build.pipeline import IndexConfig
from retrieval.answering.answers import QUOTED, State
from retrieval.engine import SearchEngine
from retrieval.settings import READ_DEPTH, RETRIEVAL_DEPTH

BEIR_FOLDERS: Final[Mapping[str, str]] = {
    "scifact": "ir/scifact",
    "nfcorpus": "ir/nfcorpus",
    "squad-1k": "ir/squad_1k",
}


def measure_collection(work: Work, name: str) -> Entry:
    """Measure every mode on a BEIR folder; all questions are test."""
    collection = beir(work, name)
    return measure_modes(work, collection, {"test": collection})


def measure_news(work: Work, name: str) -> Entry:
    """Measure every mode on the news questions, by half."""
    collection = news(work, name)
    return measure_modes(work, collection, by_half(collection, work.data))


def measure_answers(work: Work, name: str) -> Entry:
    """Answer every question of a collection."""
    prepared = encoded(work, beir(work, name))
    with open_engine(work, prepared.index) as engine:
        outcomes = answer_queries(
            engine, prepared.collection.queries, prepared.articles, work.progress
        )
    summary = summarise_answers(outcomes)
    return {
        "questions": len(outcomes),
        "settings": index_settings(prepared) | asdict(work.reader.reader.thresholds),
        "rule": (
            "what is not answered, or only possible, counts 0; right: the quote holds an answer"
        ),
        "measures": {"test": answer_measures(outcomes)},
        "invalid citations": list(summary.invalid_citations),
        "milliseconds": {"answer": {"median": summary.median_ms, "p95": summary.p95_ms}},
    }


def beir(work: Work, name: str) -> Collection:
    """Load a BEIR collection under the name of its set."""
    collection = replace(load_collection(work.data / BEIR_FOLDERS[name]), name=name)
    return limited(work, collection)


def news(work: Work, name: str) -> Collection:
    """Load the news questions over all articles, or over the subset."""
    count = None if name == "newsqa" else NEWS_SUBSET
    return limited(work, news_collection(work.data, name, count))


def limited(work: Work, collection: Collection) -> Collection:
    """Apply the question limit of the run."""
    return collection if work.limit is None else collection.limited(work.limit)


def encoded(work: Work, collection: Collection) -> EncodedCollection:
    """Return the collection with its cached index."""
    return encode_collection(collection, IndexConfig(threads=work.threads), progress=work.progress)


def open_engine(work: Work, index: Path) -> SearchEngine:
    """Open an index with default settings and the measured reader."""
    return SearchEngine.open(index, threads=work.threads, reader=work.reader.given)


def measure_modes(work: Work, whole: Collection, parts: Mapping[str, Collection]) -> Entry:
    """Run every query once in each mode and measure the parts."""
    prepared = encoded(work, whole)
    with open_engine(work, prepared.index) as engine:
        runs = run_modes(engine, prepared, progress=work.progress)
    by_part = {
        part: [measure_run(kept.queries, part_of(run, whole, kept)) for run in runs]
        for part, kept in parts.items()
        if kept.queries
    }
    timed = [measure_run(whole.queries, run) for run in runs]
    return {
        "questions": {part: len(kept.queries) for part, kept in parts.items()},
        "settings": index_settings(prepared),
        "measures": {part: _estimates(found) for part, found in by_part.items()},
        "comparisons": {
            part: [asdict(each) for each in compare_modes(found)] for part, found in by_part.items()
        },
        "milliseconds": {
            found.mode: {"median": found.median_ms, "p95": found.p95_ms} for found in timed
        },
        "warnings": sorted({warning for run in runs for warning in run.warnings}),
    }


def answer_measures(outcomes: Sequence[AnswerOutcome]) -> dict[str, Any]:
    """Return the measures with intervals, without shares of quotes if there are none."""
    quotes = [each.quotes for each in outcomes]
    cited = [each.cited for each in outcomes]
    answered = [each for each in outcomes if each.state == "answered"]
    valid = [each.cited - len(each.invalid) for each in outcomes]
    measures = {
        "F1": mean_of([each.f1 for each in outcomes], of=100),
        "EM": mean_of([each.exact for each in outcomes], of=100),
        "citation validity": ratio_of(valid, cited),
        "quote precision": ratio_of([each.holding for each in outcomes], quotes),
    }
    if answered:
        measures["first quote right, of the answered"] = mean_of([each.right for each in answered])
        measures["documents in the first five quotes"] = mean_of(
            [each.documents for each in answered]
        )
    for state in get_args(State):
        measures[state] = mean_of([each.state == state for each in outcomes])
    measures["answered or possible"] = mean_of([each.state in QUOTED for each in outcomes])
    return {name: found for name, found in measures.items() if found is not None}


def part_of(run: Run, whole: Collection, part: Collection) -> Run:
    """Restrict a run to some of its queries."""
    wanted = {query.id for query in part.queries}
    rows = [row for row, query in enumerate(whole.queries) if query.id in wanted]
    return replace(
        run,
        rankings=tuple(run.rankings[row] for row in rows),
        milliseconds=tuple(run.milliseconds[row] for row in rows),
    )


def index_settings(prepared: EncodedCollection) -> dict[str, Any]:
    """Return the settings that the figures of an index depend on."""
    manifest = prepared.build.manifest
    return {
        "documents": manifest.documents,
        "passages": manifest.passages,
        "left out": len(prepared.build.skips),
        "encoder": manifest.encoder.name,
        "encoder sha256": manifest.encoder.sha256,
        "bm25": f"{manifest.bm25}, k1 1.2, b 0.75",
        "versions": asdict(manifest.versions),
        "retrieval depth": RETRIEVAL_DEPTH,
        "read depth": READ_DEPTH,
    }


def _estimates(modes: Sequence[ModeMeasures]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        found.mode: {
            name: {"value": each.mean, "low": each.low, "high": each.high, "n": len(values)}
            for name, each in found.estimates.items()
            for values in [found.values[name]]
        }
        for found in modes
    }
