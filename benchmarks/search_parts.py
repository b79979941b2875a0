"""One part of `search_speed`, in a process of its own: `python -m benchmarks.search_parts PART`.

In, on stdin: the questions to warm up with, the questions to time, and the threads of one question.
Out, on stdout: JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any

from indexer.encoding.encoder import open_encoder
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.vectors.index import VectorIndex
from retrieval.background import QuestionEncoder
from retrieval.engine import SearchEngine
from retrieval.ranking.ranker import Mode, Ranker

EIGHT = 8
_TURNS = 3
DEPTH = 100

# Which method of which class is a stage, and what it is called; some lie inside others.
_STAGES: tuple[tuple[type, str, str], ...] = (
    (QuestionEncoder, "encode", "vector of the question"),
    (LocalStore, "match_vector", "vectors"),
    (LocalStore, "match_terms", "BM25"),
    (LocalStore, "match_articles", "BM25 of articles"),
    (Ranker, "_hits", "texts"),
)


def timed(
    index: Path, mode: Mode, warm: Sequence[str], asked: Sequence[str], threads: int | None
) -> dict[str, Any]:
    """Return milliseconds of one mode, those of its stages, and the memory afterwards."""
    stages = {name: _record(owner, method) for owner, method, name in _STAGES}
    with SearchEngine.open(index, threads=threads) as engine:
        for question in warm:
            engine.search(question, mode=mode)
        for spent in stages.values():
            spent.clear()
        processor, spent = time.process_time(), []
        for question in asked:
            begun = time.perf_counter()
            engine.search(question, mode=mode)
            spent.append(1000 * (time.perf_counter() - begun))
        processor = 1000 * (time.process_time() - processor) / len(asked)
        memory = resident()
    medians = {name: round(statistics.median(each), 2) for name, each in stages.items() if each}
    return {
        **percentiles(spent),
        "processor": round(processor, 1),
        "stages": medians,
        "resident_mb": memory["VmRSS"],
        "mapped_mb": memory["RssFile"],
    }


def scaling(index: Path, warm: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    """Return questions a second of one thread and of eight over one engine, one core a question."""
    with SearchEngine.open(index, threads=1) as engine:
        for question in [*warm, *asked]:  # both read what is mapped already
            engine.search(question)
        # In turns, and medians: a noisy neighbour must neither flatter nor spoil the ratio.
        rates = [(_rate(engine, asked, 1), _rate(engine, asked, EIGHT)) for _ in range(_TURNS)]
    one, eight = (statistics.median(each) for each in zip(*rates, strict=True))
    return {"one": round(one, 1), "eight": round(eight, 1), "times": round(eight / one, 2)}


def recall(index: Path, asked: Sequence[str]) -> dict[str, float]:
    """Return the share of the 10 and of the 100 nearest that are found, of the questions."""
    manifest = read_manifest(index)
    folder = generation_folder(index, manifest.generation)
    vectors = open_encoder(manifest.encoder.name, threads=1).encode(asked)
    exact, listed = VectorIndex(folder), VectorIndex(folder, manifest.vector_lists)
    shares: dict[int, list[float]] = {10: [], DEPTH: []}
    for vector in vectors:
        nearest = [row for row, _ in exact.search(vector, DEPTH)]
        found = [row for row, _ in listed.search(vector, DEPTH)]
        for depth, each in shares.items():
            each.append(len(set(found[:depth]) & set(nearest[:depth])) / len(nearest[:depth]))
    return {f"recall_at_{depth}": round(statistics.mean(each), 4) for depth, each in shares.items()}


def percentiles(spent: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile.

    >>> percentiles([float(number) for number in range(1, 101)])
    {'p50': 50.5, 'p95': 95.95, 'p99': 99.99}
    """
    cuts = statistics.quantiles(spent, n=100)
    return {f"p{share}": round(cuts[share - 1], 2) for share in (50, 95, 99)}


def resident() -> dict[str, int]:
    """Return megabytes of memory, mapped files included; empty values where Linux is not."""
    status = Path("/proc/self/status")
    found = {"VmRSS": 0, "RssFile": 0}
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) // 1000
    return found


def _rate(engine: SearchEngine, asked: Sequence[str], threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        begun = time.perf_counter()
        list(pool.map(engine.search, [*asked, *asked]))
        return 2 * len(asked) / (time.perf_counter() - begun)


def _record(owner: type, method: str) -> list[float]:
    """Have every call of a method leave its milliseconds in a list."""
    spent: list[float] = []
    called: Callable[..., object] = getattr(owner, method)

    @wraps(called)
    def recorded(*arguments: object, **named: object) -> object:
        begun = time.perf_counter()
        try:
            return called(*arguments, **named)
        finally:
            spent.append(1000 * (time.perf_counter() - begun))

    setattr(owner, method, recorded)
    return spent


def main() -> None:
    """Measure the part that is named, and print it."""
    part, index = sys.argv[1], Path(sys.argv[2])
    request = json.load(sys.stdin)
    warm, asked = request["warm"], request["asked"]
    if part == "threads":
        found = scaling(index, warm, asked)
    elif part == "recall":
        found = recall(index, asked)
    else:
        found = timed(index, part, warm, asked, request["threads"])  # type: ignore[arg-type] # a mode
    print(json.dumps(found))


if __name__ == "__main__":
    main()
