"""Command line of the evaluation: a folder is a collection, a file holds questions."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from evaluation.collection import load_collection
from evaluation.collection_report import collection_json, render_text, report_path, write_report
from evaluation.collection_run import evaluate_collection
from evaluation.question_report import evaluate, render, to_json
from evaluation.questions import SeedQuestion, load_questions
from indexer.build.pipeline import IndexConfig
from indexer.cli.options import EXIT_OK, add_corpus, add_index, add_threads, note, positive, run
from indexer.errors import DatelineError, UnknownDocumentError
from indexer.progress import NoProgress, Progress, TerminalProgress
from retrieval.engine import SearchEngine
from retrieval.ranking.ranker import MODES, Mode

_OF_COLLECTIONS = ("modes", "limit", "report")
_EPILOG = """\
A collection is a folder of three files in the layout of BEIR (each may be compressed as .xz):
  corpus.jsonl    {"_id": "d1", "title": "A headline", "text": "The article."}
  queries.jsonl   {"_id": "q1", "text": "A question?", "metadata": {"answers": ["some words"]}}
  qrels.tsv       q1<TAB>d1<TAB>1    (or qrels/test.tsv; a header is optional)
Titles and answers are optional. Its documents are indexed once, in the folder evaluation-1 of the
cache (DATELINE_CACHE), which can be deleted at any time.

A question file has one JSON object per line, like tests/quality/seed_questions.jsonl. Its
questions are asked of the index given by --index.

examples:
  python -m evaluation my-collection --report report
  python -m evaluation my-collection --modes bm25,hybrid --limit 50
  python -m evaluation tests/quality/seed_questions.jsonl --index index
"""


class EvaluateOptionError(DatelineError):
    """Option that does not apply to the target."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate a collection or a question file, print the report and return the exit code."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Measure search and answers on a collection, or answers on a question file.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "target", type=Path, metavar="FOLDER_OR_FILE", help="a collection, or a .jsonl file"
    )
    add_index(parser)
    add_corpus(parser)
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="no notes on stderr")
    parser.add_argument("--json", action="store_true", help="print JSON")
    collection = parser.add_argument_group("options for a collection")
    collection.add_argument(
        "--modes", metavar="M,M…", help="search modes to compare, comma-separated (default: all)"
    )
    collection.add_argument(
        "--limit", type=positive, metavar="N", help="use only N queries, chosen by a hash of the id"
    )
    collection.add_argument(
        "--report",
        type=Path,
        metavar="PATH",
        help="write a Markdown report with plots to this folder, or file ending in .md",
    )
    parser.set_defaults(run=_evaluate)
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    return _collection(options) if options.target.is_dir() else _questions(options)


def _collection(options: argparse.Namespace) -> int:
    modes = _modes(options.modes)
    path = report_path(options.report) if options.report else None
    collection = load_collection(options.target)
    if options.limit:
        collection = collection.limited(options.limit)
    progress: Progress = NoProgress() if options.quiet else TerminalProgress()
    report = evaluate_collection(
        collection,
        modes,
        IndexConfig(threads=options.threads),
        progress=progress,
        notify=None if options.quiet else note,
    )
    print(collection_json(report) if options.json else render_text(report), end="")
    if path:
        write_report(report, path)
        if not options.quiet:
            note(f"Wrote {path}")
    return EXIT_OK


def _modes(given: str | None) -> tuple[Mode, ...]:
    """Parse comma-separated modes; None means all."""
    if given is None:
        return MODES
    named = {name.strip() for name in given.split(",")}
    if not named <= set(MODES):
        raise EvaluateOptionError(
            f"--modes must be a comma-separated list of {', '.join(MODES)}, got {given!r}"
        )
    return tuple(mode for mode in MODES if mode in named)


def _questions(options: argparse.Namespace) -> int:
    if given := [f"--{name}" for name in _OF_COLLECTIONS if getattr(options, name) is not None]:
        raise EvaluateOptionError(
            f"{' and '.join(given)} can be used only with a collection, which is a folder; "
            f"{options.target} is not one. See python -m evaluation --help"
        )
    questions = load_questions(options.target)
    notify = None if options.quiet else note
    with SearchEngine.open(
        options.index, corpus=options.corpus, threads=options.threads, notify=notify
    ) as engine:
        _check_gold(engine, questions, options.index)
        report = evaluate(engine, questions, Path(engine.manifest.corpus_root))
    print(to_json(report) if options.json else render(report))
    return EXIT_OK


def _check_gold(engine: SearchEngine, questions: Sequence[SeedQuestion], index: Path) -> None:
    """Reject an index that lacks gold articles: every figure would be wrong."""
    wanted = sorted({gold.doc for question in questions for gold in question.gold})
    absent = [path for path in wanted if not engine.find_documents(path)]
    if absent:
        raise UnknownDocumentError(
            f"the index at {index} lacks {len(absent)} of the {len(wanted)} articles that the "
            f"questions are about, for example {absent[0]!r}. Name the index of their folder with "
            "--index, or build it"
        )
