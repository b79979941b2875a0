"""`python -m indexer info`: what is an index, and what does it hold?"""

import argparse
import json
import sys
from pathlib import Path

from indexer.cli.options import EXIT_OK, add_corpus, add_index, note, positive
from indexer.errors import UsageError

_TOP, _TOP_MONTHS = 20, 120


def add_info(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    info = commands.add_parser(
        "info",
        help="print the manifest, staleness, encoder and sizes; or what the index holds, --by",
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
        help="with --by: name the N with the most articles, the others are one row (default: 20, "
        "of months 120)",
    )
    info.add_argument(
        "--plot", type=Path, metavar="FILE", help="with --by: draw the articles, as .png or .svg"
    )
    info.set_defaults(run=_info)


def _info(options: argparse.Namespace) -> int:
    from indexer.cli.report import index_info, info_text  # noqa: PLC0415 - loads every library

    if options.by:
        return _holdings(options)
    if options.plot or options.top:
        raise UsageError(
            "--plot and --top say how counts are shown; expected --by source, month or language "
            "with them. Add one"
        )
    info = index_info(options.index, options.corpus)
    print(json.dumps(info, ensure_ascii=False, indent=1) if options.json else info_text(info))
    return EXIT_OK


def _holdings(options: argparse.Namespace) -> int:
    from indexer.cli.holdings import read_holdings  # noqa: PLC0415 - loads every library
    from indexer.cli.holdings_text import holdings_json, print_holdings  # noqa: PLC0415 - as above

    top = options.top or (_TOP_MONTHS if options.by == "month" else _TOP)
    holdings = read_holdings(options.index, options.by, top)
    if options.plot:
        from indexer.cli.holdings_plot import write_plot  # noqa: PLC0415 - loads matplotlib

        write_plot(holdings, options.plot)
        note(f"drawn into {options.plot}")
    if options.json:
        print(holdings_json(holdings))
    else:
        print_holdings(holdings, sys.stdout)
    return EXIT_OK
