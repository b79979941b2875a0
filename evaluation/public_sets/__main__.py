"""Command `python -m evaluation.public_sets`: measure the public sets and write a report."""

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.paths import REPOSITORY, RESULTS, data_folder
from evaluation.public_sets.report import write_report
from evaluation.public_sets.runs import RUNS
from evaluation.public_sets.sets import SETS, EvaluationSet, SetError
from evaluation.public_sets.work import Work, named_reader
from evaluation.results import entry, load, machine, save
from indexer.cli.options import EXIT_OK, add_threads, note, positive, run
from indexer.progress import TerminalProgress
from retrieval.readers.open import DEFAULT_READER

OUTPUT = "evaluation"
# Results of a limited run must not replace those of a full one.
TRIED = REPOSITORY / "build"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen sets, saving each when it is finished."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given)
    options.given = given
    return run(options, "Interrupted. Finished sets are saved.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.public_sets",
        description="Measure quality on public data sets in the folder DATELINE_EVAL_DATA.",
    )
    names = [found.name for found in SETS if found.name in RUNS]
    parser.add_argument(
        "--sets",
        type=lambda text: [name for name in text.split(",") if name],
        help=f"comma-separated sets to measure: {', '.join(names)}",
    )
    parser.add_argument("--full", action="store_true", help="include sets that take hours")
    parser.add_argument(
        "--reader",
        default=DEFAULT_READER,
        help="bundled, a reader's .onnx file, or a model's name or folder",
    )
    parser.add_argument(
        "--output", metavar="NAME", help=f"name of the results files (default: {OUTPUT})"
    )
    parser.add_argument("--limit", type=positive, help="questions per set; results go to build/")
    parser.add_argument("--list", action="store_true", help="list the sets and their missing files")
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
            print(f"{found.name:22}{found.about}{f' (missing: {names})' if names else ''}")
        return EXIT_OK
    skipped = {found.name: missing[found.name] for found in chosen if found.name in missing}
    for name, absent in skipped.items():
        note(f"Skipped {name}: missing {', '.join(absent)} in DATELINE_EVAL_DATA")
    return _measure(options, [found for found in chosen if found.name not in skipped], skipped)


def _measure(
    options: argparse.Namespace,
    chosen: Sequence[EvaluationSet],
    skipped: Mapping[str, Sequence[str]],
) -> int:
    folder = RESULTS if options.limit is None else TRIED
    path = folder / f"{options.output or OUTPUT}.json"
    load(path)  # fail now, not after an hour
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
        # Reload: another run may have added a set.
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
            f"unknown sets {', '.join(unknown)}; expected some of "
            f"{', '.join(found.name for found in known)}. See --list"
        )
    return [found for found in known if found.name in options.sets]


def _command(options: argparse.Namespace) -> str:
    """Return a command that can be repeated elsewhere: without folders."""
    given = [Path(word).name if word == options.reader else word for word in options.given]
    return shlex.join(["python", "-m", "evaluation.public_sets", *given])


if __name__ == "__main__":
    sys.exit(main())
