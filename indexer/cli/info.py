"""The command `python -m indexer info`."""

import argparse
import json
import sys
from pathlib import Path

from indexer.cli.options import EXIT_OK, Parser, add_corpus, add_index, note, positive
from indexer.errors import UsageError

_TOP, _TOP_MONTHS = 20, 120


def add_info(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    info = commands.add_parser(
        "info", help="show what the index contains and whether it is current"
    )
    add_index(info)
    add_corpus(info)
    info.add_argument("--json", action="store_true", help="print JSON")
    info.add_argument(
        "--by",
        choices=("source", "month", "language"),
        help="count articles, passages and characters by this instead",
    )
    info.add_argument(
        "--top",
        type=positive,
        metavar="N",
        help="with --by: name the N largest and sum the others (default: 20, of months 120)",
    )
    info.add_argument(
        "--plot", type=Path, metavar="FILE", help="with --by: save a bar chart as .png or .svg"
    )
    info.set_defaults(run=_info)


def _info(options: argparse.Namespace) -> int:
    from indexer.cli.report import format_info, index_info  # noqa: PLC0415 - loads every library

    if options.by:
        return _holdings(options)
    if options.plot or options.top:
        raise UsageError("--plot and --top need --by source, month or language")
    info = index_info(options.index, options.corpus)
    print(json.dumps(info, indent=1) if options.json else format_info(info))
    return EXIT_OK


def _holdings(options: argparse.Namespace) -> int:
    from indexer.cli.holdings import (  # noqa: PLC0415 - loads every library
        holdings_json,
        print_holdings,
        read_holdings,
        write_plot,
    )

    top = options.top or (_TOP_MONTHS if options.by == "month" else _TOP)
    holdings = read_holdings(options.index, options.by, top)
    if options.plot:
        write_plot(holdings, options.plot)
        note(f"Chart saved to {options.plot}")
    if options.json:
        print(holdings_json(holdings))
    else:
        print_holdings(holdings, sys.stdout)
    return EXIT_OK
