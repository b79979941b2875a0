"""The command line `python -m retrieval`: ask, search, show, check."""

import argparse
from collections.abc import Sequence

from indexer import __version__
from indexer.cli.options import Parser, run
from retrieval.cli.asking import add_ask, add_export, add_search
from retrieval.cli.check import add_check
from retrieval.cli.show import add_show

_EXAMPLES = """\
examples:
  python -m retrieval ask "what did the US ask Iran?"
  python -m retrieval ask "who met the ambassador?" --after 2023-10-01 --json
  python -m retrieval search '"humanitarian aid" -Yemen source:"Iran Front Page"' --explain
  python -m retrieval search "bridge" --author Doe --lang de --lang fr
  python -m retrieval show 5c94e0bec44148f0 --at 61
  python -m retrieval ask "what did the US ask Iran?" --export evidence.json
  python -m retrieval check evidence.json
  python -m retrieval ask --file questions.csv --export answers.csv

"""
QUESTION_SYNTAX = """\
a question may hold:  "an exact phrase"   -without   after:2023-10-01   before:2024
                      source:NAME   author:"Jane Doe"   lang:de   (repeat for several)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m retrieval",
        description="Ask questions; every answer is a quote you can check in its article.",
        epilog=_EXAMPLES + QUESTION_SYNTAX,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    add_commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    return parser


def add_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add every command of questions."""
    add_ask(commands)
    add_export(commands)
    add_search(commands)
    add_show(commands)
    add_check(commands)
