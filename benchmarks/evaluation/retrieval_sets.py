"""How well is search ranked, mode by mode? The public collections, through the product's index.

In: a collection of the evaluation data. Out: for each half, the measures of each mode with
intervals, paired comparisons, and the time of a query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.retrieval_data import NEWS_SUBSET, by_half, news_collection
from benchmarks.evaluation.work import Work
from indexer.build.pipeline import IndexConfig
from retrieval.engine import SearchEngine
from retrieval.evaluation.beir_folder import load_collection
from retrieval.evaluation.collection import Collection
from retrieval.evaluation.collection_evaluation import ModeMeasures, compare_modes, measure_run
from retrieval.evaluation.corpus_cache import EncodedCollection, encode_collection
from retrieval.evaluation.runs import Run, displayed, run_mode
from retrieval.settings import READ_DEPTH, RETRIEVAL_DEPTH

BEIR_FOLDERS: Final[Mapping[str, str]] = {
    "scifact": "ir/scifact",
    "nfcorpus": "ir/nfcorpus",
    "squad-1k": "ir/squad_1k",
}


def measure_collection(work: Work, name: str) -> Entry:
    """Measure every mode on a BEIR folder; all of its questions are test."""
    collection = beir(work, name)
    return measure_modes(work, collection, {"test": collection})


def measure_news(work: Work, name: str) -> Entry:
    """Measure every mode on the news questions, half by half."""
    collection = news(work, name)
    return measure_modes(work, collection, by_half(collection, work.data))


def beir(work: Work, name: str) -> Collection:
    """Return a BEIR collection of the evaluation data under the set's name."""
    collection = replace(load_collection(work.data / BEIR_FOLDERS[name]), name=name)
    return limited(work, collection)


def news(work: Work, name: str) -> Collection:
    """Return the news questions over all articles, or over the subset for everyday runs."""
    count = None if name == "newsqa" else NEWS_SUBSET
    return limited(work, news_collection(work.data, name, count))


def limited(work: Work, collection: Collection) -> Collection:
    """Return the collection with as many questions as the run asks for."""
    return collection if work.limit is None else collection.limited(work.limit)


def encoded(work: Work, collection: Collection) -> EncodedCollection:
    """Return the collection with its index, as the product builds it, kept in the cache folder."""
    return encode_collection(collection, IndexConfig(threads=work.threads), progress=work.progress)


def open_engine(work: Work, index: Path) -> SearchEngine:
    """Open an index with the defaults of the product and the reader that is measured."""
    return SearchEngine.open(index, threads=work.threads, reader=work.reader.given)


def measure_modes(work: Work, whole: Collection, parts: Mapping[str, Collection]) -> Entry:
    """Ask every query once in each mode; the parts share the index and the runs."""
    prepared = encoded(work, whole)
    with open_engine(work, prepared.index) as engine:
        runs = [
            run_mode(engine, whole.queries, prepared.ids, mode, work.progress)
            for mode in displayed()
        ]
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


def part_of(run: Run, whole: Collection, part: Collection) -> Run:
    """Return a run for some of its queries."""
    wanted = {query.id for query in part.queries}
    places = [place for place, query in enumerate(whole.queries) if query.id in wanted]
    return replace(
        run,
        rankings=tuple(run.rankings[place] for place in places),
        milliseconds=tuple(run.milliseconds[place] for place in places),
    )


def index_settings(prepared: EncodedCollection) -> dict[str, Any]:
    """Return what the numbers of an index depend on."""
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
