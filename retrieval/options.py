"""Which options do the commands of `python -m retrieval` take, and what do their values mean?"""

import argparse
from collections.abc import Callable
from functools import partial

from indexer.cli.options import add_corpus, add_index, add_threads, positive
from retrieval.query.filters import parse_day, parse_language, parse_name
from retrieval.readers.open import DEFAULT_READER


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes: index, corpus, threads, quiet."""
    add_index(parser)
    add_corpus(parser)
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="no notes on stderr")


def _add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reader",
        metavar="NAME_OR_FOLDER",
        default=DEFAULT_READER,
        help=f"who reads (default: {DEFAULT_READER}): bundled, or any Hugging Face "
        "cross-encoder or extractive question answering model",
    )


def add_question(parser: argparse.ArgumentParser) -> None:
    """Add a question, its filters, and how the answer is printed."""
    parser.add_argument("question", help="the question; see the syntax in python -m retrieval -h")
    add_common(parser)
    _add_reader(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--k", type=positive, default=10, help="passages to return (default: 10)")
    for name, meaning, what in (
        ("--source", _named, "of this outlet"),
        ("--author", _named, "by this person: whole words of the name"),
        ("--lang", _language, "in this language: an ISO 639 code or an English name"),
    ):
        told = f"only articles {what}; repeated: any of them"
        parser.add_argument(name, type=meaning, action="append", metavar="NAME", help=told)
    parser.add_argument(
        "--after", metavar="DATE", type=_first_day, help="published on or after YYYY[-MM[-DD]]"
    )
    parser.add_argument(
        "--before", metavar="DATE", type=_last_day, help="published on or before YYYY[-MM[-DD]]"
    )
    parser.add_argument("--undated", action="store_true", help="keep articles without a date too")
    parser.add_argument(
        "--copies",
        action="store_true",
        help="show every copy of a report, not one hit that stands for all",
    )
    parser.add_argument(
        "--explain", action="store_true", help="show which retriever found what, and the sum"
    )


def score(text: str) -> float:
    """Return a score from 0 to 1.

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
