"""Calibrator of answers: `python -m training.calibrator` fits it and prints what it is worth.

Fitted on development questions over news of several sizes and on SQuAD articles held out from
training, each group left out in turn.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from evaluation.paths import data_folder
from evaluation.public_sets.sets import HALVES, Half
from evaluation.public_sets.targets import with_interval
from evaluation.public_sets.work import Work, named_reader
from indexer.cli.options import positive
from indexer.errors import DatelineError
from indexer.progress import TerminalProgress
from retrieval.readers.open import DEFAULT_READER
from training.answer_features import AGREEMENT, CORPUS
from training.calibrator_fit import Calibrator, Floats, left_out_scores, measures_of
from training.calibrator_rows import Row, load_rows, news_rows, save_rows, squad_rows

EXIT_ERROR = 2
VARIANTS: Final[Mapping[str, frozenset[str]]] = {
    "all features": frozenset(),
    "without corpus": CORPUS,
    "without corpus and agreement": CORPUS | AGREEMENT,
}
"""Features that each variant leaves out."""

_SHOWN = (
    "AUROC right/wrong",
    "AUROC answerable/unanswerable",
    "precision at equal coverage",
    "ECE",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect rows unless they are there, fit, print and save."""
    options = _parser().parse_args(arguments)
    try:
        if not options.rows.exists():
            save_rows(options.rows, _collected(options))
        found = report(load_rows(options.rows))
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for line in lines_of(found):
        print(line)
    return 0


def report(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the fit on all development rows, and measures by group that was left out.

    Test rows are measured with the fit on all development rows, and never fitted.
    """
    fitted = [row for row in rows if row.half == "dev"]
    test = [row for row in rows if row.half == "test"]
    found: dict[str, Any] = {}
    for name, left_out in VARIANTS.items():
        calibrator = Calibrator.fit(fitted, left_out)
        parts = _by_group(fitted, left_out_scores(fitted, left_out), "left out")
        if test:
            parts |= _by_group(test, calibrator.scores(test), "test")
        found[name] = {"calibrator": calibrator.as_json(), "measures": parts}
    return found


def lines_of(found: dict[str, Any]) -> list[str]:
    """Return a report as lines of text."""
    lines = []
    for name, part in found.items():
        lines += [name, f"  {json.dumps(part['calibrator'])}"]
        for group, measures in part["measures"].items():
            counts = f"{measures['answerable']} answerable, {measures['unanswerable']} not"
            lines.append(f"  {group}: {counts}")
            lines += [
                f"    {shown}: {with_interval(measures['before'][shown])}"
                f" -> {with_interval(measures['after'][shown])}"
                for shown in _SHOWN
                if shown in measures["before"]
            ]
            lines.append(f"    gain in precision: {with_interval(measures['gain in precision'])}")
    return lines


def _by_group(rows: Sequence[Row], scores: Floats, what: str) -> dict[str, Any]:
    found = {}
    for group in sorted({row.group for row in rows}):
        at = [place for place, row in enumerate(rows) if row.group == group]
        found[f"{group} {what}"] = measures_of([rows[place] for place in at], scores[at])
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
    parser.add_argument("--test", action="store_true", help="measure on the test half too")
    parser.add_argument(
        "--rows", type=Path, default=Path("build/calibrator_rows.jsonl"), help="reused if there"
    )
    parser.add_argument("--output", type=Path, default=Path("build/calibrator.json"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
