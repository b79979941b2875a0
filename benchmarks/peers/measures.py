"""What do the numbers of a worker say? Percentiles, recall, overlap, and how a figure grows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.peer import DEPTH
from benchmarks.scale.layout import Material, Vectors

WARM_UP: Final = 20
"""The worker leaves out so many questions."""

_NEAREST_FILE: Final = "nearest.npy"
_ROWS_AT_ONCE: Final = 50_000

GROWTH_FROM: Final = 10_000
"""Below, what does not depend on the size weighs too much for a slope to mean anything."""


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the middle, the 95th and the 99th percentile, and how many there are.

    >>> percentiles([1.0, 2.0, 3.0])["p50"]
    2.0
    """
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99]).round(3).tolist()
    return {"p50": p50, "p95": p95, "p99": p99, "questions": len(milliseconds)}


def shared(found: Sequence[Sequence[str]], reference: Sequence[Sequence[str]]) -> float | None:
    """Return which share of the reference was found, a mean over the questions that both have.

    >>> shared([["a", "b"], ["c"]], [["a", "x"], ["c"]])
    0.75
    """
    pairs = [pair for pair in zip(found, reference, strict=False) if pair[1]]
    if not pairs:
        return None
    return round(float(np.mean([len(set(a) & set(b)) / len(set(b)) for a, b in pairs])), 4)


def nearest(material: Material) -> list[list[str]]:
    """Return the exactly nearest passages of each question after the first ones.

    Computed once, and kept beside the material.
    """
    kept = material.folder / _NEAREST_FILE
    if not kept.exists():
        asked = np.stack([each.vector for each in material.questions()[WARM_UP:]])
        np.save(kept, _nearest_rows(material, asked, min(DEPTH, material.about.passages)))
    ids = material.passage_ids()
    return [[ids[row] for row in rows] for rows in np.load(kept).tolist()]


def _nearest_rows(material: Material, asked: Vectors, depth: int) -> NDArray[np.int64]:
    """Return the rows of the nearest passages, shape (questions, depth), a block at a time."""
    vectors = material.vectors()
    rows: NDArray[np.int64] = np.zeros((len(asked), 0), dtype=np.int64)
    scores: Vectors = np.zeros((len(asked), 0), dtype=np.float32)
    for first in range(0, len(vectors), _ROWS_AT_ONCE):
        block = vectors[first : first + _ROWS_AT_ONCE]
        numbers = np.broadcast_to(np.arange(first, first + len(block)), (len(asked), len(block)))
        all_scores = np.concatenate([scores, asked @ block.T], axis=1)
        best = np.argsort(-all_scores, axis=1, kind="stable")[:, :depth]
        rows = np.take_along_axis(np.concatenate([rows, numbers], axis=1), best, axis=1)
        scores = np.take_along_axis(all_scores, best, axis=1)
    return rows


def growth(values: Mapping[int, float]) -> float | None:
    """Return the exponent e of value = c × size^e, fitted to the logarithms; None below two sizes.

    1 means in proportion to the size, 0 not at all.

    >>> growth({10_000: 3.0, 100_000: 30.0, 1_000_000: 300.0})
    1.0
    """
    points = [(size, value) for size, value in values.items() if size >= GROWTH_FROM and value > 0]
    if len(points) < 2:
        return None
    sizes, measured = np.log(np.array(points, dtype=np.float64)).T
    return round(float(np.polyfit(sizes, measured, 1)[0]), 2)


def summary(
    built: Mapping[str, Any],
    asked: Mapping[str, Mapping[str, Any]],
    material: Material,
    reference: Path,
) -> dict[str, Any]:
    """Return what is kept of one peer at one size.

    Args:
        built: what the worker measured of the build.
        asked: what it measured of the questions, by threads.
        material: what was built.
        reference: the file with the hits of rank-bm25, which need not be there.
    """
    last = list(asked.values())[-1]
    exact = nearest(material) if "nearest" in last else []
    bm25 = last["modes"].get("bm25")
    return {
        "build": dict(built),
        "ask": {threads: _without_hits(found) for threads, found in asked.items()},
        "recall": shared(last["nearest"], exact) if exact else None,
        "overlap": shared(bm25["found"], read_hits(reference)) if bm25 else None,
    }


def read_hits(path: Path) -> list[list[str]]:
    """Return hits that were kept, one question a line; none when there are none."""
    if not path.exists():
        return []
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


def write_hits(path: Path, found: Sequence[Sequence[str]]) -> None:
    """Keep the hits of each question."""
    path.write_text("".join(" ".join(hits) + "\n" for hits in found), encoding="utf-8")


def _without_hits(found: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in found.items() if name not in {"nearest", "modes"}}
    times = {mode: percentiles(each["milliseconds"]) for mode, each in found["modes"].items()}
    return {**kept, "modes": times}
