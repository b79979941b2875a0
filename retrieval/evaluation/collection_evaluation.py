"""How good is search over a collection, mode by mode, and are the differences real?

In: a `Collection`. Out: a `CollectionReport`; the index is made and kept by `corpus_cache`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from indexer.build.pipeline import IndexConfig
from indexer.progress import Progress
from retrieval.engine import SearchEngine
from retrieval.evaluation.answer_run import AnswerSummary, answer_queries, summarise_answers
from retrieval.evaluation.collection import Collection, CollectionQuery
from retrieval.evaluation.corpus_cache import EncodedCollection, encode_collection
from retrieval.evaluation.retrieval_measures import MEASURES, measure_rankings
from retrieval.evaluation.runs import Run, displayed, run_mode
from retrieval.evaluation.significance import Estimate, estimate, holm, paired_p_value
from retrieval.ranking.ranker import MODES, Mode

BASELINES: tuple[Mode, ...] = ("bm25", "hybrid")


@dataclass(frozen=True, slots=True)
class ModeMeasures:
    """The measures of one mode; `values` are those of each query, in the collection's order."""

    mode: Mode
    estimates: Mapping[str, Estimate]
    values: Mapping[str, tuple[float, ...]] = field(repr=False)
    median_ms: float
    p95_ms: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much higher a mode scores than a baseline, and how likely chance alone does that.

    `p_value` is of a paired randomisation test, two-sided; `corrected` for the number of
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
    """What was measured on a collection; `left_out` counts documents that the build skipped."""

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
    """Encode a collection unless that was done, and measure each mode and the answers.

    Args:
        collection: what is measured.
        modes: which modes to compare.
        config: how to build, by default as the product does; its threads serve questions too.
        progress: is told about stages; None shows nothing.
        notify: is told in words about work that takes long.

    Raises:
        DatelineError: as `encode_collection` and `SearchEngine.open`.
    """
    chosen = config or IndexConfig()
    encoded = encode_collection(collection, chosen, progress=progress)
    with SearchEngine.open(encoded.index, threads=chosen.threads, notify=notify) as engine:
        runs = [
            run_mode(engine, collection.queries, encoded.ids, mode, progress)
            for mode in displayed(modes)
        ]
        answers = None
        if collection.has_answers:
            outcomes = answer_queries(engine, collection.queries, encoded.articles, progress)
            answers = summarise_answers(outcomes)
    return _report(encoded, runs, answers)


def measure_run(queries: Sequence[CollectionQuery], run: Run) -> ModeMeasures:
    """Return the measures of a run over the queries that it was made with."""
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
    """Compare each mode with each of `BASELINES` on every measure, each pair once."""
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
    """Return (mode, baseline); two baselines are compared with each other once."""
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
