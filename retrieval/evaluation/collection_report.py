"""How is a report on a collection read? As text, as JSON, or as Markdown with plots."""

import html
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer.errors import DatelineError
from indexer.text.printable import printable_line
from retrieval.evaluation.collection_evaluation import CollectionReport
from retrieval.evaluation.tables import Table, heading_of, notes_of, tables_of

JSON_FORMAT = 1
REPORT_NAME = "evaluation.md"

_MARKDOWN = re.compile(r"([\\`*_\[\]|#~])")
_RULES = """\
An article scores as its best passage. Queries are asked as plain text, their dates are not used,
and every setting is the default. Intervals are 95 % bootstrap intervals over queries; p is of a
paired randomisation test, two-sided, corrected after Holm. Times are of a search for 100 passages.
"""


class ReportError(DatelineError):
    """A report cannot be written where it was asked for."""


def render_text(report: CollectionReport) -> str:
    """Return the report for a terminal or a pipe; names in it hold no control characters."""
    parts = [heading_of(report), *(_aligned(table) for table in tables_of(report))]
    parts += [f"note: {note}" for note in notes_of(report)]
    return "\n\n".join("\n".join(map(printable_line, part.split("\n"))) for part in parts) + "\n"


def collection_json(report: CollectionReport) -> str:
    """Return the report as JSON, without the values of single queries."""
    content: dict[str, Any] = {"format": JSON_FORMAT, "kind": "collection"} | asdict(report)
    for mode in content["modes"]:
        del mode["values"]
    return json.dumps(content, ensure_ascii=False, indent=2)


def render_markdown(report: CollectionReport, plots: Sequence[tuple[str, str]] = ()) -> str:
    """Return the report as Markdown.

    Args:
        report: what was measured.
        plots: what each plot shows, and its file name beside the report.
    """
    parts = [f"# Evaluation: {_escaped(report.name)}", _escaped(heading_of(report)) + ".", _RULES]
    for table in tables_of(report):
        parts += [f"## {table.title}", _markdown_table(table)]
    parts += [f"![{_escaped(about)}]({name})" for about, name in plots]
    if notes := notes_of(report):
        parts += ["## Notes", "\n".join(f"- {_escaped(note)}" for note in notes)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def report_path(given: Path) -> Path:
    """Return the Markdown file for a name ending in .md or a folder, which is made when missing.

    Raises:
        ReportError: when nothing can be written there: better now than after an hour.
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
    """Write the Markdown file and its plots beside it; each appears whole or not at all.

    Raises:
        ReportError: when it cannot be written.
    """
    # Loads matplotlib, which only reports need.
    from retrieval.evaluation.plots import plots_of  # noqa: PLC0415 - see above

    plots = []
    try:
        for name, about, content in plots_of(report):
            file = path.with_name(f"{path.stem}-{name}.svg")
            _replace(file, content)
            plots.append((about, file.name))
        _replace(path, render_markdown(report, plots).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(path, error) from error


def _replace(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _unwritable(path: Path, error: OSError) -> ReportError:
    return ReportError(
        f"the report {path} cannot be written: {error.strerror or error}. Name a folder, or a file "
        "that ends in .md, where you may write"
    )


def _aligned(table: Table) -> str:
    rows = (table.columns, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join((table.title, *lines))


def _markdown_table(table: Table) -> str:
    rule = ["---"] * len(table.columns)
    rows = (table.columns, rule, *table.rows)  # words and numbers of our own
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is: names and warnings may hold anything."""
    return _MARKDOWN.sub(r"\\\1", html.escape(printable_line(text), quote=False))
