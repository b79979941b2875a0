"""Command `python -m tests.scenarios.torture`: kill writers, fill disks, damage files, and read.

Real commands, signals and models; generated text. Exit code 1 if there was a problem.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.paths import RESULTS
from evaluation.results import machine
from indexer.build.pipeline import build
from indexer.cli.options import EXIT_OK, EXIT_PROBLEMS, positive
from indexer.progress import TerminalProgress
from tests.scenarios.torture.corpus import ChangingCorpus
from tests.scenarios.torture.damage import damage_files
from tests.scenarios.torture.disks import fill_disks, read_only_codes
from tests.scenarios.torture.kills import command_of, complete, kill_writers
from tests.scenarios.torture.report import markdown, problems_of

QUESTION = "what happened in Belbel?"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything and write the report."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dateline-torture-") as folder:
        results = run(Path(folder), options)
    results["machine"] = machine()
    options.output.mkdir(parents=True, exist_ok=True)
    content = json.dumps(results, indent=1) + "\n"
    (options.output / "reliability.json").write_text(content, encoding="utf-8")
    page = markdown(results)
    (options.output / "reliability.md").write_text(page, encoding="utf-8")
    print(page, end="")
    return EXIT_PROBLEMS if problems_of(results) else EXIT_OK


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run all parts in a temporary folder and return the results."""
    begun = time.monotonic()
    corpus = ChangingCorpus(folder / "articles", options.articles, options.seed)
    index = folder / "index"
    build(corpus.folder, index, progress=TerminalProgress())
    killed, seen, minutes = _read_meanwhile(corpus, index, folder / "stop", options)
    filled = fill_disks(corpus, index, folder, options.disks, options.seed)
    damaged = damage_files(index, folder, options.damages, options.seed, QUESTION)
    return {
        "articles": options.articles,
        "seed": options.seed,
        "minutes_read": minutes,
        "kills": killed,
        "readers": seen,
        "full_disks": _all(filled, options.disks, "disks"),
        "read_only": read_only_codes(index, folder, QUESTION),
        "damages": _all(damaged, options.damages, "damages"),
        "two_writers": _two_writers(corpus, index),
        "minutes": round((time.monotonic() - begun) / 60, 1),
    }


def _read_meanwhile(
    corpus: ChangingCorpus, index: Path, stop: Path, options: argparse.Namespace
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Kill writers, then update until the time is over, while other processes read."""
    readers = [_reader(index, stop, number) for number in range(options.readers)]
    begun = time.monotonic()
    try:
        kills = kill_writers(corpus, index, options.kills, options.seed)
        killed = _all(kills, options.kills, "kills")
        while time.monotonic() - begun < 60 * options.minutes:
            corpus.change()
            complete("update", corpus, index)
    finally:
        stop.touch()
        seen = [json.loads(reader.communicate()[0]) for reader in readers]
    return killed, seen, round((time.monotonic() - begun) / 60, 1)


def _all(found: Iterator[Any], total: int, name: str) -> list[dict[str, Any]]:
    """Return results as dicts, showing progress."""
    return [asdict(each) for each in tqdm(found, total=total, desc=name, disable=None)]


def _reader(index: Path, stop: Path, number: int) -> "subprocess.Popen[str]":
    """Start a reader; every other one refreshes its engine instead of reopening it."""
    how = ("open", "refresh")[number % 2]
    command = [sys.executable, "-m", "tests.scenarios.torture.reader", str(index), str(stop)]
    return subprocess.Popen([*command, str(number), how], stdout=subprocess.PIPE, text=True)


def _two_writers(corpus: ChangingCorpus, index: Path) -> list[int]:
    """Start two writers at once; one may be refused with exit code 2."""
    corpus.change()
    both = [
        subprocess.Popen(command_of(command, corpus, index), stderr=subprocess.DEVNULL)
        for command in ("build", "update")
    ]
    return sorted(process.wait() for process in both)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios.torture", description=__doc__)
    add = parser.add_argument
    add("--articles", type=positive, default=1000, help="articles (default: %(default)s)")
    add("--kills", type=positive, default=65, help="commands to kill (default: %(default)s)")
    add("--disks", type=positive, default=10, help="disks to fill (default: %(default)s)")
    add("--readers", type=positive, default=2, help="processes that read (default: %(default)s)")
    add("--minutes", type=float, default=10, help="read at least so long (default: %(default)s)")
    add("--damages", type=positive, default=200, help="files to damage (default: %(default)s)")
    add("--seed", type=int, default=7, help="decides everything but time (default: %(default)s)")
    add("--output", type=Path, default=RESULTS, help="folder of the report (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
