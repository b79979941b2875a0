"""Command `python -m benchmarks`: measure speed and write `benchmarks/results/speed.*`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import encoding, search
from evaluation.paths import RESULTS
from evaluation.results import machine
from indexer.build.pipeline import build
from indexer.progress import TerminalProgress

INDEX = Path("build/bench-index")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table and write it as JSON and Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.parse_args(arguments)
    build(Path("seeds"), INDEX, progress=TerminalProgress())
    results: dict[str, Any] = {
        "machine": machine(),
        "cold_start": search.cold_start(INDEX, rounds=7),
        "warm_search": search.warm_search(INDEX, rounds=3),
        "encoding": encoding.measure(),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    table = markdown(results)
    (RESULTS / "speed.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def markdown(results: dict[str, Any]) -> str:
    """Return the results as a Markdown table."""
    cold, warm, coded = results["cold_start"], results["warm_search"], results["encoding"]
    rows = [
        ("Process start to printed answer (`ask --json`)", f"{cold['ask_seconds']:.2f} s"),
        ("… times faster than `import sentence_transformers`", f"{cold['times_faster']:.1f} x"),
        ("… peak memory", f"{cold['ask_peak_megabytes']} MB"),
        ("Warm `search`, median (95th percentile)", _pair(warm, "search", "ms")),
        ("Warm `answer`, median (95th percentile)", _pair(warm, "answer", "ms")),
        (
            "Encoding at build, against `SentenceTransformer.encode`",
            f"{coded['times_faster']:.2f} x ({coded['passages_per_second']:.0f} passages/s)",
        ),
    ]
    lines = [f"| measured on {results['machine']} | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    return "\n".join(lines) + "\n"


def _pair(measured: dict[str, Any], name: str, unit: str) -> str:
    return f"{measured[f'{name}_median_ms']} {unit} ({measured[f'{name}_p95_ms']} {unit})"


if __name__ == "__main__":
    sys.exit(main())
