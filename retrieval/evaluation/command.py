"""What does `python -m retrieval evaluate` do? A folder is a collection, a file has questions."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from indexer.build.pipeline import IndexConfig
from indexer.cli.options import EXIT_OK, note
from indexer.errors import DatelineError, UnknownDocumentError
from indexer.progress import NoProgress, Progress, TerminalProgress
from retrieval.engine import SearchEngine
from retrieval.evaluation.beir_folder import load_collection
from retrieval.evaluation.collection_evaluation import evaluate_collection
from retrieval.evaluation.collection_report import (
    collection_json,
    render_text,
    report_path,
    write_report,
)
from retrieval.evaluation.seed_questions import SeedQuestion, load_questions
from retrieval.evaluation.seed_report import evaluate, render, to_json
from retrieval.ranking.ranker import MODES, Mode

_OF_COLLECTIONS = ("modes", "limit", "report")


class EvaluateOptionError(DatelineError):
    """An option does not go with what is measured."""


def run_evaluate(options: argparse.Namespace) -> int:
    """Measure what was named, print the report and return the exit code."""
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
            note(f"wrote {path}")
    return EXIT_OK


def _modes(given: str | None) -> tuple[Mode, ...]:
    """Return the modes that were named, separated by commas; all when none was."""
    if given is None:
        return MODES
    named = {name.strip() for name in given.split(",")}
    if not named <= set(MODES):
        raise EvaluateOptionError(
            f"--modes must name some of {', '.join(MODES)}, separated by commas, got {given!r}"
        )
    return tuple(mode for mode in MODES if mode in named)


def _questions(options: argparse.Namespace) -> int:
    if given := [f"--{name}" for name in _OF_COLLECTIONS if getattr(options, name) is not None]:
        raise EvaluateOptionError(
            f"{' and '.join(given)} can be used only with a collection, which is a folder; "
            f"{options.target} is none. See python -m retrieval evaluate --help"
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
    """Refuse to measure an index that cannot hold the answers: every figure would be wrong."""
    wanted = sorted({gold.doc for question in questions for gold in question.gold})
    absent = [path for path in wanted if not engine.find_documents(path)]
    if absent:
        raise UnknownDocumentError(
            f"the index at {index} lacks {len(absent)} of the {len(wanted)} articles that the "
            f"questions are about, {absent[0]!r} for one. Name the index of their folder with "
            "--index, or build it"
        )
