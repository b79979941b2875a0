"""Command `python -m benchmarks.peers`: measure every peer at every size and write a report.

Results are saved one by one, so that an interrupted run resumes.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.entries import encoding_time, gave_up_before, is_done, key_of, new_entry
from benchmarks.peers.measures import WARM_UP
from benchmarks.peers.report import write_report
from benchmarks.peers.runner import Limits, measure
from benchmarks.peers.tables import Results
from benchmarks.scale.__main__ import add_source, source_index
from benchmarks.scale.layout import Material
from benchmarks.scale.material import make_material
from evaluation.paths import RESULTS
from evaluation.results import load, machine, save
from indexer.cli.options import EXIT_ERROR, EXIT_OK, note, positive, run
from indexer.storage.manifest import read_manifest

SIZES: Final = (1_000, 10_000, 100_000)
_ABOUT: Final = "about"
_OF_AN_INDEX: Final = RESULTS / "peers.json"
# Results of recombined seeds must not replace those of real articles.
_OF_SEEDS: Final = Path("build/peers.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the missing measurements."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given)
    options.given = given
    return run(options, "Interrupted. Results are saved; run it again to resume.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description="Compare Dateline with other search libraries.",
    )
    add_source(parser)
    limits = Limits()
    parser.add_argument(
        "--sizes", type=_numbers, default=SIZES, help="comma-separated numbers of passages"
    )
    parser.add_argument(
        "--peers",
        type=lambda text: text.split(","),
        default=list(PEERS),
        help=f"comma-separated peers: {', '.join(PEERS)}",
    )
    parser.add_argument(
        "--questions", type=positive, default=220, help="including 20 to warm up (%(default)s)"
    )
    parser.add_argument(
        "--again", action="store_true", help="repeat the measurements of this commit"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the measurements of other commits"
    )
    parser.add_argument("--minutes", type=float, default=limits.seconds / 60, help="(%(default)s)")
    parser.add_argument(
        "--gigabytes", type=float, default=limits.memory / 1e9, help="(%(default)s)"
    )
    parser.add_argument(
        "--output",
        type=Path,
        help=f"results file (default: {_OF_AN_INDEX}, for the seeds {_OF_SEEDS})",
    )
    parser.add_argument("--report-only", action="store_true", help="only rewrite the report")
    parser.set_defaults(run=_run)
    return parser


def _numbers(text: str) -> list[int]:
    return sorted({int(number.replace("_", "")) for number in text.split(",")})


def _run(options: argparse.Namespace) -> int:
    unknown = sorted(set(options.peers) - set(PEERS))
    if unknown:
        note(f"Unknown peers {', '.join(unknown)}; expected some of {', '.join(PEERS)}")
        return EXIT_ERROR
    options.output = options.output or (_OF_AN_INDEX if options.index else _OF_SEEDS)
    if not options.report_only:
        _measure(options)
    text = report(options.output)
    print(text)
    return EXIT_OK


def _measure(options: argparse.Namespace) -> None:
    index = source_index(options)
    limits = Limits(60 * options.minutes, round(1e9 * options.gigabytes))
    work = [(size, name) for size in options.sizes for name in PEERS if name in options.peers]
    with tqdm(work, unit=" measurements", disable=None, dynamic_ncols=True) as bar:
        for size, name in bar:
            bar.set_description(f"{name} {size:,}")
            folder = options.folder / f"material-{size}"
            material = make_material(
                index, folder, size, seed=options.seed, questions=options.questions
            )
            kept = load(options.output)
            _note_run(options, material, limits, kept)
            done = is_done(kept.get(key_of(name, size)), material, same_commit=not options.keep)
            if done and not options.again:
                continue
            given_up = gave_up_before(kept, name, size)
            measured = given_up or measure(PEERS[name], material, options.folder, limits)
            found = new_entry(options.given, measured, material)
            # Reload: another run may have added an entry.
            save(options.output, load(options.output) | {key_of(name, size): found})
            report(options.output)


def report(output: Path) -> str:
    """Write the report on a results file; return its text."""
    kept = load(output)
    results: dict[str, dict[int, dict[str, Any]]] = {}
    for key, found in kept.items():
        name, _, size = key.partition("/")
        if name in PEERS:
            results.setdefault(name, {})[int(size)] = found
    checked: Results = results
    about = {"machine": machine(), **kept.get(_ABOUT, _NOTHING_YET)}
    return write_report(output.with_suffix(".md"), checked, about)


_NOTHING_YET: Final = {"encoding": "–", "questions": "–", "real": 0, "limits": "–"}


def _note_run(
    options: argparse.Namespace, material: Material, limits: Limits, kept: dict[str, Any]
) -> None:
    """Record once what the introduction needs."""
    if _ABOUT in kept:
        return
    about = material.about
    found = {
        "encoding": encoding_time(material),
        "questions": f"{about.questions - WARM_UP} questions ({about.asked})",
        "real": read_manifest(source_index(options)).passages,
        "limits": f"{limits.seconds / 60:.0f} minutes or {limits.memory / 1e9:.0f} GB a process",
        "machine": machine(),
    }
    save(options.output, kept | {_ABOUT: found})


if __name__ == "__main__":
    sys.exit(main())
