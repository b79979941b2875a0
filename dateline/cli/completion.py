"""The command `completion`."""

import argparse
from collections.abc import Callable

import shtab

from indexer.cli.options import EXIT_OK, Parser
from indexer.errors import program


def add_completion(
    commands: "argparse._SubParsersAction[Parser]", parser: Callable[[], Parser]
) -> None:
    """Add the command; `parser` makes the parser that is completed."""
    completion = commands.add_parser(
        "completion",
        help="print a script that completes commands and options in a shell",
        description="Print a script that completes commands and options. For bash: "
        f"{program('dateline')} completion bash > "
        "~/.local/share/bash-completion/completions/dateline. For zsh: write it as _dateline into "
        "a folder of $fpath.",
    )
    completion.add_argument(
        "shell", choices=shtab.SUPPORTED_SHELLS, help="the shell that reads the script"
    )
    completion.set_defaults(run=lambda options: _print_script(parser(), options.shell))


def _print_script(parser: Parser, shell: str) -> int:
    parser.prog = "dateline"
    print(shtab.complete(parser, shell))
    return EXIT_OK
