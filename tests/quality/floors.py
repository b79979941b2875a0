"""`python -m tests.quality.floors`: measure the defaults and raise floors.json to what was found.

A floor that was missed stays as it is, and the command fails, unless `--lower` is given.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from indexer.build.pipeline import IndexConfig, build
from indexer.cli.options import EXIT_OK, add_threads, note, run
from indexer.errors import DatelineError
from retrieval import SearchEngine
from tests.quality.measuring import FILES, Measures, ask_seeds, files_sha256, measure
from tests.support.commands import SEEDS

FLOORS_FILE: Final = Path(__file__).with_name("floors.json")

Floors: TypeAlias = Mapping[str, Mapping[str, float]]
"""By set, then by measure: 0 to 1, higher is better."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print every measure, rewrite the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.floors", description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let floors become lower")
    add_threads(parser)
    parser.set_defaults(run=_renew)
    return run(parser.parse_args(arguments), "Interrupted. The floors are unchanged.")


def load_floors() -> tuple[Floors, Mapping[str, str]]:
    """Return the floors, and by set the SHA-256 of the files that they were set on."""
    sets = json.loads(FLOORS_FILE.read_text(encoding="utf-8"))
    return (
        {name: each["floors"] for name, each in sets.items()},
        {name: each["sha256"] for name, each in sets.items()},
    )


def renew(old: Floors, found: Measures) -> tuple[Floors, list[str]]:
    """Return the floors after a measurement, and which are lower than they were, or gone.

    A floor that was reached stays or rises; one that was not falls to what was found, less its
    margin. So a measurement between a floor and its margin never lowers the floor.
    """
    new: dict[str, dict[str, float]] = {}
    for name, measures in found.items():
        before = old.get(name, {})
        new[name] = {
            each: max(value.floor, before[each])
            if value.value >= before.get(each, 2.0)
            else value.floor
            for each, value in measures.items()
        }
    lowered = [
        f"{name}, {each}, from {bound:g} to {new.get(name, {}).get(each, 'none')}"
        for name, bounds in old.items()
        for each, bound in bounds.items()
        if new.get(name, {}).get(each, -1.0) < bound
    ]
    return new, lowered


def _renew(options: argparse.Namespace) -> int:
    found = _measure_defaults(options.threads)
    for name, measures in found.items():
        for each, value in measures.items():
            sys.stdout.write(f"{value.value:.4f}  {name}, {each}\n")
    floors, lowered = renew(load_floors()[0], found)
    if lowered and not options.lower:
        raise DatelineError(
            f"Floors would become lower: {'; '.join(lowered)}. Find out what made it worse, or add "
            "--lower and say why in CHANGELOG.md"
        )
    sets = {
        name: {"sha256": files_sha256(FILES[name]), "floors": bounds}
        for name, bounds in floors.items()
    }
    FLOORS_FILE.write_text(json.dumps(sets, indent=2) + "\n", encoding="utf-8")
    for each in lowered:
        note(f"Lowered: {each}")
    return EXIT_OK


def _measure_defaults(threads: int | None) -> Measures:
    """Build the seeds' index in a folder of its own and measure every set."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        note("Measuring the seeds, the own set and the role pairs: a minute or more")
        build(SEEDS, index, IndexConfig(threads=threads))
        with SearchEngine.open(index, threads=threads) as engine:
            seeds = ask_seeds(engine)
    return measure(seeds, threads)


if __name__ == "__main__":
    sys.exit(main())
