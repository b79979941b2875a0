"""Model that finds the article among the blocks of a whole page.

Gradient-boosted trees (trained by `training/blocks/fit.py`) give the log-odds of each block;
the ranges with the largest sum are the article, where each begin and end of a range has a cost.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.cleaning.features import Features

MODEL_FILE = Path(__file__).with_name("block_model.json")
LINES, PIECES = "lines", "pieces"
"""The two models: for pages with line breaks, and for pages saved as one line."""

# Chosen with cross-validation on the odd half of the pages of `evaluation/components/cleaning.py`.
EDGE_COST = 0.5
BIAS = {LINES: 0.75, PIECES: 0.5}
"""Bias added to the log-odds: a lost sentence is worse than a kept label."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary trees as arrays of the shape (trees, nodes); a leaf is its own child.

    A row goes left if its feature is at most the threshold.
    """

    base: float
    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    value: npt.NDArray[np.float32]
    depth: int

    def log_odds(self, rows: Features) -> npt.NDArray[np.float64]:
        """Return the log-odds of each row to be article text."""
        count, width = len(rows), self.feature.shape[1]
        offset = np.arange(len(self.feature))[:, None] * width
        start = np.arange(count)[None, :] * rows.shape[1]
        flat = rows.ravel()
        left, right = (self.left + offset).ravel(), (self.right + offset).ravel()
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        node = np.broadcast_to(offset, (len(offset), count))
        for _ in range(self.depth):
            goes_left = flat[start + feature[node]] <= threshold[node]
            node = np.where(goes_left, left[node], right[node])
        total = self.value.ravel()[node].sum(axis=0, dtype=np.float64)
        return np.asarray(total + self.base, dtype=np.float64)


def article_blocks(rows: Features, kind: str) -> npt.NDArray[np.bool_]:
    """Return which blocks of a page are the article, by the model `LINES` or `PIECES`."""
    return best_ranges(_models()[kind].log_odds(rows) + BIAS[kind], EDGE_COST)


def best_ranges(
    weights: Sequence[float] | npt.NDArray[np.float64], cost: float
) -> npt.NDArray[np.bool_]:
    """Choose items to maximize their sum of weights less `cost` for each begin and end of a range.

    >>> best_ranges([-1.0, 2.0, -0.3, 2.0, -1.0], 0.5).tolist()
    [False, True, True, True, False]
    """
    outside, inside = 0.0, -cost
    opened: list[bool] = []
    closed: list[bool] = []
    for weight in np.asarray(weights).tolist():
        closed.append(inside - cost > outside)
        opened.append(outside - cost > inside)
        outside, inside = max(outside, inside - cost), max(inside, outside - cost) + weight
    chosen = np.zeros(len(opened), dtype=np.bool_)
    state = inside - cost > outside
    for i in range(len(opened) - 1, -1, -1):
        chosen[i] = state
        state = not opened[i] if state else closed[i]
    return chosen


@cache
def _models() -> dict[str, Trees]:
    raw = json.loads(MODEL_FILE.read_text("utf-8"))
    return {kind: _trees(raw[kind]) for kind in (LINES, PIECES)}


def _trees(raw: dict[str, Any]) -> Trees:
    return Trees(
        base=raw["base"],
        feature=np.array(raw["sign"], dtype=np.intp),
        threshold=np.array(raw["threshold"], dtype=np.float32),
        left=np.array(raw["left"], dtype=np.intp),
        right=np.array(raw["right"], dtype=np.intp),
        value=np.array(raw["value"], dtype=np.float32),
        depth=raw["depth"],
    )
