"""Options that commands share, and how their values are parsed."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from indexer.cli.options import add_corpus, add_index, add_threads, note, positive
from indexer.errors import program
from retrieval.engine import SearchEngine
from retrieval.query.filters import parse_day, parse_language, parse_name
from retrieval.readers.open import DEFAULT_READER


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command."""
    add_index(parser)
    add_corpus(parser)
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="suppress notes on stderr")


def add_reader(parser: argparse.ArgumentParser) -> None:
    """Add `--reader`."""
    parser.add_argument(
        "--reader",
        metavar="NAME_OR_FOLDER",
        default=DEFAULT_READER,
        help=f"reader model (default: {DEFAULT_READER}): bundled, or any Hugging Face "
        "cross-encoder or extractive question answering model",
    )


def add_question(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add a question, its filters and the options of its output."""
    parser.add_argument(
        "question",
        nargs=None if required else "?",
        help=f"a question; {program('retrieval')} -h shows the syntax",
    )
    add_common(parser)
    add_reader(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--k", type=positive, default=10, help="passages to return (default: 10)")
    for name, meaning, what in (
        ("--source", _named, "from this outlet"),
        ("--author", _named, "by this author (whole words of the name)"),
        ("--lang", _language, "in this language (ISO 639 code or English name)"),
    ):
        told = f"only articles {what}; repeat for several"
        parser.add_argument(name, type=meaning, action="append", metavar="NAME", help=told)
    parser.add_argument(
        "--after", metavar="DATE", type=_first_day, help="published on or after YYYY[-MM[-DD]]"
    )
    parser.add_argument(
        "--before", metavar="DATE", type=_last_day, help="published on or before YYYY[-MM[-DD]]"
    )
    parser.add_argument("--undated", action="store_true", help="include undated articles")
    parser.add_argument(
        "--copies",
        action="store_true",
        help="list every reprint separately",
    )
    parser.add_argument("--explain", action="store_true", help="show how each passage was scored")


def open_engine(options: argparse.Namespace) -> SearchEngine:
    """Open the index that the options name."""
    notify = None if options.quiet else note
    return SearchEngine.open(
        options.index,
        corpus=options.corpus,
        threads=options.threads,
        notify=notify,
        reader=options.reader,
    )


def filters_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of a search that the options give."""
    names = ("source", "author", "lang", "after", "before", "undated")
    return {name: getattr(options, name) for name in names} | {"collapse": not options.copies}


def score(text: str) -> float:
    """Parse a score from 0 to 1.

    Raises:
        argparse.ArgumentTypeError: when it is not one.
    """
    expected = f"must be a score from 0 to 1, got {text!r}"
    try:
        number = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(expected) from error
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(expected)
    return number


def _named(text: str) -> str:
    return _meant(parse_name, text)


def _language(text: str) -> str:
    return _meant(parse_language, text)


def _first_day(text: str) -> str:
    return _meant(partial(parse_day, last=False), text)


def _last_day(text: str) -> str:
    return _meant(partial(parse_day, last=True), text)


def _meant(meaning: Callable[[str], str], text: str) -> str:
    try:
        return meaning(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
