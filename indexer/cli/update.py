"""Options of the commands `update`, `watch` and `compact`."""

import argparse

from indexer.cli.options import Parser, add_corpus, add_index, add_threads
from indexer.cli.told import add_told
from indexer.errors import UsageError
from indexer.interrupts import interruptible

_UPDATE_EXAMPLES = """\
examples:
  %(prog)s                          read what has changed since the last build
  %(prog)s --index news-index --json
  %(prog)s --corpus /mnt/archive    the articles have moved
  %(prog)s --yes                    allow deleting more than half of the articles
  %(prog)s --allow-empty            allow an empty folder
  %(prog)s --watch --every 60       check every minute, until Ctrl-C

exit codes: 0 updated or already current, and --watch stopped between two updates; 1 with --strict,
a file was skipped; 2 an error or a refusal, the index is unchanged; 130 Ctrl-C during an update.
"""
_LEAST_SECONDS, _MOST_SECONDS = 0.1, 86_400.0


def add_update(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    update = commands.add_parser(
        "update",
        help="update an index to its articles; does nothing when it is current",
        description="Find the articles that were added, changed, deleted or renamed since the "
        "last build, and update the index. It remembers its folders, encoder and settings. "
        "Unchanged passages are not re-encoded.",
        epilog=_UPDATE_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(update)
    update.add_argument(
        "--watch",
        action="store_true",
        help="keep running: check names, sizes and times, and update once changes settle; works on "
        "network folders",
    )


def add_watch(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command, which is `update --watch`."""
    watch = commands.add_parser(
        "watch",
        help="keep an index current until Ctrl-C",
        description="Check names, sizes and times of the articles, and update the index once "
        "changes settle. Works on network folders. The same as update --watch.",
    )
    _add_options(watch)
    watch.set_defaults(watch=True)


def _add_options(update: argparse.ArgumentParser) -> None:
    add_index(update)
    add_corpus(update)
    add_told(update)
    update.add_argument(
        "--allow-empty", action="store_true", help="allow a folder without articles"
    )
    update.add_argument(
        "--yes", action="store_true", help="allow deleting more than half of the articles"
    )
    update.add_argument(
        "--every",
        type=_seconds,
        metavar="SECONDS",
        help="when watching: time between two checks (default: 10)",
    )
    add_threads(update)
    update.add_argument("--strict", action="store_true", help="exit 1 if anything was skipped")
    update.add_argument("--quiet", action="store_true", help="print errors only")
    update.add_argument("--json", action="store_true", help="print one JSON object per update")
    update.set_defaults(run=_update)


def add_compact(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    compact = commands.add_parser(
        "compact",
        help="delete old generations and leftovers of interrupted builds",
        description="Delete old generations, which still hold the text of deleted articles, and "
        "leftovers of interrupted builds. Programs that have an old generation open can go on "
        "using it.",
    )
    add_index(compact)
    compact.add_argument("--quiet", action="store_true", help="print errors only")
    compact.set_defaults(run=_compact)


def _update(options: argparse.Namespace) -> int:
    if options.every is not None and not options.watch:
        raise UsageError("--every needs --watch")
    if options.strict and options.watch:
        raise UsageError("--strict does not work with --watch: use one of them")
    # The pipeline loads every library; `--help` and usage errors need none of them.
    from indexer.cli.update_run import run_update, run_watch  # noqa: PLC0415 - heavy

    with interruptible():
        return run_watch(options) if options.watch else run_update(options)


def _compact(options: argparse.Namespace) -> int:
    from indexer.cli.update_run import run_compact  # noqa: PLC0415 - heavy

    with interruptible():
        return run_compact(options)


def _seconds(text: str) -> float:
    """Parse a number of seconds.

    >>> _seconds("2.5")
    2.5

    Raises:
        argparse.ArgumentTypeError: when it is not one, or out of range.
    """
    expected = f"must be seconds, from {_LEAST_SECONDS:g} to {_MOST_SECONDS:g}, got {text!r}"
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(expected) from error
    if not _LEAST_SECONDS <= seconds <= _MOST_SECONDS:  # true for "nan" as well
        raise argparse.ArgumentTypeError(expected)
    return seconds
