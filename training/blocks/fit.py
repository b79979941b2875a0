"""Training of the block model: `python -m training.blocks.fit` rewrites `block_model.json`.

Reproducible on one machine and version. `--folds 4` only cross-validates on the building half; the
held-out half is never read. scikit-learn comes with sentence-transformers.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from evaluation.components.shingles import overlap, quality
from evaluation.paths import data_folder
from indexer.cleaning.block_model import BIAS, EDGE_COST, LINES, MODEL_FILE, PIECES, best_ranges
from training.blocks.examples import TOOLS, Example, examples

SETTINGS: dict[str, Any] = {
    "max_iter": 120,
    "learning_rate": 0.08,
    "max_leaf_nodes": 10,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_bins": 48,
    "early_stopping": False,
    "random_state": 0,
}
WEIGHTS = {"silver": 0.5, "news": 0.3}
"""Weights of origins relative to pages with gold bodies."""

_DIGITS = 5
_COMMENT = (
    "Learned by training/blocks/fit.py from {counts} pages as text; see there. Trees side by "
    "side: a row goes left where signs[sign] <= threshold; a leaf leads to itself."
)


def fit(learned_from: Sequence[Example]) -> HistGradientBoostingClassifier:
    """Fit a model; all pages of an origin weigh the same, however long."""
    signs = np.concatenate([example.features for example in learned_from])
    inside = np.concatenate([example.share > 1 / 2 for example in learned_from])
    weights = np.concatenate([_weights(example) for example in learned_from])
    model = HistGradientBoostingClassifier(**SETTINGS)
    return model.fit(signs, inside, sample_weight=weights / weights.mean())


def _weights(example: Example) -> npt.NDArray[np.float64]:
    words = np.array([block.words + 1.0 for block in example.blocks])
    share: npt.NDArray[np.float64] = words / words.sum()
    return share * WEIGHTS.get(example.origin, 1.0)


def exported(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return the trees as lists padded to equal length."""
    trees = [tree.nodes for (tree,) in model._predictors]  # noqa: SLF001 - there is no public way
    width = max(map(len, trees))

    def padded(values: Iterator[list[Any]]) -> list[list[Any]]:
        return [row + [0] * (width - len(row)) for row in values]

    def leads_to(name: str) -> Iterator[list[int]]:
        for tree in trees:
            own = np.arange(len(tree))
            yield np.where(tree["is_leaf"] == 1, own, tree[name]).tolist()

    base = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001 - as above
    return {
        "base": round(base, _DIGITS),
        "depth": max(int(tree["depth"].max()) for tree in trees),
        "sign": padded(np.where(t["is_leaf"] == 1, 0, t["feature_idx"]).tolist() for t in trees),
        "threshold": padded([_exact(value) for value in t["num_threshold"]] for t in trees),
        "left": padded(leads_to("left")),
        "right": padded(leads_to("right")),
        "value": padded([_short(value) for value in t["value"]] for t in trees),
    }


def _exact(value: float) -> float:
    """Return the shortest decimal equal to the float32, with which features are compared."""
    return float(str(np.float32(value)))


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def cross_validate(all_pages: Sequence[Example], kind: str, folds: int) -> None:
    """Print the quality on pages left out of training."""
    found: dict[str, list[Any]] = {tool: [] for tool in TOOLS}
    for fold in range(folds):
        seen = [e for e in all_pages if e.kind == kind and _fold(e, folds) != fold]
        model = fit(seen)
        for e in all_pages:
            if e.kind == kind and e.origin in TOOLS and _fold(e, folds) == fold:
                weights = model.decision_function(e.features) + BIAS[kind]
                kept = best_ranges(weights, EDGE_COST)
                chosen = [b for b, is_kept in zip(e.blocks, kept, strict=True) if is_kept]
                text = "\n".join(e.text[block.start : block.end] for block in chosen)
                found[e.origin].append(overlap(e.body, text))
    for tool in TOOLS:
        if found[tool]:
            print(f"{kind}, {tool}, {len(found[tool])} pages: F1, P, R {quality(found[tool])}")


def _fold(example: Example, folds: int) -> int:
    """Return the test fold of a page; -1: training only."""
    if example.origin not in (*TOOLS, "own"):
        return -1
    return int(sha256(f"fold {example.page_id}".encode()).hexdigest(), 16) % folds


def main(argv: list[str] | None = None) -> int:
    """Write the model, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    parser.add_argument(
        "--folds", type=int, default=0, help="cross-validate with this many folds instead"
    )
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    options = parser.parse_args(argv)
    pages = list(examples(options.data))
    if options.folds:
        for kind in (LINES, PIECES):
            cross_validate(pages, kind, options.folds)
        return 0
    models = {kind: exported(fit([p for p in pages if p.kind == kind])) for kind in (LINES, PIECES)}
    made = {"comment": _COMMENT.format(counts=len(pages)), **models}
    options.out.write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")
    print(f"{options.out}: {options.out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
