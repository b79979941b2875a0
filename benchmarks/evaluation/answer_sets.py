"""How well are questions answered whose answers are known? The whole way: search, read, quote.

In: SQuAD 1k open. Out: measures of the quotes, of their citations and of the states.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.evaluation.intervals import mean_of, ratio_of
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.retrieval_sets import beir, encoded, index_settings, open_engine
from benchmarks.evaluation.work import Work
from retrieval.evaluation.answer_run import AnswerOutcome, answer_queries, summarise_answers


def measure_answers(work: Work, name: str) -> Entry:
    """Ask every question of a collection through `engine.answer`."""
    prepared = encoded(work, beir(work, name))
    with open_engine(work, prepared.index) as engine:
        outcomes = answer_queries(
            engine, prepared.collection.queries, prepared.articles, work.progress
        )
    summary = summarise_answers(outcomes)
    return {
        "questions": len(outcomes),
        "settings": index_settings(prepared) | asdict(work.reader.reader.thresholds),
        "rule": "not answered counts 0; a quote is right when it holds an answer",
        "measures": {"test": measures_of(outcomes)},
        "invalid citations": list(summary.invalid_citations),
        "milliseconds": {"answer": {"median": summary.median_ms, "p95": summary.p95_ms}},
    }


def measures_of(outcomes: Sequence[AnswerOutcome]) -> dict[str, Any]:
    """Return the measures with intervals; shares of quotes are left out when there is no quote."""
    quotes = [each.quotes for each in outcomes]
    answered = [each for each in outcomes if each.quotes]
    valid = [each.quotes - len(each.invalid) for each in outcomes]
    measures = {
        "F1": mean_of([each.f1 for each in outcomes], of=100),
        "EM": mean_of([each.exact for each in outcomes], of=100),
        "citation validity": ratio_of(valid, quotes),
        "quote precision": ratio_of([each.holding for each in outcomes], quotes),
    }
    if answered:
        measures["first quote right, of the answered"] = mean_of([each.right for each in answered])
        measures["documents in the first five quotes"] = mean_of(
            [each.documents for each in answered]
        )
    for state in ("answered", "related", "not_found"):
        measures[state] = mean_of([each.state == state for each in outcomes])
    return {name: found for name, found in measures.items() if found is not None}
