"""How fast is search, and how much memory does it take? `python -m benchmarks.search_speed INDEX`.

In: an index, and questions, by default made from its own headlines and sentences. Out: a table, and
JSON with `--out`. Each question is asked once only, so that nothing is timed that is remembered.
Every part runs in a process of its own; what it must not count is warmed up with other questions.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.search_questions import read_questions, split
from evaluation.results import machine
from indexer.command_line import positive
from indexer.manifest import read_manifest

PARTS = ("hybrid", "bm25", "dense", "threads", "recall")
QUESTION = "what did the US ask Iran?"
_OPENED = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write the JSON if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_speed", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=Path, help="one JSON object a line: text or question")
    parser.add_argument("--limit", type=positive, default=200, help="questions (%(default)s)")
    parser.add_argument("--threads", type=positive, help="of one question (default: every core)")
    parser.add_argument("--out", type=Path, help="where the JSON is written")
    options = parser.parse_args(arguments)
    results = measure(options.index, options.questions, options.limit, options.threads)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(markdown(results))
    return 0


def measure(
    index: Path, questions: Path | None = None, limit: int = 200, threads: int | None = None
) -> dict[str, Any]:
    """Return every measure of an index.

    Args:
        index: the index folder.
        questions: a file of questions; None makes them from the index.
        limit: how many are timed; a quarter as many others warm up.
        threads: of one question; None means every core.
    """
    manifest = read_manifest(index)
    warm, asked = split(read_questions(index, questions, limit + limit // 4), limit)
    found = {
        part: _in_process(part, index, {"warm": warm, "asked": asked, "threads": threads})
        for part in PARTS
    }
    lists = manifest.vector_lists
    return {
        "machine": machine(),
        "index": {
            "documents": manifest.documents,
            "passages": manifest.passages,
            "bytes": sum(file.size for file in manifest.files),
            "lists": lists and {"probes": lists.probes, "recall_at_build": lists.recall},
        },
        "questions": {"from": questions.name if questions else "the index", "timed": len(asked)},
        **found,
        "new_process": {name: _opened(index, name) for name in ("search", "ask")},
    }


def _in_process(part: str, index: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Run one part by itself: what another has read into memory must not count."""
    command = [sys.executable, "-m", "benchmarks.search_parts", part, str(index)]
    done = subprocess.run(
        command, input=json.dumps(request), check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _opened(index: Path, command: str) -> dict[str, float]:
    """Return seconds from the start of a process to its end; the first one warms the disk."""
    full = [sys.executable, "-m", "retrieval", command, QUESTION, "--index", str(index)]
    spent = []
    for _ in range(_OPENED + 1):
        begun = time.perf_counter()
        done = subprocess.run(full, check=False, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - begun)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(full)} ended with {done.returncode}, expected 0 or 1")
    return {
        "median_seconds": round(statistics.median(spent[1:]), 3),
        "least_seconds": round(min(spent[1:]), 3),
    }


def markdown(results: dict[str, Any]) -> str:
    """Return the table that the final report quotes."""
    index, threads = results["index"], results["threads"]
    lines = [
        f"{index['passages']:,} passages of {index['documents']:,} articles, "
        f"{results['questions']['timed']} questions, on {results['machine']}",
        "",
        "| | p50 ms | p95 ms | p99 ms | processor ms | resident MB |",
        "|---|---|---|---|---|---|",
    ]
    for mode in ("hybrid", "bm25", "dense"):
        found = results[mode]
        cells = [found["p50"], found["p95"], found["p99"], found["processor"], found["resident_mb"]]
        lines.append(f"| {mode} | {' | '.join(map(str, cells))} |")
    stages = ", ".join(f"{name} {spent} ms" for name, spent in results["hybrid"]["stages"].items())
    lines += [
        "",
        f"Stages of hybrid, medians: {stages}.",
        *(
            f"New process to printed hits, `{name}`: {spent['median_seconds']} s."
            for name, spent in results["new_process"].items()
        ),
        f"One thread {threads['one']} questions/s, eight {threads['eight']}: "
        f"{threads['times']} times, intra-op threads 1 in both.",
        f"recall@100 of the vectors against comparing all: {results['recall']['recall_at_100']}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
