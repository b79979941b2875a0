"""The command line `python -m retrieval`: ask, search, show."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from indexer import __version__
from indexer.cli.options import (
    EXIT_NOTHING,
    EXIT_OK,
    add_corpus,
    add_index,
    add_threads,
    note,
    positive,
    run,
)
from indexer.corpus.roots import CorpusRoots
from indexer.errors import UnknownDocumentError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from indexer.storage.staleness import check_source
from retrieval.engine import SearchEngine
from retrieval.presentation.json_output import answer_json, search_json
from retrieval.query.filters import parse_day, parse_language, parse_name
from retrieval.ranking.ranker import MODES
from retrieval.readers.open import DEFAULT_READER
from retrieval.settings import READER_THRESHOLDS

_EXAMPLES = """\
examples:
  python -m retrieval ask "what did the US ask Iran?"
  python -m retrieval ask "who met the ambassador?" --after 2023-10-01 --json
  python -m retrieval search '"humanitarian aid" -Yemen source:"Iran Front Page"' --explain
  python -m retrieval search "bridge" --author Doe --lang de --lang fr
  python -m retrieval show 5c94e0bec44148f0 --at 61

a question may hold:  "an exact phrase"   -without   after:2023-10-01   before:2024
                      source:NAME   author:"Jane Doe"   lang:de   (repeat for several)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m retrieval",
        description="Ask questions; every answer is a quote you can check in its article.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_ask(commands)
    _add_search(commands)
    show = commands.add_parser("show", help="show an article, marked at a citation")
    show.add_argument("document", metavar="DOC_ID", help="an id, its beginning, or a path")
    show.add_argument("--at", type=int, metavar="OFFSET", help="mark the text from this offset")
    _add_common(show)
    show.set_defaults(run=_show)
    return parser


def _add_ask(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ask = commands.add_parser(
        "ask", help="answer a question with cited quotes (exit 1 if nothing is found)"
    )
    _add_question(ask)
    ask.add_argument(
        "--max-quotes", type=positive, default=5, help="most quotes to show (default: 5)"
    )
    ask.add_argument(
        "--min-score",
        type=_score,
        metavar="SCORE",
        help="minimum quote score, 0-1, for a confirmed answer; nothing below it is shown "
        f"(default: {READER_THRESHOLDS.answered:g}, possible answers from "
        f"{READER_THRESHOLDS.possible:g} on)",
    )
    ask.set_defaults(run=_ask)


def _add_search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = commands.add_parser("search", help="list matching passages (exit 1 if there are none)")
    _add_question(search)
    search.add_argument(
        "--mode",
        choices=MODES,
        default="hybrid",
        help="keywords, meaning, or both (default: hybrid); reranked: both, reordered by the "
        "reader",
    )
    search.add_argument(
        "--fusion",
        choices=("convex", "rrf"),
        default="convex",
        help="how the two rankings are combined (default: convex)",
    )
    search.set_defaults(run=_search)


def _engine(options: argparse.Namespace) -> SearchEngine:
    notify = None if options.quiet else note
    return SearchEngine.open(
        options.index,
        corpus=options.corpus,
        threads=options.threads,
        notify=notify,
        reader=options.reader,
    )


def _filters(options: argparse.Namespace) -> dict[str, Any]:
    names = ("source", "author", "lang", "after", "before", "undated")
    return {name: getattr(options, name) for name in names} | {"collapse": not options.copies}


def _ask(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        answer = engine.answer(
            options.question,
            options.max_quotes,
            options.k,
            min_score=options.min_score,
            **_filters(options),
        )
    if options.json:
        print(answer_json(answer, explain=options.explain))
    else:
        from retrieval.presentation.terminal import print_answer  # noqa: PLC0415 - rich costs JSON users 60 ms

        print_answer(answer, explain=options.explain)
    return EXIT_NOTHING if answer.state == "not_found" else EXIT_OK


def _search(options: argparse.Namespace) -> int:
    with _engine(options) as engine:
        result = engine.search(
            options.question,
            options.k,
            options.mode,
            fusion=options.fusion,
            **_filters(options),
        )
    if options.json:
        print(search_json(result, explain=options.explain))
    else:
        from retrieval.presentation.terminal import print_search  # noqa: PLC0415 - as above

        print_search(result, explain=options.explain)
    return EXIT_OK if result.hits else EXIT_NOTHING


def _show(options: argparse.Namespace) -> int:
    from retrieval.presentation.terminal import print_document  # noqa: PLC0415 - as above

    manifest = read_manifest(options.index)
    roots = manifest.roots.moved(options.corpus) if options.corpus else manifest.roots
    with LocalStore(options.index, manifest) as store:
        found = _find(store, options.document, roots)
        if len(found) != 1:
            raise UnknownDocumentError(_not_one(options.document, options.index, len(found)))
        document = store.document(found[0])
        state = check_source(roots, document)
        regions = store.catalog.regions(found[0])
        copies = store.copies_of(found).get(found[0], ())
        print_document(document, regions, options.at, state, copies)
    return EXIT_OK


def _find(store: LocalStore, name: str, roots: CorpusRoots) -> list[str]:
    """Return the articles with this path or beginning of an id, also by their path on disk."""
    found = store.catalog.doc_ids_of(name)
    path = None if found else roots.index_path(Path(name))
    return found if path is None else store.catalog.doc_ids_of(path)


def _not_one(name: str, index: Path, count: int) -> str:
    if count:
        return f"{count} articles in {index} match {name!r}. Give more of the id, or the path"
    return (
        f"No article in {index} matches {name!r}. Give the beginning of an id, or a path; ask and "
        "search with --json print both"
    )


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command."""
    add_index(parser)
    add_corpus(parser)
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="suppress notes on stderr")


def _add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reader",
        metavar="NAME_OR_FOLDER",
        default=DEFAULT_READER,
        help=f"reader model (default: {DEFAULT_READER}): bundled, or any Hugging Face "
        "cross-encoder or extractive question answering model",
    )


def _add_question(parser: argparse.ArgumentParser) -> None:
    """Add a question, its filters and the options of its output."""
    parser.add_argument("question", help="a question; python -m retrieval -h shows the syntax")
    _add_common(parser)
    _add_reader(parser)
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


def _score(text: str) -> float:
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
