"""One part of `benchmarks.search` in a process of its own: `search_parts PART INDEX`.

Reads questions and threads as JSON from stdin, writes JSON to stdout.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

from indexer.encoding.encoder import open_encoder
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex
from retrieval.background import QuestionEncoder
from retrieval.engine import SearchEngine
from retrieval.ranking.ranker import Mode, Ranker

_EIGHT = 8
_TURNS = 3
_DEPTHS = (10, 100)

# Methods timed as stages; some contain others.
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
    """Return milliseconds of one mode and of its stages, and the memory afterwards."""
    stages = {name: _record(owner, method) for owner, method, name in _STAGES}
    with SearchEngine.open(index, threads=threads) as engine:
        for question in warm:
            engine.search(question, mode=mode)
        for spent in stages.values():
            spent.clear()
        processor = time.process_time()
        spent = [_milliseconds(engine.search, question, mode=mode) for question in asked]
        processor = 1000 * (time.process_time() - processor) / len(asked)
        memory = _resident()
    cuts = statistics.quantiles(spent, n=100)
    return {
        **{f"p{share}": round(cuts[share - 1], 2) for share in (50, 95, 99)},
        "processor": round(processor, 1),
        "stages": {
            name: round(statistics.median(each), 2) for name, each in stages.items() if each
        },
        "resident_mb": memory["VmRSS"],
        "mapped_mb": memory["RssFile"],
    }


def scaling(index: Path, warm: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    """Return questions per second of one thread and of eight, one core per question."""
    with SearchEngine.open(index, threads=1) as engine:
        for question in [*warm, *asked]:  # both read what is mapped already
            engine.search(question)
        # Alternating, and medians: a noisy neighbour must not affect the ratio.
        rates = [(_rate(engine, asked, 1), _rate(engine, asked, _EIGHT)) for _ in range(_TURNS)]
    one, eight = (statistics.median(each) for each in zip(*rates, strict=True))
    return {"one": round(one, 1), "eight": round(eight, 1), "times": round(eight / one, 2)}


def recall(index: Path, warm: Sequence[str], asked: Sequence[str]) -> dict[str, Any]:
    """Return recall and time of the vector lists against exact search, by lists read."""
    manifest = read_manifest(index)
    folder = generation_folder(index, manifest.generation)
    vectors = open_encoder(manifest.encoder.name, threads=1).encode([*warm, *asked])
    exact, spent = _searched(VectorIndex(folder), vectors, len(warm))
    rows = {"all": _shares(exact, exact) | {"ms": spent}}
    lists = manifest.vector_lists
    if lists:
        for probes in sorted({max(1, lists.probes // share) for share in (4, 2, 1)}):
            index_read = VectorIndex(folder, replace(lists, probes=probes))
            found, spent = _searched(index_read, vectors, len(warm))
            rows[str(probes)] = _shares(found, exact) | {"ms": spent}
    default = rows[str(lists.probes) if lists else "all"]
    return {name: default[name] for name in default if name != "ms"} | {"by_lists_read": rows}


def _searched(index: VectorIndex, vectors: Embeddings, warm: int) -> tuple[list[list[int]], float]:
    """Return the rows found for each timed vector, and the median of milliseconds."""
    found, spent = [], []
    for vector in vectors:
        begun = time.perf_counter()
        hits = index.search(vector, max(_DEPTHS))
        spent.append(1000 * (time.perf_counter() - begun))
        found.append([row for row, _ in hits])
    return found[warm:], round(statistics.median(spent[warm:]), 1)


def _shares(found: Sequence[Sequence[int]], exact: Sequence[Sequence[int]]) -> dict[str, float]:
    return {
        f"recall_at_{depth}": round(
            statistics.mean(
                len(set(some[:depth]) & set(best[:depth])) / len(best[:depth])
                for some, best in zip(found, exact, strict=True)
            ),
            4,
        )
        for depth in _DEPTHS
    }


def _resident() -> dict[str, int]:
    """Return megabytes of memory, mapped files included; zeros outside Linux."""
    status = Path("/proc/self/status")
    found = {"VmRSS": 0, "RssFile": 0}
    for line in status.read_text(encoding="utf-8").splitlines() if status.exists() else ():
        name, _, value = line.partition(":")
        if name in found:
            found[name] = int(value.split()[0]) // 1000
    return found


def _rate(engine: SearchEngine, asked: Sequence[str], threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        begun = time.perf_counter()
        list(pool.map(engine.search, [*asked, *asked]))
        return 2 * len(asked) / (time.perf_counter() - begun)


def _milliseconds(call: Callable[..., object], *arguments: object, **named: object) -> float:
    begun = time.perf_counter()
    call(*arguments, **named)
    return 1000 * (time.perf_counter() - begun)


def _record(owner: type, method: str) -> list[float]:
    """Make every call of a method append its milliseconds to the returned list."""
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
    """Measure one part and print it."""
    part, index = sys.argv[1], Path(sys.argv[2])
    request = json.load(sys.stdin)
    warm, asked = request["warm"], request["asked"]
    if part == "threads":
        found: dict[str, Any] = scaling(index, warm, asked)
    elif part == "recall":
        found = recall(index, warm, asked)
    else:
        found = timed(index, part, warm, asked, request["threads"])  # type: ignore[arg-type] # a mode
    print(json.dumps(found))


if __name__ == "__main__":
    main()
