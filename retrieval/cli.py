"""`python -m retrieval ask | search | show`: the command line of the engine."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer import __version__
from indexer.cli.options import (
    EXIT_NOTHING,
    EXIT_OK,
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
from retrieval.options import add_common, add_question, score
from retrieval.presentation.json_output import answer_json, search_json
from retrieval.ranking.ranker import MODES

_EXAMPLES = """\
examples:
  python -m retrieval ask "what did the US ask Iran?"
  python -m retrieval ask "who met the ambassador?" --after 2023-10-01 --json
  python -m retrieval search '"humanitarian aid" -Yemen source:"Iran Front Page"' --explain
  python -m retrieval search "bridge" --author Doe --lang de --lang fr
  python -m retrieval show 5c94e0bec44148f0 --at 61

a question may hold:  "an exact phrase"   -without   after:2023-10-01   before:2024
                      source:NAME   author:"Jane Doe"   lang:de   (repeated: any of them)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    return run(_parser().parse_args(arguments), "interrupted")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m retrieval",
        description="Ask questions of an index; every answer is a quote you can open.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_ask(commands)
    _add_search(commands)
    show = commands.add_parser("show", help="open an article at a citation")
    show.add_argument("document", metavar="DOC_ID", help="a doc_id, its beginning, or a path")
    show.add_argument("--at", type=int, metavar="OFFSET", help="mark the text from this offset")
    add_common(show)
    show.set_defaults(run=_show)
    return parser


def _add_ask(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ask = commands.add_parser(
        "ask", help="answer a question with cited quotes; exit 1 when nothing is found"
    )
    add_question(ask)
    ask.add_argument("--max-quotes", type=positive, default=5, help="quotes to show (default: 5)")
    ask.add_argument(
        "--min-score",
        type=score,
        metavar="SCORE",
        help="the least score of a quote, 0 to 1; higher is stricter (default: the reader's own)",
    )
    ask.set_defaults(run=_ask)


def _add_search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = commands.add_parser("search", help="list the passages that fit; exit 1 without any")
    add_question(search)
    search.add_argument(
        "--mode",
        choices=MODES,
        default="hybrid",
        help="which retrievers to ask (default: hybrid, which is both); reranked: both, and the "
        "reader reorders the first hits",
    )
    search.add_argument(
        "--fusion",
        choices=("convex", "rrf"),
        default="convex",
        help="how two rankings become one (default: convex)",
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
            what = f"{len(found)} articles fit" if found else "no article fits"
            raise UnknownDocumentError(
                f"{what} {options.document!r} in {options.index}: expected the beginning of one "
                "doc_id, or the path of an article. The JSON of ask and search names both"
            )
        document = store.document(found[0])
        state = check_source(roots, document)
        regions = store.catalog.regions(found[0])
        copies = store.copies_of(found).get(found[0], ())
        print_document(document, regions, options.at, state, copies)
    return EXIT_OK


def _find(store: LocalStore, name: str, roots: CorpusRoots) -> list[str]:
    """Return the articles with this path or beginning of an id; a shell's path counts too."""
    found = store.catalog.doc_ids_of(name)
    path = None if found else roots.index_path(Path(name))
    return found if path is None else store.catalog.doc_ids_of(path)
