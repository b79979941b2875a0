"""Report on a collection: text, JSON, or Markdown with plots."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.answer_run import AnswerSummary
from evaluation.collection_run import CollectionReport
from evaluation.measures import MEASURES, NDCG
from evaluation.question_report import Ratio
from evaluation.tables import Table, escaped, replace_file, signed
from indexer.errors import DatelineError
from indexer.text.printable import printable_line
from retrieval.answering.answers import QUOTED

JSON_FORMAT = 1
REPORT_NAME = "evaluation.md"

_SHOWN_PROBLEMS = 5
_RULES = """\
An article scores as its best passage. Queries are plain text, their dates are not used, and all
settings are the defaults. Intervals are 95 % bootstrap intervals over queries; p is of a two-sided
paired randomisation test, corrected after Holm. Times are of a search for 100 passages.
"""


class ReportError(DatelineError):
    """Report that cannot be written."""


def render_text(report: CollectionReport) -> str:
    """Return the report for a terminal, without control characters."""
    parts = [_heading(report), *(table.aligned() for table in _tables(report))]
    parts += [f"note: {note}" for note in _notes(report)]
    return "\n\n".join("\n".join(map(printable_line, part.split("\n"))) for part in parts) + "\n"


def collection_json(report: CollectionReport) -> str:
    """Return the report as JSON, without the values of single queries."""
    content: dict[str, Any] = {"format": JSON_FORMAT, "kind": "collection"} | asdict(report)
    for mode in content["modes"]:
        del mode["values"]
    return json.dumps(content, ensure_ascii=False, indent=2)


def render_markdown(report: CollectionReport, plots: Sequence[tuple[str, str]] = ()) -> str:
    """Return the report as Markdown."""
    parts = [f"# Evaluation: {escaped(report.name)}", escaped(_heading(report)) + ".", _RULES]
    for table in _tables(report):
        parts += [f"## {table.title}", table.markdown()]
    parts += [f"![{escaped(about)}]({name})" for about, name in plots]
    if notes := _notes(report):
        parts += ["## Notes", "\n".join(f"- {escaped(note)}" for note in notes)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def report_path(given: Path) -> Path:
    """Return the path for the Markdown file, given itself or its folder, which is created.

    Raises:
        ReportError: if it is not writable: better now than after an hour.
    """
    path = given if given.suffix.lower() == ".md" else given / REPORT_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        with tempfile.TemporaryFile(dir=path.parent):
            return path
    except OSError as error:
        raise _unwritable(given, error) from error


def write_report(report: CollectionReport, path: Path) -> None:
    """Write the Markdown file, and its plots beside it.

    Raises:
        ReportError: if it cannot be written.
    """
    # Loads matplotlib, which only reports need.
    from evaluation.plots import plots_of  # noqa: PLC0415 - see above

    plots = []
    try:
        for name, about, content in plots_of(report):
            file = path.with_name(f"{path.stem}-{name}.svg")
            replace_file(file, content)
            plots.append((about, file.name))
        replace_file(path, render_markdown(report, plots).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> ReportError:
    return ReportError(
        f"cannot write the report {path}: {error.strerror or error}. Name a writable folder, or a "
        "file that ends in .md"
    )


def _heading(report: CollectionReport) -> str:
    return (
        f"{report.name}: {report.documents:,} documents in {report.passages:,} passages, "
        f"{report.queries:,} queries, encoder {report.encoder}"
    )


def _tables(report: CollectionReport) -> Iterator[Table]:
    """Yield the modes, their comparisons on the first measure, and the answers."""
    modes = tuple(
        (
            each.mode,
            *(str(each.estimates[name]) for name in MEASURES),
            f"{each.median_ms:.1f}",
            f"{each.p95_ms:.1f}",
        )
        for each in report.modes
    )
    yield Table("Search", ("mode", *MEASURES, "median ms", "p95 ms"), modes)
    compared = tuple(
        (
            f"{each.mode} - {each.baseline}",
            signed(each.difference),
            f"{each.p_value:.4f}",
            f"{each.corrected:.4f}",
        )
        for each in report.comparisons
        if each.measure == NDCG
    )
    if compared:
        columns = (f"difference in {NDCG}", "mean", "p", "p corrected")
        yield Table("Significance", columns, compared)
    if report.answers:
        yield Table("Answers", ("measure", "value"), tuple(_answer_rows(report.answers)))


def _notes(report: CollectionReport) -> tuple[str, ...]:
    """Return what the numbers leave out, and the engine's warnings."""
    found = []
    if report.unjudged:
        found.append(f"queries left out because no document is relevant: {report.unjudged:,}")
    if report.left_out:
        found.append(f"documents skipped by the build, which no mode finds: {report.left_out:,}")
    for each in report.modes:
        found += [f"{each.mode}: {warning}" for warning in each.warnings[:_SHOWN_PROBLEMS]]
        if len(each.warnings) > _SHOWN_PROBLEMS:
            others = len(each.warnings) - _SHOWN_PROBLEMS
            found.append(f"{each.mode}: {others:,} more warnings")
    if report.answers:
        found += report.answers.invalid_citations[:_SHOWN_PROBLEMS]
    return tuple(found)


def _answer_rows(answers: AnswerSummary) -> Iterator[tuple[str, str]]:
    for state, count in answers.states.items():
        yield state.replace("_", " "), str(Ratio(count, answers.questions))
    offered = sum(answers.states[state] for state in QUOTED)
    yield "answered or possible", str(Ratio(offered, answers.questions))
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
