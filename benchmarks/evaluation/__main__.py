"""`python -m benchmarks.evaluation`: measure the public sets and write one page on them."""

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.__main__ import RESULTS, machine
from benchmarks.evaluation.readers import named_reader
from benchmarks.evaluation.report import write_report
from benchmarks.evaluation.results import entry, load, save
from benchmarks.evaluation.runs import RUNS
from benchmarks.evaluation.sets import REPOSITORY, SETS, EvaluationSet, SetError, data_folder
from benchmarks.evaluation.work import Work
from indexer.cli.options import EXIT_OK, add_threads, note, positive, run
from indexer.progress import TerminalProgress
from retrieval.readers.open import DEFAULT_READER

OUTPUT = "evaluation"
# What only some questions gave must not replace what all gave.
TRIED = REPOSITORY / "build"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen sets; each that is finished is saved at once."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given)
    options.given = given
    return run(options, "interrupted: the sets that were finished are saved")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.evaluation",
        description="Measure Dateline on public sets; DATELINE_EVAL_DATA names their folder.",
    )
    names = [found.name for found in SETS if found.name in RUNS]
    parser.add_argument(
        "--sets",
        type=lambda text: [name for name in text.split(",") if name],
        help=f"only these, separated by commas: {', '.join(names)}",
    )
    parser.add_argument("--full", action="store_true", help="also the sets that take hours")
    parser.add_argument(
        "--reader",
        default=DEFAULT_READER,
        help="bundled, a reader's .onnx, or a model's name or folder",
    )
    parser.add_argument("--output", metavar="NAME", help=f"name of the results: {OUTPUT}")
    parser.add_argument(
        "--limit", type=positive, help="only so many questions of each set; written to build/"
    )
    parser.add_argument("--list", action="store_true", help="print the sets and what is absent")
    add_threads(parser)
    parser.set_defaults(run=_list_or_measure)
    return parser


def _list_or_measure(options: argparse.Namespace) -> int:
    data = data_folder()
    chosen = _chosen(options)
    missing = {found.name: absent for found in SETS if (absent := found.missing(data))}
    if options.list:
        for found in SETS:
            names = ", ".join(missing.get(found.name, ()))
            print(f"{found.name:22}{found.about}{f' (absent: {names})' if names else ''}")
        return EXIT_OK
    skipped = {found.name: missing[found.name] for found in chosen if found.name in missing}
    for name, absent in skipped.items():
        note(f"skipped {name}: absent: {', '.join(absent)}; DATELINE_EVAL_DATA names the folder")
    return _measure(options, [found for found in chosen if found.name not in skipped], skipped)


def _measure(
    options: argparse.Namespace,
    chosen: Sequence[EvaluationSet],
    skipped: Mapping[str, Sequence[str]],
) -> int:
    folder = RESULTS if options.limit is None else TRIED
    path = folder / f"{options.output or OUTPUT}.json"
    load(path)  # what cannot be added to is refused now, not after an hour
    reader = named_reader(options.reader, options.threads)
    work = Work(data_folder(), reader, TerminalProgress(), options.threads, options.limit)
    for found in chosen:
        note(f"{found.name}: {found.about}")
        measured = RUNS[found.name](work)
        if options.limit is not None:
            measured["limit"] = options.limit
        kept = entry(
            measured,
            command=_command(options),
            reader=reader.identity,
            machine=machine(),
        )
        # Read again: another run may have added a set meanwhile.
        save(path, load(path) | {found.name: kept})
        write_report(path.with_suffix(".md"), load(path), skipped)
    print(write_report(path.with_suffix(".md"), load(path), skipped), end="")
    return EXIT_OK


def _chosen(options: argparse.Namespace) -> list[EvaluationSet]:
    known = [found for found in SETS if found.name in RUNS]
    if options.sets is None:
        return [found for found in known if options.full or not found.full]
    unknown = sorted(set(options.sets) - {found.name for found in known})
    if unknown:
        raise SetError(
            f"there is no set {', '.join(unknown)}; expected some of "
            f"{', '.join(found.name for found in known)}. --list says what they are"
        )
    return [found for found in known if found.name in options.sets]


def _command(options: argparse.Namespace) -> str:
    """Return the command as it can be repeated elsewhere: of a path only the name."""
    given = [Path(word).name if word == options.reader else word for word in options.given]
    return shlex.join(["python", "-m", "benchmarks.evaluation", *given])


if __name__ == "__main__":
    sys.exit(main())
