"""How good are the answers to a file of questions?

In: a file of questions with gold words, an engine, the corpus folder. Out: a `Report`, as a table
or as JSON. Nothing is tuned here, and citations are compared with the files, not with the index.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from retrieval.evaluation.asking import DEPTH, FIRST, Answerer
from retrieval.evaluation.citation_check import problem_of, shown
from retrieval.evaluation.seed_measures import Outcome, Ratio, Summary, judge, summarise
from retrieval.evaluation.seed_questions import (
    KINDS,
    SPLITS,
    UNANSWERABLE,
    UNANSWERABLE_KINDS,
    SeedQuestion,
)

JSON_FORMAT = 1
_WIDTH = 15
_NAME_WIDTH = 16
_COLUMNS = {
    "recall": f"recall@{FIRST}",
    "first_quote": "first quote",
    "quotes": f"quotes@{FIRST}",
    "answered": "answered",
    "not_answered": "not answered",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The measures over all questions and over groups of them.

    `citations` is the share of all quotes whose text is at its span in the article's file: 1, or
    something is broken; `invalid_citations` names the others. `mean_ms` is the wall time of an
    answer, and the only value that differs between two runs.
    """

    answerable: Summary
    unanswerable: Summary
    by_kind: tuple[Summary, ...]
    by_split: tuple[Summary, ...]
    citations: Ratio
    invalid_citations: tuple[str, ...]
    failures: tuple[Outcome, ...]
    mean_ms: float


def evaluate(engine: Answerer, questions: Sequence[SeedQuestion], corpus: Path) -> Report:
    """Ask every question and compare the answers with the gold words and the files.

    Args:
        engine: what answers.
        questions: at least one.
        corpus: the folder below which the paths of the citations lie.

    Raises:
        ValueError: when there is no question.
    """
    if not questions:
        raise ValueError("questions must hold at least one question, got none")
    outcomes: list[Outcome] = []
    quotes = 0
    invalid: list[str] = []
    seconds = 0.0
    for question in questions:
        started = perf_counter()
        answer = engine.answer(question.question, max_quotes=FIRST, k=DEPTH, collapse=False)
        seconds += perf_counter() - started
        outcomes.append(judge(question, answer))
        quotes += len(answer.quotes)
        problems = (problem_of(quote.citation, corpus) for quote in answer.quotes)
        invalid.extend(f"{question.id}: {problem}" for problem in problems if problem)
    return Report(
        answerable=summarise("answerable", (o for o in outcomes if o.question.answerable)),
        unanswerable=summarise(UNANSWERABLE, (o for o in outcomes if not o.question.answerable)),
        by_kind=_by_kind(outcomes),
        by_split=tuple(
            summarise(split, (o for o in outcomes if o.question.split == split)) for split in SPLITS
        ),
        citations=Ratio(quotes - len(invalid), quotes),
        invalid_citations=tuple(invalid),
        failures=tuple(outcome for outcome in outcomes if outcome.problems),
        mean_ms=1000 * seconds / len(outcomes),
    )


def render(report: Report) -> str:
    """Return the report as text for a terminal; article text in it holds no control characters."""
    found = (report.answerable, *(row for row in report.by_kind if row.recall.total))
    refused = (report.unanswerable, *(row for row in report.by_kind if row.not_answered.total))
    questions = report.answerable.questions + report.unanswerable.questions
    parts = [
        f"{questions} questions, {report.mean_ms:.1f} ms each",
        _table(found, ("recall", "first_quote", "quotes", "answered")),
        _table(refused, ("not_answered",)),
        _table(report.by_split, tuple(_COLUMNS)),
        f"citations at their span: {report.citations}",
        *report.invalid_citations,
        f"{len(report.failures)} of {questions} questions failed",
        *(_describe(outcome) for outcome in report.failures),
    ]
    return "\n\n".join(parts) + "\n"


def to_json(report: Report) -> str:
    """Return the whole report as JSON; ratios are `{"count", "total"}`."""
    failures = [
        asdict(outcome) | {"problems": list(outcome.problems)} for outcome in report.failures
    ]
    content = {"format": JSON_FORMAT} | asdict(report) | {"failures": failures}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _by_kind(outcomes: Sequence[Outcome]) -> tuple[Summary, ...]:
    """Summarise each kind that occurs; the unanswerable questions by their own kinds."""
    groups: dict[str, list[Outcome]] = {kind: [] for kind in (*KINDS, *UNANSWERABLE_KINDS)}
    for outcome in outcomes:
        groups[outcome.question.unanswerable_kind or outcome.question.kind].append(outcome)
    return tuple(summarise(kind, group) for kind, group in groups.items() if group)


def _table(rows: Sequence[Summary], columns: Sequence[str]) -> str:
    lines = ["".join((" " * _NAME_WIDTH, *(_COLUMNS[column].ljust(_WIDTH) for column in columns)))]
    for row in rows:
        cells = (str(getattr(row, column)).ljust(_WIDTH) for column in columns)
        lines.append("".join((row.name.ljust(_NAME_WIDTH), *cells)))
    return "\n".join(line.rstrip() for line in lines)


def _describe(outcome: Outcome) -> str:
    question = outcome.question
    kind = question.unanswerable_kind or question.kind
    expected = [f"{gold.doc}: {shown(gold.words)}" for gold in question.gold] or ["no answer"]
    joint = " (one of each document)" if question.all_documents else ""
    return "\n".join(
        (
            f"{question.id} ({kind}) {shown(question.question)}",
            f"  problem:     {'; '.join(outcome.problems)}",
            f"  expected:    {' | '.join(expected)}{joint}",
            f"  first quote: {shown(outcome.first_quote)}",
            f"  first hit:   {shown(outcome.first_hit)}",
        )
    )
