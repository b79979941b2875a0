"""Search quality on a collection: measures per mode, and paired comparisons of modes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from evaluation.answer_run import AnswerSummary, answer_queries, summarise_answers
from evaluation.collection import Collection, CollectionQuery
from evaluation.index_cache import EncodedCollection, encode_collection
from evaluation.intervals import Estimate, estimate, holm, paired_p_value
from evaluation.measures import MEASURES, measure_rankings
from evaluation.runs import Run, displayed, run_mode
from indexer.build.pipeline import IndexConfig
from indexer.progress import Progress
from retrieval.engine import SearchEngine
from retrieval.ranking.ranker import MODES, Mode

BASELINES: tuple[Mode, ...] = ("bm25", "hybrid")


@dataclass(frozen=True, slots=True)
class ModeMeasures:
    """Measures of one mode; `values` are per query, in the collection's order."""

    mode: Mode
    estimates: Mapping[str, Estimate]
    values: Mapping[str, tuple[float, ...]] = field(repr=False)
    median_ms: float
    p95_ms: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Difference between a mode and a baseline.

    `p_value` is of a two-sided paired randomisation test; `corrected` for the number of
    comparisons of the same measure.
    """

    measure: str
    mode: Mode
    baseline: Mode
    difference: Estimate
    p_value: float
    corrected: float


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """Report on a collection; `left_out` counts documents that the build skipped."""

    name: str
    documents: int
    left_out: int
    passages: int
    queries: int
    unjudged: int
    encoder: str
    modes: tuple[ModeMeasures, ...]
    comparisons: tuple[Comparison, ...]
    answers: AnswerSummary | None


def evaluate_collection(
    collection: Collection,
    modes: Sequence[Mode] = MODES,
    config: IndexConfig | None = None,
    *,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
) -> CollectionReport:
    """Index a collection unless it is cached, and measure each mode and the answers.

    Raises:
        DatelineError: as `encode_collection` and `SearchEngine.open`.
    """
    chosen = config or IndexConfig()
    encoded = encode_collection(collection, chosen, progress=progress)
    with SearchEngine.open(encoded.index, threads=chosen.threads, notify=notify) as engine:
        runs = run_modes(engine, encoded, modes, progress)
        answers = None
        if collection.has_answers:
            outcomes = answer_queries(engine, collection.queries, encoded.articles, progress)
            answers = summarise_answers(outcomes)
    return _report(encoded, runs, answers)


def run_modes(
    engine: SearchEngine,
    encoded: EncodedCollection,
    modes: Sequence[Mode] = MODES,
    progress: Progress | None = None,
) -> list[Run]:
    """Run every query of a collection in each mode, in report order."""
    queries, ids = encoded.collection.queries, encoded.ids
    return [run_mode(engine, queries, ids, mode, progress) for mode in displayed(modes)]


def measure_run(queries: Sequence[CollectionQuery], run: Run) -> ModeMeasures:
    """Return the measures of a run over its queries."""
    values = measure_rankings(queries, run.rankings)
    return ModeMeasures(
        mode=run.mode,
        estimates={name: estimate(values[name]) for name in MEASURES},
        values=values,
        median_ms=median(run.milliseconds),
        p95_ms=float(np.percentile(run.milliseconds, 95)),
        warnings=run.warnings,
    )


def compare_modes(modes: Sequence[ModeMeasures]) -> tuple[Comparison, ...]:
    """Compare each mode with each baseline on every measure, each pair once."""
    found: list[Comparison] = []
    pairs = _pairs(modes)
    for measure in MEASURES:
        p_values = [
            paired_p_value(one.values[measure], other.values[measure]) for one, other in pairs
        ]
        for (one, other), p_value, corrected in zip(pairs, p_values, holm(p_values), strict=True):
            values = zip(one.values[measure], other.values[measure], strict=True)
            difference = estimate([a - b for a, b in values])
            found.append(Comparison(measure, one.mode, other.mode, difference, p_value, corrected))
    return tuple(found)


def _pairs(modes: Sequence[ModeMeasures]) -> list[tuple[ModeMeasures, ModeMeasures]]:
    """Return pairs of mode and baseline; two baselines are compared once."""
    pairs: dict[frozenset[Mode], tuple[ModeMeasures, ModeMeasures]] = {}
    for baseline in sorted(modes, key=lambda each: each.mode):
        for mode in modes:
            if baseline.mode in BASELINES and mode != baseline:
                pairs.setdefault(frozenset((mode.mode, baseline.mode)), (mode, baseline))
    return list(pairs.values())


def _report(
    encoded: EncodedCollection, runs: Sequence[Run], answers: AnswerSummary | None
) -> CollectionReport:
    collection, manifest = encoded.collection, encoded.build.manifest
    modes = tuple(measure_run(collection.queries, run) for run in runs)
    return CollectionReport(
        name=collection.name,
        documents=len(collection.documents),
        left_out=len(encoded.build.skips),
        passages=manifest.passages,
        queries=len(collection.queries),
        unjudged=collection.unjudged,
        encoder=manifest.encoder.name,
        modes=modes,
        comparisons=compare_modes(modes),
        answers=answers,
    )
