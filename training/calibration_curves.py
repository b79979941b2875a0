"""Effect of each threshold: printed curves and reliability plots of development questions."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from evaluation.calibration import calibration_error, reliability
from evaluation.plots import plot_reliability
from training.calibration_fit import Floats, ReadTask, best_relevance, scores_of

SETS = ("squad", "news")
WITHOUT, CHANGED = " without", " changed"

Read = Mapping[str, Sequence[ReadTask]]
"""Set to what was found in it; a set's name with `WITHOUT` or `CHANGED` names its unanswerables."""


def print_curves(read: Read, evidence: Floats, relevance: Floats) -> None:
    """Print for each set how sure the reader is with the answer, without it, and changed."""
    for name in SETS:
        own, without = _both(read, name, evidence)
        both = np.concatenate([own, without])
        labels = np.repeat([1, 0], [len(own), len(without)])
        error = calibration_error(both[:, 0].tolist(), (both[:, 1] > 0).tolist())
        print(f"\n{name}: {len(own)} questions, first quote right {own[:, 1].mean():.3f}")
        print(
            f"  AUROC against the same without the answer: {roc_auc_score(labels, both[:, 0]):.3f}"
        )
        changed = scores_of(read[f"{name}{CHANGED}"], evidence)
        if len(changed):
            twins = np.repeat([1, 0], [len(own), len(changed)])
            area = roc_auc_score(twins, np.concatenate([own[:, 0], changed[:, 0]]))
            print(f"  AUROC against {len(changed)} questions that were changed: {area:.3f}")
        print(f"  expected calibration error {error:.3f}")
        print("  threshold: answered, of these right; answered without the answer; changed")
        for threshold in np.arange(0.1, 0.95, 0.1):
            passing = own[:, 0] >= threshold
            right = own[passing, 1].mean() if passing.any() else float("nan")
            wrong = (without[:, 0] >= threshold).mean()
            twin = (changed[:, 0] >= threshold).mean() if len(changed) else float("nan")
            print(f"  {threshold:.1f}: {passing.mean():.3f}, {right:.3f}; {wrong:.3f}; {twin:.3f}")
        print("  related: reached with the answer; without")
        own_best, other_best = (
            np.array([best_relevance(task, relevance) for task in read[part]])
            for part in (name, f"{name}{WITHOUT}")
        )
        for threshold in np.arange(0.1, 0.95, 0.1):
            reached = (own_best >= threshold).mean(), (other_best >= threshold).mean()
            print(f"  {threshold:.1f}: {reached[0]:.3f}; {reached[1]:.3f}")


def write_plots(folder: Path, read: Read, evidence: Floats) -> None:
    """Write a reliability plot for each set: in their order, half of them unanswerable."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(SETS, 1):
        both = np.concatenate(_both(read, name, evidence))
        bins = reliability(both[:, 0].tolist(), (both[:, 1] > 0).tolist())
        (folder / f"reliability-{number}.svg").write_bytes(plot_reliability(bins))


def _both(read: Read, name: str, evidence: Floats) -> tuple[Floats, Floats]:
    """Return scores and rightness with the passages that answer, and without them."""
    return scores_of(read[name], evidence), scores_of(read[f"{name}{WITHOUT}"], evidence)
