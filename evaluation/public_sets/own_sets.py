"""Sets of our own, which need no data: the own set and the questions on the seeds."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from evaluation import evaluate, load_questions
from evaluation.answer_run import answer_queries
from evaluation.calibration import auroc
from evaluation.collection import CollectionQuery, load_collection
from evaluation.intervals import mean_of, resampled
from evaluation.paths import REPOSITORY
from evaluation.public_sets.abstention import ReadQuestion, read_query
from evaluation.public_sets.data import json_lines
from evaluation.public_sets.retrieval_sets import (
    answer_measures,
    encoded,
    index_settings,
    limited,
    measure_modes,
    open_engine,
)
from evaluation.public_sets.sets import OWN_SET, SEED_QUESTIONS
from evaluation.public_sets.work import Work
from evaluation.question_report import Ratio, Summary
from evaluation.results import Entry
from evaluation.runs import as_plain_text
from indexer.build.pipeline import IndexConfig, build
from retrieval.answering.answers import QUOTED
from retrieval.settings import READ_DEPTH

SEEDS: Final = REPOSITORY / "seeds"
SEEDS_INDEX: Final = REPOSITORY / "build" / "evaluation-seeds"


def measure_own_set(work: Work) -> Entry:
    """Measure search, answers and abstention on the own set."""
    collection = limited(work, replace(load_collection(REPOSITORY / OWN_SET), name="own-set"))
    searched = measure_modes(work, collection, {"test": collection})
    prepared = encoded(work, collection)
    unanswerable = unanswerable_queries(REPOSITORY / OWN_SET / "queries.jsonl")[: work.limit]
    with open_engine(work, prepared.index) as engine:
        asked = collection.queries
        outcomes = answer_queries(engine, asked, prepared.articles, work.progress)
        read = [
            read_query(
                work.reader.reader,
                query,
                engine.search(text, READ_DEPTH, "hybrid", collapse=False).hits,
            )
            for query in work.watched("own-set", [*asked, *(query for query, _ in unanswerable)])
            for text in [as_plain_text(query.text)]
        ]
    answerable, others = read[: len(asked)], read[len(asked) :]
    kinds = [kind for _, kind in unanswerable]
    return {
        "questions": {"search": len(asked), "answers": len(asked), "abstention": len(read)},
        "settings": index_settings(prepared),
        "measures": {
            "search": searched["measures"]["test"],
            "answers": answer_measures(outcomes),
            "abstention": abstention_measures(answerable, others, kinds),
        },
        "milliseconds": searched["milliseconds"],
    }


def unanswerable_queries(path: Path) -> list[tuple[CollectionQuery, str]]:
    """Return the unanswerable questions with their kinds."""
    return [
        (CollectionQuery(row["_id"], row["text"]), row["metadata"]["kind"])
        for row in json_lines(path)
        if not row["metadata"]["answerable"]
    ]


def abstention_measures(
    answerable: Sequence[ReadQuestion], others: Sequence[ReadQuestion], kinds: Sequence[str]
) -> dict[str, Any]:
    """Return how well answerable questions are distinguished, by kind."""
    read = [*answerable, *others]
    known = [True] * len(answerable) + [False] * len(others)
    measures = {
        "AUROC": resampled(
            len(read),
            lambda at: _auroc([read[place].score for place in at], [known[place] for place in at]),
        ),
        "answered of the answerable": mean_of([each.state == "answered" for each in answerable]),
        "answered or possible of the answerable": mean_of(
            [each.state in QUOTED for each in answerable]
        ),
        "not answered of the others": mean_of([each.state != "answered" for each in others]),
        "neither answered nor possible of the others": mean_of(
            [each.state not in QUOTED for each in others]
        ),
    }
    for kind in sorted(set(kinds)):
        group = [each for each, of in zip(others, kinds, strict=True) if of == kind]
        measures[f"not answered of the others, {kind.replace('_', ' ')}"] = mean_of(
            [each.state != "answered" for each in group]
        )
    return measures


def measure_seeds(work: Work) -> Entry:
    """Measure the questions on the seeds."""
    build(SEEDS, SEEDS_INDEX, IndexConfig(threads=work.threads), progress=work.progress)
    questions = load_questions(REPOSITORY / SEED_QUESTIONS)[: work.limit]
    with open_engine(work, SEEDS_INDEX) as engine:
        report = evaluate(engine, questions, SEEDS)
    ratios = {
        **_named(report.answerable),
        "unanswerable: not answered": report.unanswerable.not_answered,
        "unanswerable: neither answered nor possible": report.unanswerable.not_offered,
        "citation validity": report.citations,
    }
    return {
        "questions": len(questions),
        "measures": {
            "test": {name: _share(ratio) for name, ratio in ratios.items() if ratio.total}
        },
        "failures": [outcome.question.id for outcome in report.failures],
    }


def _named(summary: Summary) -> dict[str, Ratio]:
    return {
        "answerable: gold in the first five hits": summary.recall,
        "answerable: first quote right, of the answered": summary.first_quote,
        "answerable: gold in the first five quotes": summary.quotes,
        "answerable: answered": summary.answered,
        "answerable: answered or possible": summary.offered,
    }


def _share(ratio: Ratio) -> dict[str, float]:
    return mean_of([True] * ratio.count + [False] * (ratio.total - ratio.count))


def _auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return the AUROC; nan if all are of one kind, which the interval ignores."""
    return auroc(scores, right) if len(set(right)) > 1 else float("nan")
