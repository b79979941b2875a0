"""What do `update` and `compact` ask and print, and with which exit code do they end?"""

import argparse
import sys
from datetime import datetime
from functools import partial

from indexer.cli.options import EXIT_OK, EXIT_PROBLEMS, note, prepare_questions
from indexer.cli.update_text import compact_summary, update_json, update_line, update_summary
from indexer.errors import DatelineError
from indexer.progress import NoProgress, Progress, TerminalProgress
from indexer.text.printable import printable_line
from indexer.update.changes import Changes
from indexer.update.compact import compact
from indexer.update.update import UpdateConfig, UpdateReport, format_loss, refuse, update
from indexer.update.watch import EVERY, Watcher, watch


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
    """Update again and again; Ctrl-C between two updates is the way to end that, so no failure."""
    every = options.every or EVERY
    watcher = Watcher(options.index, _config(options), partial(_tell, options))
    if not options.quiet:
        note(f"following the articles of {options.index}, a look every {every:g} s; Ctrl-C ends it")
    try:
        watch(watcher, every)
    except KeyboardInterrupt:
        if watcher.is_updating:
            raise
    if not options.quiet:
        note("no longer following; the index is whole")
    return EXIT_OK


def _tell(options: argparse.Namespace, happened: UpdateReport | DatelineError) -> None:
    now = datetime.now().astimezone().isoformat(" ", timespec="seconds")
    if isinstance(happened, DatelineError):
        note(f"{now}  {printable_line(str(happened))}")
    elif options.json:
        print(update_json(happened), flush=True)
    elif not options.quiet:
        print(f"{now}  {update_line(happened)}", flush=True)


def run_compact(options: argparse.Namespace) -> int:
    """Compact once."""
    report = compact(options.index)
    if not options.quiet:
        print(compact_summary(report, options.index))
    return EXIT_OK


class _Question:
    """Asks on the terminal whether more than half of the articles may go; only "y" says so."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, changes: Changes) -> bool:
        self._progress.close()
        sys.stderr.write(f"{printable_line(format_loss(changes))}. Delete them? [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _config(options: argparse.Namespace) -> UpdateConfig:
    return UpdateConfig(
        corpus=tuple(options.corpus),
        allow_empty=options.allow_empty,
        allow_deletions=options.yes,
        threads=options.threads,
    )
