"""Calibrator of answers: `python -m training.calibrator` fits it and prints what it is worth.

Fitted on development questions over news of several sizes and on SQuAD articles held out from
training, each group left out in turn.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from evaluation.paths import data_folder
from evaluation.public_sets.sets import HALVES, Half
from evaluation.public_sets.targets import with_interval
from evaluation.public_sets.work import Work, named_reader
from indexer.cli.options import positive
from indexer.errors import DatelineError
from indexer.progress import TerminalProgress
from retrieval.answering.candidates import FEATURES
from retrieval.readers.open import DEFAULT_READER
from training.calibrator_fit import (
    Calibrator,
    First,
    at_threshold,
    by_reader,
    left_out_firsts,
    measures_of,
)
from training.calibrator_rows import Row, load_saved_rows, news_rows, save_rows, squad_rows

EXIT_ERROR = 2
THRESHOLDS: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect rows unless they are there, fit, print and save."""
    options = _parser().parse_args(arguments)
    try:
        if not options.rows.exists():
            save_rows(options.rows, _collected(options))
        found = report(load_saved_rows(options.rows), frozenset(options.without))
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for line in lines_of(found):
        print(line)
    return 0


def report(rows: Sequence[Row], left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the fit on all development rows, and measures by group that was left out.

    Test rows are measured with the fit on all development rows, and never fitted.
    """
    fitted = [row for row in rows if row.half == "dev"]
    test = [row for row in rows if row.half == "test"]
    calibrator = Calibrator.fit(fitted, left_out)
    ours = list(left_out_firsts(fitted, left_out).values())
    parts = _by_group([by_reader(row) for row in fitted], "by the reader")
    parts |= _by_group(ours, "left out")
    if test:
        parts |= _by_group([by_reader(row) for row in test], "test, by the reader")
        parts |= _by_group([calibrator.first(row) for row in test], "test")
    return {"calibrator": calibrator.as_json(), "measures": parts}


def lines_of(found: dict[str, Any]) -> list[str]:
    """Return a report as lines of text."""
    lines = [json.dumps(found["calibrator"])]
    for group, part in found["measures"].items():
        measures = dict(part["measures"])
        lines.append(f"{group}: {measures.pop('questions')}")
        lines += [f"    {name}: {with_interval(at)}" for name, at in measures.items() if at]
        for threshold, shares in part["thresholds"].items():
            told = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
            lines.append(f"    from {threshold}: {told}")
    return lines


def _by_group(firsts: Sequence[First], what: str) -> dict[str, Any]:
    found = {}
    for group in sorted({each.row.group for each in firsts}):
        chosen = [each for each in firsts if each.row.group == group]
        found[f"{group} {what}"] = {
            "measures": measures_of(chosen),
            "thresholds": {limit: at_threshold(chosen, limit) for limit in THRESHOLDS},
        }
    return found


def _collected(options: argparse.Namespace) -> list[Row]:
    reader = named_reader(options.reader, options.threads)
    work = Work(options.data, reader, TerminalProgress(), options.threads, options.questions)
    halves: Sequence[Half] = HALVES if options.test else ("dev",)
    rows = news_rows(work, options.sizes, halves)
    return rows + (squad_rows(work) if options.squad else [])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.calibrator", description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="(%(default)s)")
    parser.add_argument("--reader", default=DEFAULT_READER, help="(%(default)s)")
    parser.add_argument("--threads", type=positive, help="cores to use (default: every one)")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        default=[200, 600],
        help="comma-separated numbers of news articles (200,600)",
    )
    parser.add_argument("--questions", type=positive, default=150, help="a half and group")
    parser.add_argument("--squad", action="store_true", help="add SQuAD as a second domain")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=FEATURES, metavar="FEATURE", help="left out"
    )
    parser.add_argument("--test", action="store_true", help="measure on the test half too")
    parser.add_argument(
        "--rows", type=Path, default=Path("build/calibrator_rows.jsonl"), help="reused if there"
    )
    parser.add_argument("--output", type=Path, default=Path("build/calibrator.json"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
