"""The commands `ask`, of one question or a file of them, and `search`."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from indexer.cli.options import EXIT_NOTHING, EXIT_OK, Parser, note, positive
from indexer.errors import SummaryError, UsageError
from indexer.interrupts import interruptible
from indexer.progress import TerminalProgress
from retrieval.answering.answers import Answer
from retrieval.cli.options import add_question, filters_of, open_engine, score
from retrieval.engine import SearchEngine
from retrieval.evidence.batch import Batch
from retrieval.evidence.export import check_target, export
from retrieval.presentation.json_output import as_json, summarised_json
from retrieval.ranking.ranker import MODES
from retrieval.settings import READER_THRESHOLDS
from retrieval.summary.values import Summary

# Of an answer: its summary, and why there is none.
_Summariser: TypeAlias = Callable[[Answer], tuple[Summary | None, str]]

_FORMATS = (
    "its ending chooses the format: .json (evidence that `check` compares again), .md, .csv, .bib, "
    ".html"
)


def add_ask(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command `ask`."""
    ask = commands.add_parser(
        "ask", help="answer a question with cited quotes (exit 1 if nothing is found)"
    )
    add_question(ask, required=False)
    _add_answer(ask)
    ask.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help=f"write the answer to a file too; {_FORMATS}",
    )
    ask.add_argument(
        "--file",
        type=Path,
        metavar="QUESTIONS",
        help="ask every question of a file: the column `question` of a .csv, or the lines of a "
        ".txt; with --export ANSWERS.csv, where a run that was stopped goes on",
    )
    ask.add_argument(
        "--llm",
        nargs=2,
        metavar=("URL", "MODEL"),
        help="have a language model connect the quotes in at most five sentences, printed below "
        "them; what its quotes do not support is dropped. The question and the quotes are sent to "
        "that address (OpenAI-compatible, such as http://localhost:11434/v1), with the API key in "
        "DATELINE_LLM_KEY",
    )


def add_export(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command, which is `ask --export`."""
    export = commands.add_parser(
        "export", help="answer a question and write the answer to a file (ask --export)"
    )
    add_question(export, required=True)
    export.add_argument("export", type=Path, metavar="FILE", help=f"the file; {_FORMATS}")
    _add_answer(export)
    export.set_defaults(file=None, llm=None)


def _add_answer(ask: argparse.ArgumentParser) -> None:
    ask.add_argument(
        "--max-quotes", type=positive, default=5, help="most quotes to show (default: 5)"
    )
    ask.add_argument(
        "--min-score",
        type=score,
        metavar="SCORE",
        help="minimum quote score, 0-1, for a confirmed answer; nothing below it is shown "
        f"(default: {READER_THRESHOLDS.answered:g}, possible answers from "
        f"{READER_THRESHOLDS.possible:g} on)",
    )
    ask.add_argument("--force", action="store_true", help="replace the file of --export")
    ask.set_defaults(run=_ask)


def add_search(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command `search`."""
    search = commands.add_parser("search", help="list matching passages (exit 1 if there are none)")
    add_question(search, required=True)
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


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.file is None):
        raise UsageError("Give one question, or a file of questions with --file")
    if options.file is not None:
        return _ask_all(options)
    summariser = _summariser(options)
    overwrite = False
    if options.export is not None:
        overwrite = options.force or _may_replace(options.export)
        check_target(options.export, replace=overwrite)
    with open_engine(options) as engine:
        answer = _asking(engine, options)(options.question)
    if options.export is not None:
        with interruptible():
            export(answer, options.export, replace=overwrite)
        if not options.quiet:
            note(f"Wrote {options.export}")
    if options.json:
        _print_json(answer, summariser, explain=options.explain)
    else:
        _print(answer, summariser, explain=options.explain)
    return EXIT_NOTHING if answer.state == "not_found" else EXIT_OK


def _print(answer: Answer, summariser: _Summariser | None, *, explain: bool) -> None:
    from retrieval.presentation.terminal import print_answer, print_note, print_summary  # noqa: PLC0415 - rich costs JSON users 60 ms

    print_answer(answer, explain=explain)
    if summariser is not None:
        sys.stdout.flush()
        summary, problem = summariser(answer)
        if summary is not None:
            print_summary(summary)
        if problem:
            print_note(problem)


def _print_json(answer: Answer, summariser: _Summariser | None, *, explain: bool) -> None:
    if summariser is None:
        print(as_json(answer, explain=explain))
        return
    summary, problem = summariser(answer)
    if problem:
        answer = replace(answer, warnings=(*answer.warnings, problem))
    print(summarised_json(answer, summary, explain=explain))


def _summariser(options: argparse.Namespace) -> _Summariser | None:
    """Return what asks the model that the options name; tell if nothing is encrypted on the way."""
    if options.llm is None:
        return None
    from retrieval.summary.client import LanguageModel  # noqa: PLC0415 - costs others 30 ms
    from retrieval.summary.summarise import summarise  # noqa: PLC0415 - as above

    model = LanguageModel.named(*options.llm)
    if not (model.is_private or model.is_local or options.quiet):
        note(f"Note: the question and the quotes go to {model.url} without encryption")

    def run(answer: Answer) -> tuple[Summary | None, str]:
        try:
            return summarise(answer, model), ""
        except SummaryError as error:
            return None, f"No summary. {error}"

    return run


def _ask_all(options: argparse.Namespace) -> int:
    if options.export is None or options.export.suffix.lower() != ".csv":
        raise UsageError("--file needs --export ANSWERS.csv, where the answers are collected")
    if options.json or options.explain or options.llm:
        raise UsageError("--file writes CSV only; leave out --json, --explain and --llm")
    batch = Batch.open(options.file, options.export, replace=options.force)
    with open_engine(options) as engine:
        if batch.done and not options.quiet:
            note(f"{batch.done:,} of {len(batch.questions):,} questions are answered; going on")
        with interruptible():
            batch.run(_asking(engine, options), TerminalProgress())
    if not options.quiet:
        note(f"Wrote {options.export}: {len(batch.questions):,} questions")
    return EXIT_OK


def _asking(engine: SearchEngine, options: argparse.Namespace) -> Callable[[str], Answer]:
    return lambda question: engine.answer(
        question,
        options.max_quotes,
        options.k,
        min_score=options.min_score,
        **filters_of(options),
    )


def _may_replace(path: Path) -> bool:
    """Ask on a terminal whether a file may be replaced; elsewhere, no."""
    if not path.exists() or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{path} exists. Replace it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _search(options: argparse.Namespace) -> int:
    with open_engine(options) as engine:
        result = engine.search(
            options.question,
            options.k,
            options.mode,
            fusion=options.fusion,
            **filters_of(options),
        )
    if options.json:
        print(as_json(result, explain=options.explain))
    else:
        from retrieval.presentation.terminal import print_search  # noqa: PLC0415 - as above

        print_search(result, explain=options.explain)
    return EXIT_OK if result.hits else EXIT_NOTHING
