"""Options, exit codes and error handling shared by both command lines.

An error that the user can fix is one line on stderr and exit code 2; anything else is a bug and
shows its traceback.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from indexer.cores import cores
from indexer.errors import DatelineError, EncoderError, UsageError
from indexer.interrupts import EXIT_INTERRUPTED
from indexer.text.printable import print_any_character, printable_line

EXIT_OK, EXIT_NOTHING, EXIT_ERROR = 0, 1, 2
EXIT_PROBLEMS = EXIT_NOTHING  # a damaged index, or a strict build that skipped something

DEFAULT_INDEX = "index"


class Parser(argparse.ArgumentParser):
    """Parser that tells a usage error as JSON too where the command line asks for JSON."""

    _json = False

    def parse_known_args(  # type: ignore[override] # the overloads say the same of any namespace
        self,
        args: Sequence[str] | None = None,
        namespace: argparse.Namespace | None = None,
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, after a look for `--json`."""
        args = sys.argv[1:] if args is None else list(args)
        self._json = "--json" in args
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print the usage and the error, and exit with 2."""
        if self._json:
            print(error_json(UsageError(message)))
        super().error(message)


def error_json(error: DatelineError) -> str:
    """Return an error as one line of ASCII JSON.

    >>> error_json(UsageError("no question"))
    '{"error": {"kind": "Usage", "message": "no question"}}'
    """
    kind = type(error).__name__.removesuffix("Error")
    return json.dumps({"error": {"kind": kind, "message": printable_line(str(error))}})


def run(options: argparse.Namespace, interrupted: str) -> int:
    """Run `options.run` and return its exit code.

    Args:
        options: the parsed command line.
        interrupted: message after Ctrl-C.
    """
    if sys.stdout is None:  # closed by whoever started this
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
    print_any_character(sys.stdout)
    _cap_threads(options)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except DatelineError as error:
        if getattr(options, "json", False):
            print(error_json(error))
        note(f"error: {printable_line(str(error))}")
        return EXIT_ERROR
    except BrokenPipeError:
        # Whoever reads the pipe has closed it; Python must not complain again on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except OSError as error:
        if error.filename is not None:
            raise
        # A full disk, say: 1 would mean that nothing was found.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        note(f"error: The output could not be written: {error.strerror}")
        return EXIT_ERROR
    except KeyboardInterrupt:
        note(interrupted)
        return EXIT_INTERRUPTED
    return code


def _cap_threads(options: argparse.Namespace) -> None:
    """Use no more threads than cores, and say so: they would only wait for each other."""
    asked, most = getattr(options, "threads", None) or 1, cores()
    if asked > most:
        options.threads = most
        if not getattr(options, "quiet", False):
            note(f"Note: using {most} of {asked:,} threads, as many as this machine has cores")


def prepare_questions(encoder: str, sha256: str, *, quiet: bool) -> None:
    """Export the encoder of an index now, so that the first question does not wait for it."""
    from indexer.encoding.encoder import open_encoder  # noqa: PLC0415 - loads onnxruntime

    notify = None if quiet else note
    try:
        open_encoder(encoder, expected_sha256=sha256, notify=notify)
    except EncoderError as error:
        note(f"Note: questions use keyword search only until this is fixed: {error}")


def note(message: str) -> None:
    """Print a line on stderr; stdout is for results."""
    print(message, file=sys.stderr)


def add_index(parser: argparse.ArgumentParser) -> None:
    """Add `--index`, whose default `DATELINE_INDEX` sets."""
    parser.add_argument(
        "--index",
        type=Path,
        default=Path(os.environ.get("DATELINE_INDEX") or DEFAULT_INDEX),
        help="index folder (default: index, or DATELINE_INDEX)",
    )


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add `--corpus`, which overrides the folders that the index was built from."""
    parser.add_argument(
        "--corpus",
        type=Path,
        action="append",
        default=[],
        help="new location of the articles, if they have moved (repeat for each folder)",
    )


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add `--threads`."""
    parser.add_argument(
        "--threads",
        type=positive,
        help="number of threads, at most one a core (default: all cores)",
    )


def positive(text: str) -> int:
    """Parse a positive whole number.

    >>> positive("3")
    3

    Raises:
        argparse.ArgumentTypeError: when it is not one.
    """
    expected = f"must be a whole number, at least 1, got {text!r}"
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(expected) from error
    if number < 1:
        raise argparse.ArgumentTypeError(expected)
    return number
