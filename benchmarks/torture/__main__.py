"""`python -m benchmarks.torture`: kill builds, damage files, read all the while; say what survived.

Real commands, real signals, the real model, text of our own. Exit code 1 when anything was wrong.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.__main__ import RESULTS, machine
from benchmarks.torture.corpus import ChangingCorpus
from benchmarks.torture.damage import damage_files
from benchmarks.torture.kills import kill_builds
from indexer.command_line import EXIT_OK, EXIT_PROBLEMS, positive
from indexer.pipeline import build
from indexer.progress import TerminalProgress

QUESTION = "what happened in Belbel?"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything once and write the report."""
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
    """Return what was seen; everything lies in a folder that may be removed afterwards."""
    corpus = ChangingCorpus(folder / "articles", options.articles, options.seed)
    index = folder / "index"
    build(corpus.folder, index, progress=TerminalProgress())
    stop = folder / "stop"
    readers = [_reader(index, stop, number) for number in range(options.readers)]
    begun = time.monotonic()
    try:
        killed = list(
            tqdm(
                kill_builds(corpus, index, options.kills, options.seed),
                total=options.kills,
                desc="kills",
                disable=None,
            )
        )
        while time.monotonic() - begun < 60 * options.minutes:
            corpus.change()
            build(corpus.folder, index)
    finally:
        stop.touch()
        seen = [json.loads(reader.communicate()[0]) for reader in readers]
    damaged = tqdm(
        damage_files(index, folder, options.damages, options.seed, QUESTION),
        total=options.damages,
        desc="damages",
        disable=None,
    )
    return {
        "articles": options.articles,
        "seed": options.seed,
        "minutes_read": round((time.monotonic() - begun) / 60, 1),
        "kills": [asdict(kill) for kill in killed],
        "readers": seen,
        "damages": [asdict(damage) for damage in damaged],
        "two_writers": _two_writers(corpus, index),
    }


def _reader(index: Path, stop: Path, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.torture.reader", str(index), str(stop), str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _two_writers(corpus: ChangingCorpus, index: Path) -> list[int]:
    """Start two builds at once; one may be told that the other is writing, with exit code 2."""
    corpus.change()
    command = [sys.executable, "-m", "indexer", "build", str(corpus.folder), "--index", str(index)]
    both = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    return sorted(process.wait() for process in both)


def problems_of(results: dict[str, Any]) -> list[str]:
    """Return everything that must not have happened."""
    found = [problem for kill in results["kills"] for problem in kill["problems"]]
    found += [problem for reader in results["readers"] for problem in reader["problems"]]
    for damage in results["damages"]:
        if not damage["noticed"]:
            found.append(f"verify did not notice: {damage['file']}, {damage['kind']}")
        if damage["ended"] == "crashed":
            found.append(f"ask crashed: {damage['file']}, {damage['kind']}")
    if results["two_writers"] not in ([0, 0], [0, 2]):
        found.append(f"two writers at once ended with {results['two_writers']}")
    return found


def markdown(results: dict[str, Any]) -> str:
    """Return the page of the report."""
    kills, damages, readers = results["kills"], results["damages"], results["readers"]
    stages = Counter(kill["stage"] for kill in kills if kill["hit"])
    ended = Counter(damage["ended"] for damage in damages)
    asked = sum(reader["questions"] for reader in readers)
    generations = max((reader["generations"] for reader in readers), default=0)
    problems = problems_of(results)
    lines = [
        "# Reliability",
        "",
        f"`make torture`: {results['articles']:,} articles, seed {results['seed']}.",
        "",
        "| | |",
        "|---|---|",
        f"| builds sent SIGKILL, of these still running | {len(kills)}, {stages.total()} |",
        *(f"| … while {stage} | {count} |" for stage, count in sorted(stages.items())),
        "| … whose live index was not whole afterwards, or whose next build failed | "
        f"{sum(bool(kill['problems']) for kill in kills)} |",
        f"| processes that read meanwhile, minutes | {len(readers)}, {results['minutes_read']} |",
        f"| … questions asked, generations seen by one of them | {asked:,}, {generations} |",
        "| … errors, passages or citations that were wrong | "
        f"{sum(len(reader['problems']) for reader in readers)} |",
        f"| files damaged (a bit flipped, or cut), one at a time | {len(damages)} |",
        f"| … noticed by `verify` | {sum(damage['noticed'] for damage in damages)} |",
        *(f"| … `ask`: {end} | {count} |" for end, count in sorted(ended.items())),
        f"| two builds at once: exit codes | {' and '.join(map(str, results['two_writers']))} |",
        "",
        f"Measured on {results['machine']}.",
    ]
    if problems:
        lines += ["", "Problems:", *(f"- {problem}" for problem in problems)]
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture", description=__doc__)
    add = parser.add_argument
    add("--articles", type=positive, default=1000, help="articles (default: %(default)s)")
    add("--kills", type=positive, default=50, help="builds to kill (default: %(default)s)")
    add("--readers", type=positive, default=2, help="processes that read (default: %(default)s)")
    add("--minutes", type=float, default=10, help="read at least so long (default: %(default)s)")
    add("--damages", type=positive, default=200, help="files to damage (default: %(default)s)")
    add("--seed", type=int, default=7, help="decides everything but time (default: %(default)s)")
    add("--output", type=Path, default=RESULTS, help="folder of the report (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
