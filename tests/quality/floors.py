"""`python -m tests.quality.floors`: measure the defaults and renew floors.json.

Raising is free. Lowering takes `--lower` and, under Unreleased in CHANGELOG.md, a line with the
words that this command prints.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from indexer.build.pipeline import IndexConfig, build
from indexer.cli.options import EXIT_OK, add_threads, note, run
from retrieval import SearchEngine
from tests.quality.floor_changes import LowerFloorsError, write_floors
from tests.quality.floor_history import PATH
from tests.quality.floors_file import Floors, Measurement, parse_floors
from tests.quality.measuring import ask_seeds, measure
from tests.support.commands import REPOSITORY, SEEDS

FLOORS: Final = REPOSITORY / PATH
CHANGELOG: Final = REPOSITORY / "CHANGELOG.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print every measure with its floor, renew the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.floors", description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let floors become lower")
    add_threads(parser)
    parser.set_defaults(run=_renew)
    return run(parser.parse_args(arguments), "interrupted: the floors are as they were")


def load_floors() -> Floors:
    """Return the repository's floors.

    Raises:
        FloorsError: when the file cannot be read.
    """
    return parse_floors(FLOORS.read_text(encoding="utf-8"), PATH)


def measure_defaults(threads: int | None) -> Measurement:
    """Build the seeds' index in a folder of its own and measure every set."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        note("measuring the seeds, the own set and the role pairs: a minute or more")
        build(SEEDS, index, IndexConfig(threads=threads))
        with SearchEngine.open(index, threads=threads) as engine:
            seeds = ask_seeds(engine)
    return measure(seeds, threads)


def _renew(options: argparse.Namespace) -> int:
    found = measure_defaults(options.threads)
    for name, measures in found.measures.items():
        for measure_name, value in measures.items():
            sys.stdout.write(f"{value.value:.4f}  {name}, {measure_name}\n")
    try:
        lowered = write_floors(found, FLOORS, CHANGELOG, lower=options.lower)
    except LowerFloorsError as error:
        for line in error.lines:
            note(line)
        raise
    for each in lowered:
        note(f"lower than it was: {each.words}")
    note(f"wrote {FLOORS.name} for the reader {found.reader!r}")
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
