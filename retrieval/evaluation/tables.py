"""What does a report on a collection say, as tables of words? For terminals and for Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.evaluation.answer_run import AnswerSummary
from retrieval.evaluation.collection_evaluation import CollectionReport
from retrieval.evaluation.retrieval_measures import MEASURES, NDCG
from retrieval.evaluation.significance import Estimate

_SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the names of columns, and rows as wide."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def heading_of(report: CollectionReport) -> str:
    """Return what was measured, in one sentence."""
    return (
        f"{report.name}: {report.documents:,} documents in {report.passages:,} passages, "
        f"{report.queries:,} queries, encoder {report.encoder}"
    )


def tables_of(report: CollectionReport) -> tuple[Table, ...]:
    """Return the modes, their comparisons on the first measure, and the answers."""
    modes = tuple(
        (
            each.mode,
            *(str(each.estimates[name]) for name in MEASURES),
            f"{each.median_ms:.1f}",
            f"{each.p95_ms:.1f}",
        )
        for each in report.modes
    )
    compared = tuple(
        (
            f"{each.mode} - {each.baseline}",
            _signed(each.difference),
            f"{each.p_value:.4f}",
            f"{each.corrected:.4f}",
        )
        for each in report.comparisons
        if each.measure == NDCG
    )
    found = [Table("Search", ("mode", *MEASURES, "median ms", "p95 ms"), modes)]
    if compared:
        columns = (f"difference in {NDCG}", "mean", "p", "p corrected")
        found.append(Table("Are the differences real?", columns, compared))
    if report.answers:
        rows = tuple(_answer_rows(report.answers))
        found.append(Table("Answers", ("measure", "value"), rows))
    return tuple(found)


def notes_of(report: CollectionReport) -> tuple[str, ...]:
    """Return in words what the numbers leave out, and what the engine said."""
    found = []
    if report.unjudged:
        found.append(f"queries left out, since no document is relevant: {report.unjudged:,}")
    if report.left_out:
        found.append(
            f"documents that the build skipped, so that no mode finds them: {report.left_out:,}"
        )
    for each in report.modes:
        found += [f"{each.mode}: {warning}" for warning in each.warnings[:_SHOWN_PROBLEMS]]
        if len(each.warnings) > _SHOWN_PROBLEMS:
            others = len(each.warnings) - _SHOWN_PROBLEMS
            found.append(f"{each.mode}: {others:,} more warnings")
    if report.answers:
        found += report.answers.invalid_citations[:_SHOWN_PROBLEMS]
    return tuple(found)


def _signed(difference: Estimate) -> str:
    return f"{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"


def _answer_rows(answers: AnswerSummary) -> Iterator[tuple[str, str]]:
    for state, count in answers.states.items():
        share = count / answers.questions
        yield state.replace("_", " "), f"{count}/{answers.questions} = {share:.2f}"
    yield "exact match", str(answers.exact)
    yield "F1", str(answers.f1)
    yield "first quote holds an answer", str(answers.first_right)
    yield "quotes that hold an answer", str(answers.quote_precision)
    yield "citations at their span", str(answers.citations)
    if answers.documents is not None:
        yield "documents in the first five quotes", f"{answers.documents:.2f}"
    if answers.scores:
        known = answers.scores.auroc
        yield "AUROC of the first quote's score", "-" if known is None else f"{known:.3f}"
        yield "area under risk-coverage", f"{answers.scores.aurc:.3f}"
        yield "expected calibration error", f"{answers.scores.calibration_error:.3f}"
    yield "median ms", f"{answers.median_ms:.1f}"
    yield "p95 ms", f"{answers.p95_ms:.1f}"
