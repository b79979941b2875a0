"""Measures from a worker's output: percentiles, recall, overlap, growth."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.peer import DEPTH
from benchmarks.scale.layout import Material, Vectors

WARM_UP: Final = 20
"""Questions that the worker does not time."""

_NEAREST_FILE: Final = "nearest.npy"
_ROWS_AT_ONCE: Final = 50_000

GROWTH_FROM: Final = 10_000
"""Below this size, constant costs dominate the slope."""


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and the number of questions.

    >>> percentiles([1.0, 2.0, 3.0])["p50"]
    2.0
    """
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99]).round(3).tolist()
    return {"p50": p50, "p95": p95, "p99": p99, "questions": len(milliseconds)}


def shared(found: Sequence[Sequence[str]], reference: Sequence[Sequence[str]]) -> float | None:
    """Return the mean share of the reference that was found, over common questions.

    >>> shared([["a", "b"], ["c"]], [["a", "x"], ["c"]])
    0.75
    """
    pairs = [pair for pair in zip(found, reference, strict=False) if pair[1]]
    if not pairs:
        return None
    return round(float(np.mean([len(set(a) & set(b)) / len(set(b)) for a, b in pairs])), 4)


def nearest(material: Material) -> list[list[str]]:
    """Return the exact nearest passages of each timed question.

    Cached beside the material.
    """
    kept = material.folder / _NEAREST_FILE
    if not kept.exists():
        asked = np.stack([each.vector for each in material.questions()[WARM_UP:]])
        np.save(kept, _nearest_rows(material, asked, min(DEPTH, material.about.passages)))
    ids = material.passage_ids()
    return [[ids[row] for row in rows] for rows in np.load(kept).tolist()]


def _nearest_rows(material: Material, asked: Vectors, depth: int) -> NDArray[np.int64]:
    """Return rows of the nearest passages, shape (questions, depth), computed in blocks."""
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
    """Return the exponent e of value = c × size^e by log-log fit; None for fewer than two sizes.

    1 is proportional growth, 0 none.

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
    """Summarise one peer at one size.

    Args:
        built: worker output of the build.
        asked: worker output of the questions, by threads.
        material: that was built.
        reference: file with the hits of rank-bm25; may be missing.
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
    """Read saved hits, one question per line."""
    if not path.exists():
        return []
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


def write_hits(path: Path, found: Sequence[Sequence[str]]) -> None:
    """Save the hits of each question."""
    path.write_text("".join(" ".join(hits) + "\n" for hits in found), encoding="utf-8")


def _without_hits(found: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in found.items() if name not in {"nearest", "modes"}}
    times = {mode: percentiles(each["milliseconds"]) for mode, each in found["modes"].items()}
    return {**kept, "modes": times}
