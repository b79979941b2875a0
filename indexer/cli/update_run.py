"""The commands `update` and `compact`: questions, output, exit codes."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path

from indexer.cli.options import EXIT_OK, EXIT_PROBLEMS, error_json, note, prepare_questions
from indexer.cli.report import build_details, build_summary, format_size
from indexer.cli.told import told_rules
from indexer.errors import DatelineError, update_command
from indexer.progress import NoProgress, Progress, TerminalProgress
from indexer.text.printable import printable_line
from indexer.update.changes import Changes
from indexer.update.compact import CompactReport, compact
from indexer.update.update import UpdateConfig, UpdateReport, format_loss, refuse, update
from indexer.update.watch import EVERY, Watcher, watch

_LISTED = 20


def run_update(options: argparse.Namespace) -> int:
    """Update once."""
    progress = NoProgress() if options.quiet else TerminalProgress()
    on_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    confirm = _Question(progress) if on_terminal else refuse
    report = update(options.index, _config(options), progress=progress, confirm=confirm)
    spec = report.build.manifest.encoder
    prepare_questions(spec.name, spec.sha256, quiet=options.quiet)
    if options.json:
        print(update_json(report))
    elif not options.quiet:
        print(update_summary(report, options.index))
    return EXIT_PROBLEMS if options.strict and report.build.skips else EXIT_OK


def run_watch(options: argparse.Namespace) -> int:
    """Update whenever the articles change; Ctrl-C between two updates is success."""
    every = options.every or EVERY
    watcher = Watcher(options.index, _config(options), partial(_tell, options))
    if not options.quiet:
        note(f"Watching the articles of {options.index} every {every:g} s. Press Ctrl-C to stop.")
    try:
        watch(watcher, every)
    except KeyboardInterrupt:
        if watcher.is_updating:
            raise
    if not options.quiet:
        note("Stopped watching.")
    return EXIT_OK


def run_compact(options: argparse.Namespace) -> int:
    """Compact once."""
    report = compact(options.index)
    if not options.quiet:
        print(compact_summary(report, options.index))
    return EXIT_OK


def update_summary(report: UpdateReport, index: Path) -> str:
    """Return what an update did, for people."""
    built = report.build
    if built.unchanged:
        return build_summary(built, index)
    lines = [f"Updated {index}: {update_line(report)}"]
    lines += [
        f"Note: {_articles(lost.articles)} deleted because {printable_line(lost.path)} could not "
        f"be read: {lost.reason}"
        for lost in report.changes.lost[:_LISTED]
    ]
    if len(report.changes.lost) > _LISTED:
        lines.append(f"Note: {len(report.changes.lost) - _LISTED:,} more files could not be read")
    return "\n".join([*lines, *build_details(built)])


def update_line(report: UpdateReport) -> str:
    """Return the same in one line."""
    manifest = report.build.manifest
    return (
        f"{format_changes(report.changes)}; {manifest.documents:,} articles, "
        f"{manifest.passages:,} passages, {report.build.encoded:,} newly encoded, "
        f"in {report.build.seconds:.1f} s"
    )


def format_changes(changes: Changes) -> str:
    """Return the counts of added, changed, deleted and renamed articles.

    >>> format_changes(Changes(5, added=2, renamed=1))
    '2 added, 1 renamed'
    """
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "deleted": changes.deleted,
        "renamed": changes.renamed,
    }
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "no changes"


def update_json(report: UpdateReport) -> str:
    """Return what an update did as one line of ASCII JSON."""
    built, manifest = report.build, report.build.manifest
    return json.dumps(
        {
            "unchanged": built.unchanged,
            "generation": manifest.generation,
            "documents": manifest.documents,
            "passages": manifest.passages,
            **asdict(report.changes),
            "recleaned": built.recleaned,
            "encoded": built.encoded,
            "skipped": built.skipped,
            "guessed_encodings": manifest.guessed_encodings,
            "notes": manifest.notes,
            "seconds": round(built.seconds, 3),
        }
    )


def compact_summary(report: CompactReport, index: Path) -> str:
    """Return what was deleted from an index, for people."""
    freed = f"Freed {format_size(report.bytes_freed)} ({', '.join(report.removed)})"
    lines = [f"{index}: {freed if report.removed else 'nothing to delete'}"]
    if report.foreign:
        lines.append(f"Note: left alone {', '.join(report.foreign)}, which holds unknown files")
    if report.stale is None or report.stale.changed or report.stale.deleted:
        lines.append(
            "Note: articles may have changed since the last update; those deleted since are still "
            f"in the index. Run first: {update_command(index)}"
        )
    return "\n".join(lines)


class _Question:
    """Terminal question whether more than half of the articles may be deleted."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, changes: Changes) -> bool:
        self._progress.close()
        sys.stderr.write(f"{printable_line(format_loss(changes))}. Delete them? [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _tell(options: argparse.Namespace, happened: UpdateReport | DatelineError) -> None:
    now = datetime.now().astimezone().isoformat(" ", timespec="seconds")
    if isinstance(happened, DatelineError):
        if options.json:
            print(error_json(happened), flush=True)
        note(f"{now}  {printable_line(str(happened))}")
    elif options.json:
        print(update_json(happened), flush=True)
    elif not options.quiet:
        print(f"{now}  {update_line(happened)}", flush=True)


def _config(options: argparse.Namespace) -> UpdateConfig:
    return UpdateConfig(
        corpus=tuple(options.corpus),
        allow_empty=options.allow_empty,
        allow_deletions=options.yes,
        threads=options.threads,
        encoding=options.encoding,
        outlet_from=options.outlet_from,
        rules=told_rules(options),
    )


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
