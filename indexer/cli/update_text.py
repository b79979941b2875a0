"""What do `update` and `compact` tell the user? Plain text and JSON, no printing."""

import json
from dataclasses import asdict
from pathlib import Path

from indexer.cli.report import build_details, build_summary, in_words
from indexer.errors import update_command
from indexer.text.printable import printable_line
from indexer.update.changes import Changes
from indexer.update.compact import CompactReport
from indexer.update.update import UpdateReport

_LISTED = 20


def update_summary(report: UpdateReport, index: Path) -> str:
    """Return what an update did, for people."""
    built = report.build
    if built.unchanged:
        return build_summary(built, index)
    lines = [f"updated {index}: {update_line(report)}"]
    lines += [
        f"note: {_articles(lost.articles)} deleted because {printable_line(lost.path)} could not "
        f"be read: {lost.reason}"
        for lost in report.changes.lost[:_LISTED]
    ]
    if len(report.changes.lost) > _LISTED:
        lines.append(f"note: and because of {len(report.changes.lost) - _LISTED:,} more like it")
    return "\n".join([*lines, *build_details(built)])


def update_line(report: UpdateReport) -> str:
    """Return the same in one line."""
    manifest = report.build.manifest
    return (
        f"generation {manifest.generation}, {changes_in_words(report.changes)}; "
        f"{manifest.documents:,} documents, {manifest.passages:,} passages, "
        f"{report.build.encoded:,} of them encoded, in {report.build.seconds:.1f} s"
    )


def changes_in_words(changes: Changes) -> str:
    """Say how many articles came, went, moved or changed.

    >>> changes_in_words(Changes(5, added=2, renamed=1))
    '2 added, 1 renamed'
    """
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "deleted": changes.deleted,
        "renamed": changes.renamed,
    }
    said = [f"{count:,} {name}" for name, count in counts.items() if count]
    return ", ".join(said) or "the same articles"


def update_json(report: UpdateReport) -> str:
    """Return what an update did as one line of JSON, in ASCII."""
    built, manifest = report.build, report.build.manifest
    said = {
        "unchanged": built.unchanged,
        "generation": manifest.generation,
        "documents": manifest.documents,
        "passages": manifest.passages,
        **asdict(report.changes),
        "recleaned": built.recleaned,
        "encoded": built.encoded,
        "skipped": built.skipped,
        "seconds": round(built.seconds, 3),
    }
    return json.dumps(said)


def compact_summary(report: CompactReport, index: Path) -> str:
    """Return what was removed from an index, for people."""
    lines = [
        f"compacted {index}, generation {report.generation}: "
        + (
            f"{in_words(report.bytes_freed)} freed ({', '.join(report.removed)})"
            if report.removed
            else "nothing to remove"
        )
    ]
    if report.foreign:
        lines.append(f"note: {', '.join(report.foreign)} stays: no build writes what is in there")
    if report.stale is None or report.stale.changed or report.stale.deleted:
        lines.append(
            "note: the corpus has changed, or takes long to list: what was deleted from it since "
            f"the last update is still in the index. First: {update_command(index)}"
        )
    return "\n".join(lines)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
