"""The command line `dateline`: the commands of `indexer` and `retrieval`, and more."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from dateline.cli.completion import add_completion
from dateline.cli.page import add_page
from indexer import __version__
from indexer.cli.main import add_commands as add_index_commands
from indexer.cli.options import EXIT_ERROR, Parser, note, run
from indexer.errors import install_command, program

_EPILOG = """\
examples:
  %(prog)s build my-articles                     make an index in the folder index
  %(prog)s ask "what did the US ask Iran?"       quotes that answer, each with its place
  %(prog)s page                                  open the index in the browser
  %(prog)s watch                                 keep the index current until Ctrl-C
  %(prog)s check draft.docx                      look up every quotation of a draft
  %(prog)s COMMAND -h                            the options of a command

exit codes: 0 done; 1 nothing found (ask, export, search), damage or problems (verify, doctor), not
every quotation stands (check), something was skipped (--strict); 2 an error, told in one line on
stderr, and as JSON on stdout with --json; 130 Ctrl-C.
"""

# Packages with a command line of their own, `main(arguments) -> int`; what it does; and what to
# install for it.
_PLUGGED = {
    "serve": (
        "dateline.serve.command",
        "answer over HTTP",
        ("fastapi", "uvicorn", "prometheus-client"),
    ),
    "mcp": (
        "dateline.mcp_server.command",
        "answer agents (Model Context Protocol)",
        ("mcp", "uvicorn"),
    ),
    "evaluate": (
        "evaluation.command",
        "measure search and answers on your questions",
        ("ir-measures", "matplotlib", "scipy", "scikit-learn"),
    ),
}


def main(arguments: Sequence[str], interrupted: str = "Interrupted.") -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    word = arguments[0] if arguments else ""
    if word in _PLUGGED:
        return _run_plugged(word, arguments[1:])
    return run(_parser(word).parse_args(arguments), interrupted)


def _parser(word: str = "") -> Parser:
    """Return the parser; a command of the index needs none of the libraries of questions."""
    parser = Parser(
        prog=program("dateline"),
        description="Ask a folder of news articles; every answer is a quote that you can check.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_index_commands(commands)
    add_page(commands)
    add_completion(commands, _parser)
    if word not in commands.choices:
        from retrieval.cli.main import QUESTION_SYNTAX, add_commands  # noqa: PLC0415 - see above

        add_commands(commands)
        parser.epilog = f"{_EPILOG}\n{QUESTION_SYNTAX}"
        for name, (module, does, _) in _PLUGGED.items():
            if _exists(module):
                commands.add_parser(name, help=does, add_help=False)
    return parser


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _run_plugged(name: str, arguments: Sequence[str]) -> int:
    module, _, needed = _PLUGGED[name]
    try:
        return int(import_module(module).main(arguments))
    except ModuleNotFoundError as error:
        note(
            f"error: {program('dateline')} {name} needs {error.name}, which is not installed. "
            f"Install what it needs: {install_command(*needed)}"
        )
        return EXIT_ERROR
