"""What do the lists of vectors find and save? `python -m benchmarks.vector_search INDEX QUESTIONS`.

In: an index with lists, and a file of questions, one JSON object a line. Out: the share of the
exact 10 and 100 nearest that the lists find, and the milliseconds of both, one question at a time.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from indexer.cli.options import positive
from indexer.encoding.encoder import open_encoder
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex

DEPTH = 100
_FIELDS = ("question", "text", "query")
_WARM_UP = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the last row but one reads as many lists as the manifest says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vector_search", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=positive, default=200, help="questions (%(default)s)")
    options = parser.parse_args(arguments)
    manifest = read_manifest(options.index)
    lists = manifest.vector_lists
    if lists is None:
        print(f"{options.index} has {manifest.passages:,} passages and no lists")
        return 0
    folder = generation_folder(options.index, manifest.generation)
    encoder = open_encoder(manifest.encoder.name, threads=1)
    vectors = encoder.encode(_questions(options.questions, options.limit))
    nearest, exact = _searched(VectorIndex(folder), vectors)
    print(f"{manifest.passages:,} passages, {lists.lists:,} lists, {len(vectors)} questions")
    print("| lists read | recall@10 | recall@100 | ms, median |\n|---|---|---|---|")
    for probes in sorted({lists.probes // 4, lists.probes // 2, lists.probes}):
        found, spent = _searched(VectorIndex(folder, replace(lists, probes=probes)), vectors)
        shares = " | ".join(f"{_recall(found, nearest, depth):.4f}" for depth in (10, DEPTH))
        print(f"| {probes} | {shares} | {spent:.1f} |")
    print(f"| all compared | 1 | 1 | {exact:.1f} |")
    return 0


def _questions(path: Path, limit: int) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [next(row[name] for name in _FIELDS if name in row) for row in rows[:limit]]


def _searched(index: VectorIndex, vectors: Embeddings) -> tuple[list[list[int]], float]:
    """Return the rows found for each vector, best first, and the median of milliseconds."""
    for vector in vectors[:_WARM_UP]:
        index.search(vector, DEPTH)
    found, spent = [], []
    for vector in vectors:
        begun = time.perf_counter()
        hits = index.search(vector, DEPTH)
        spent.append(1000 * (time.perf_counter() - begun))
        found.append([row for row, _ in hits])
    return found, statistics.median(spent)


def _recall(found: Sequence[Sequence[int]], nearest: Sequence[Sequence[int]], depth: int) -> float:
    return statistics.mean(
        len(set(some[:depth]) & set(all_[:depth])) / depth
        for some, all_ in zip(found, nearest, strict=True)
    )


if __name__ == "__main__":
    sys.exit(main())
