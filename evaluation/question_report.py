"""Answers to a question file compared with its gold words; report as text or JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from evaluation.measures import problem_of, shown
from evaluation.questions import (
    KINDS,
    SPLITS,
    UNANSWERABLE,
    UNANSWERABLE_KINDS,
    Gold,
    SeedQuestion,
)
from evaluation.runs import DEPTH, FIRST, Answerer
from retrieval.answering.answers import QUOTED, Answer, Quote, State

JSON_FORMAT = 1
_WIDTH = 15
_NAME_WIDTH = 16
_COLUMNS = {
    "recall": f"recall@{FIRST}",
    "first_quote": "first quote",
    "quotes": f"quotes@{FIRST}",
    "answered": "answered",
    "offered": "or possible",
    "not_answered": "not answered",
    "not_offered": "nor possible",
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratio with its counts.

    >>> str(Ratio(31, 38)), str(Ratio(0, 0))
    ('31/38 = 0.82', '-')
    """

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """Count over total; None if the total is 0."""
        return self.count / self.total if self.total else None

    def __str__(self) -> str:
        return f"{self.count}/{self.total} = {self.count / self.total:.2f}" if self.total else "-"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one question; None where a measure does not apply.

    `recalled` and `quoted` apply to answerable questions, `first_right` to those answered. Of the
    quotes, only confirmed ones count.
    """

    question: SeedQuestion
    state: State
    recalled: bool | None
    quoted: bool | None
    first_right: bool | None
    first_quote: str | None
    first_hit: str | None

    @property
    def is_answered(self) -> bool:
        """Whether the question counts as answered."""
        return self.state == "answered"

    @property
    def is_offered(self) -> bool:
        """Whether quotes were shown, confirmed or not."""
        return self.state in QUOTED

    @property
    def problems(self) -> tuple[str, ...]:
        """Descriptions of what went wrong."""
        if not self.question.answerable:
            return ("answered, although no article has the answer",) if self.is_answered else ()
        checks = (
            (self.recalled, f"gold not in the first {FIRST} hits"),
            (self.is_answered, f"not answered ({self.state})"),
            (self.first_right, "no gold in the first quote"),
            (self.quoted or not self.is_answered, f"gold not in the first {FIRST} quotes"),
        )
        return tuple(problem for passed, problem in checks if passed is False)


@dataclass(frozen=True, slots=True)
class Summary:
    """Measures of a group of questions, each over those it applies to.

    `offered` is the share answered or possible, `not_offered` the share that is neither.
    """

    name: str
    questions: int
    recall: Ratio
    first_quote: Ratio
    quotes: Ratio
    answered: Ratio
    offered: Ratio
    not_answered: Ratio
    not_offered: Ratio


@dataclass(frozen=True, slots=True)
class Report:
    """Measures over all questions and over groups of them.

    `citations` counts quotes found at their span in the article's file: all, or something is
    broken. `mean_ms`, the wall time per answer, is the only value that differs between two runs.
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
    """Ask every question and compare the answers with the gold words and the article files.

    Raises:
        ValueError: if there are no questions.
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
    """Return the report as text for a terminal, without control characters."""
    found = (report.answerable, *(row for row in report.by_kind if row.recall.total))
    refused = (report.unanswerable, *(row for row in report.by_kind if row.not_answered.total))
    questions = report.answerable.questions + report.unanswerable.questions
    parts = [
        f"{questions} questions, {report.mean_ms:.1f} ms each",
        _table(found, ("recall", "first_quote", "quotes", "answered", "offered")),
        _table(refused, ("not_answered", "not_offered")),
        _table(report.by_split, tuple(_COLUMNS)),
        f"citations at their span: {report.citations}",
        *report.invalid_citations,
        f"{len(report.failures)} of {questions} questions failed",
        *(_describe(outcome) for outcome in report.failures),
    ]
    return "\n\n".join(parts) + "\n"


def to_json(report: Report) -> str:
    """Return the report as JSON; ratios are `{"count", "total"}`."""
    failures = [
        asdict(outcome) | {"problems": list(outcome.problems)} for outcome in report.failures
    ]
    content = {"format": JSON_FORMAT} | asdict(report) | {"failures": failures}
    return json.dumps(content, ensure_ascii=False, indent=2)


def judge(question: SeedQuestion, answer: Answer) -> Outcome:
    """Compare an answer with the gold words.

    A hit or confirmed quote matches if it comes from the gold document (a quote also if one of its
    copies does) and contains the gold words verbatim. The first quote needs only one match, even
    where `all_documents` requires more of the first five.
    """
    hits = [((hit.found.passage.doc_id,), hit.found.text) for hit in answer.hits[:FIRST]]
    shown = answer.quotes[:FIRST]
    quotes = [(_documents_of(each), each.citation.quote) for each in shown if each.confirmed]
    recalled = question.is_met_by(_found(question, hits))
    quoted = question.is_met_by(_found(question, quotes))
    first_right = bool(_found(question, quotes[:1]))
    return Outcome(
        question=question,
        state=answer.state,
        recalled=recalled if question.answerable else None,
        quoted=quoted if question.answerable else None,
        first_right=first_right if question.answerable and quotes else None,
        first_quote=quotes[0][1] if quotes else None,
        first_hit=hits[0][1] if hits else None,
    )


def summarise(name: str, outcomes: Iterable[Outcome]) -> Summary:
    """Aggregate outcomes."""
    group = tuple(outcomes)
    answerable = [outcome for outcome in group if outcome.question.answerable]
    others = [outcome for outcome in group if not outcome.question.answerable]
    return Summary(
        name=name,
        questions=len(group),
        recall=_ratio(outcome.recalled for outcome in group),
        first_quote=_ratio(outcome.first_right for outcome in group),
        quotes=_ratio(outcome.quoted for outcome in group),
        answered=_ratio(outcome.is_answered for outcome in answerable),
        offered=_ratio(outcome.is_offered for outcome in answerable),
        not_answered=_ratio(not outcome.is_answered for outcome in others),
        not_offered=_ratio(not outcome.is_offered for outcome in others),
    )


def _documents_of(quote: Quote) -> tuple[str, ...]:
    return quote.citation.doc_id, *(copy.doc_id for copy in quote.copies)


def _found(question: SeedQuestion, texts: Sequence[tuple[tuple[str, ...], str]]) -> list[Gold]:
    return [
        gold for gold in question.gold if any(gold.is_in(doc_ids, text) for doc_ids, text in texts)
    ]


def _ratio(flags: Iterable[bool | None]) -> Ratio:
    applicable = [flag for flag in flags if flag is not None]
    return Ratio(sum(applicable), len(applicable))


def _by_kind(outcomes: Sequence[Outcome]) -> tuple[Summary, ...]:
    """Summarise each kind that occurs; unanswerable questions by their own kinds."""
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
    joint = " (one from each document)" if question.all_documents else ""
    return "\n".join(
        (
            f"{question.id} ({kind}) {shown(question.question)}",
            f"  problem:     {'; '.join(outcome.problems)}",
            f"  expected:    {' | '.join(expected)}{joint}",
            f"  first quote: {shown(outcome.first_quote)}",
            f"  first hit:   {shown(outcome.first_hit)}",
        )
    )
