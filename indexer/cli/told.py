"""Options that tell a build what articles do not say: their encoding, outlet, language, author."""

import argparse
from pathlib import Path

from indexer.errors import UsageError
from indexer.metadata.told import OUTLET_FROM, Rule, Told

GUESS, NONE = "guess", "none"


def add_told(parser: argparse.ArgumentParser) -> None:
    """Add `--encoding`, `--outlet-from`, `--sources` and `--set`."""
    parser.add_argument(
        "--encoding",
        type=_encoding,
        metavar="NAME",
        help="encoding of text that is not UTF-8 and declares none, such as windows-1251; "
        f"'{GUESS}' goes by its words (default)",
    )
    parser.add_argument(
        "--outlet-from",
        type=_outlet_from,
        metavar="PLACE",
        help="outlet of articles whose format and address name none: 'folder', the name of their "
        f"folder; 'line', a line below the title that others of the folder share; '{NONE}' "
        "(default)",
    )
    parser.add_argument(
        "--sources",
        type=Path,
        metavar="FILE",
        help="list of outlets, one PATTERN,OUTLET a line; sources.csv in a folder of articles is "
        "read in any case",
    )
    parser.add_argument(
        "--set",
        nargs=2,
        action="append",
        default=[],
        metavar=("PATTERN", "FIELD=VALUE"),
        help="source, language or author of the articles at a path, such as 'herald/**' "
        "source='The Herald' (repeatable, the last counts)",
    )


def told_rules(options: argparse.Namespace) -> tuple[Rule, ...]:
    """Return the rules of a list and of `--set`, which counts more.

    Raises:
        UsageError: for a rule that cannot be.
        CorpusError: when the list cannot be read.
    """
    from indexer.metadata.sources_list import read_sources  # noqa: PLC0415 - loads encodings

    rules = read_sources(options.sources) if options.sources else ()
    return (*rules, *(_rule(*each) for each in options.set))


def told(options: argparse.Namespace) -> Told:
    """Return what the options tell.

    Raises:
        DatelineError: as `told_rules`.
    """
    rules = tuple(rule for rule in told_rules(options) if rule.value)
    return Told(rules, outlet_from=options.outlet_from or "")


def _rule(pattern: str, assignment: str) -> Rule:
    name, equals, value = assignment.partition("=")
    try:
        if not equals:
            raise ValueError(f"expected FIELD=VALUE after {pattern!r}, got {assignment!r}")
        return Rule.of(pattern, name, value)
    except ValueError as error:
        raise UsageError(f"--set: {error}") from error


def _encoding(name: str) -> str:
    from indexer.text.encodings import told_encoding  # noqa: PLC0415 - loads encodings

    try:
        return "" if name.casefold() == GUESS else told_encoding(name)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _outlet_from(place: str) -> str:
    if place not in (*OUTLET_FROM, NONE):
        expected = ", ".join((*OUTLET_FROM, NONE))
        raise argparse.ArgumentTypeError(f"must be one of {expected}, got {place!r}")
    return "" if place == NONE else place
