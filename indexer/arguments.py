"""Which options do both command lines share, and what may a number be?"""

import argparse
import os
from pathlib import Path

DEFAULT_INDEX = "index"


def add_index(parser: argparse.ArgumentParser) -> None:
    """Add `--index`, which `DATELINE_INDEX` sets too."""
    parser.add_argument(
        "--index",
        type=Path,
        default=Path(os.environ.get("DATELINE_INDEX") or DEFAULT_INDEX),
        help="the index folder (default: index, or DATELINE_INDEX)",
    )


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add `--corpus`, which overrides the folder that the manifest names."""
    parser.add_argument(
        "--corpus", type=Path, help="where the articles are now, if they have moved"
    )


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add `--threads`."""
    parser.add_argument("--threads", type=positive, help="threads to use (default: every core)")


def positive(text: str) -> int:
    """Return a whole number of at least 1.

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
