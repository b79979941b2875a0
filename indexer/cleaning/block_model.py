"""Which blocks of a whole page are the article, by a learned model?

Small trees add up to the log-odds of each block (gradient boosting); then the stretches are chosen
whose sum is largest, where each begin and each end of a stretch costs something. The numbers are
learned by `benchmarks/fit_page_model.py`, which says from what.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.cleaning.page_signs import Signs

MODEL_FILE = Path(__file__).with_name("block_model.json")
LINES, PIECES = "lines", "pieces"
"""The two models: for pages with their lines, and for those that were saved as one line."""

# Chosen with cross-validation on the odd half of the pages of `benchmarks/cleaning.py`.
EDGE_COST = 0.5
LEAN = {LINES: 0.75, PIECES: 0.5}
"""What is added to the log-odds: a lost sentence is worse than a kept label."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary trees of one depth at most, side by side; a leaf leads to itself.

    All arrays have the shape (trees, nodes). A row goes left where its sign is at most the
    threshold.
    """

    base: float
    sign: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    value: npt.NDArray[np.float32]
    depth: int

    def log_odds(self, signs: Signs) -> npt.NDArray[np.float64]:
        """Return the log-odds of each row of `signs` to be article text."""
        count, width = len(signs), self.sign.shape[1]
        offset = np.arange(len(self.sign))[:, None] * width
        rows = np.arange(count)[None, :] * signs.shape[1]
        flat = signs.ravel()
        left, right = (self.left + offset).ravel(), (self.right + offset).ravel()
        sign, threshold = self.sign.ravel(), self.threshold.ravel()
        node = np.broadcast_to(offset, (len(offset), count))
        for _ in range(self.depth):
            goes_left = flat[rows + sign[node]] <= threshold[node]
            node = np.where(goes_left, left[node], right[node])
        total = self.value.ravel()[node].sum(axis=0, dtype=np.float64)
        return np.asarray(total + self.base, dtype=np.float64)


def article_blocks(signs: Signs, kind: str) -> npt.NDArray[np.bool_]:
    """Return which blocks of a page are the article.

    Args:
        signs: one row a block.
        kind: `LINES` or `PIECES`.
    """
    return best_stretches(_models()[kind].log_odds(signs) + LEAN[kind], EDGE_COST)


def best_stretches(
    weights: Sequence[float] | npt.NDArray[np.float64], cost: float
) -> npt.NDArray[np.bool_]:
    """Return the choice with the largest sum of weights less `cost` for each begin and end.

    >>> best_stretches([-1.0, 2.0, -0.3, 2.0, -1.0], 0.5).tolist()
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


def _trees(raw: dict[str, object]) -> Trees:
    arrays = {name: np.array(raw[name]) for name in ("sign", "left", "right")}
    return Trees(
        base=float(str(raw["base"])),
        sign=arrays["sign"].astype(np.intp),
        threshold=np.array(raw["threshold"], dtype=np.float32),
        left=arrays["left"].astype(np.intp),
        right=arrays["right"].astype(np.intp),
        value=np.array(raw["value"], dtype=np.float32),
        depth=int(str(raw["depth"])),
    )
