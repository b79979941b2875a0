"""What does `python -m retrieval evaluate` do?"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from indexer.command_line import EXIT_OK, note
from indexer.errors import UnknownDocumentError
from retrieval.engine import SearchEngine
from retrieval.evaluation.seed_questions import SeedQuestion, load_questions
from retrieval.evaluation.seed_report import evaluate, render, to_json


def evaluate_questions(options: argparse.Namespace) -> int:
    """Measure an index with a file of questions; print the report and return the exit code."""
    questions = load_questions(options.questions)
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
