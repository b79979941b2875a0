"""`python -m indexer update` and `compact`: what do they take?"""

import argparse

from indexer.cli.options import add_corpus, add_index, add_threads
from indexer.errors import UsageError

_UPDATE_EXAMPLES = """\
examples:
  python -m indexer update                          read what changed in the folder of index/
  python -m indexer update --index news-index --json
  python -m indexer update --corpus /mnt/archive    the articles have moved; none is encoded
  python -m indexer update --yes                    more than half of the articles may be deleted
  python -m indexer update --allow-empty            all of them may
  python -m indexer update --watch --every 60       look once a minute, until Ctrl-C

exit codes: 0 updated, or current; 1 with --strict: a file was skipped; 2 an error or a refusal: the
live index is untouched; 130 Ctrl-C during an update. Ctrl-C between two updates is how --watch
ends: 0.
"""
_LEAST_SECONDS, _MOST_SECONDS = 0.1, 86_400.0


def add_update(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    update = commands.add_parser(
        "update",
        help="bring an index up to date with its corpus; does nothing when it is current",
        description="Find which articles were added, changed, deleted or renamed since the index "
        "was built, by their content, and write its next generation. The folder, the encoder and "
        "how articles are read are those of the index. What has a vector is not encoded again.",
        epilog=_UPDATE_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_index(update)
    add_corpus(update)
    update.add_argument(
        "--allow-empty", action="store_true", help="accept a corpus without any article"
    )
    update.add_argument(
        "--yes", action="store_true", help="delete more than half of the articles without asking"
    )
    update.add_argument(
        "--watch",
        action="store_true",
        help="go on until Ctrl-C: look at names, sizes and times, which works on network folders "
        "too, and update when they have changed and stayed so for one look",
    )
    update.add_argument(
        "--every",
        type=_seconds,
        metavar="SECONDS",
        help="with --watch: the time between two looks (default: 10)",
    )
    add_threads(update)
    update.add_argument("--strict", action="store_true", help="exit 1 when anything was skipped")
    update.add_argument("--quiet", action="store_true", help="print errors only")
    update.add_argument("--json", action="store_true", help="print one object for each update")
    update.set_defaults(run=_update)


def add_compact(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    compact = commands.add_parser(
        "compact",
        help="remove from an index what does not belong to its live generation",
        description="Remove older generations, which hold the text of articles that were deleted "
        "since, and what stopped builds have left. Programs that have an older generation open go "
        "on with it. Nothing of the live generation changes.",
    )
    add_index(compact)
    compact.add_argument("--quiet", action="store_true", help="print errors only")
    compact.set_defaults(run=_compact)


def _update(options: argparse.Namespace) -> int:
    if options.every is not None and not options.watch:
        raise UsageError("--every says how often --watch looks; expected both. Add --watch")
    if options.strict and options.watch:
        raise UsageError(
            "--strict decides the exit code of one update, which --watch does not have; expected "
            "one of them. Leave one out"
        )
    # The pipeline loads every library; `--help` and usage errors need none of them.
    from indexer.cli.update_terminal import run_update, run_watch  # noqa: PLC0415 - heavy

    return run_watch(options) if options.watch else run_update(options)


def _compact(options: argparse.Namespace) -> int:
    from indexer.cli.update_terminal import run_compact  # noqa: PLC0415 - heavy

    return run_compact(options)


def _seconds(text: str) -> float:
    """Return a number of seconds.

    >>> _seconds("2.5")
    2.5

    Raises:
        argparse.ArgumentTypeError: when it is none, or useless.
    """
    expected = f"must be seconds, from {_LEAST_SECONDS:g} to {_MOST_SECONDS:g}, got {text!r}"
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(expected) from error
    if not _LEAST_SECONDS <= seconds <= _MOST_SECONDS:  # also when it is no number: "nan"
        raise argparse.ArgumentTypeError(expected)
    return seconds
