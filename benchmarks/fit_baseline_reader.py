"""How were the baseline reader's weights and thresholds fitted? Run it, and read what it prints.

    python -m benchmarks.fit_baseline_reader fit      # prints constants for retrieval/settings.py
    python -m benchmarks.fit_baseline_reader measure  # measures the reader with those constants

The data folder is DATELINE_EVAL_DATA (default: ../shared/data beside the repository). About ten
minutes on two cores, most of it encoding; `--cache FILE` keeps the vectors for the next run.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks import baseline_reader_data as data
from benchmarks.baseline_reader_measures import measure_reader
from benchmarks.baseline_reader_rows import Floats, Rows, Vectors, passage_rows, sentence_rows
from indexer.encoder import open_encoder

REPOSITORY = Path(__file__).resolve().parent.parent

SENTENCE_FEATURES: tuple[str, ...] = (
    *("cosine", "coverage", "names_far", "pairs", "length", "asks", "act_found", "roles"),
    *("person_missing", "time_missing", "number_missing", "place_missing"),
)
PASSAGE_FEATURES: tuple[str, ...] = ("cosine", "best_coverage", "names_far", "pairs")

# How much one sentence of each source counts: roughly equal parts SQuAD, lists of sentences, news.
SOURCE_WEIGHTS = {
    "squad": 1.0,
    "squad lower": 0.5,
    "squad changed": 1.0,
    "wikiqa": 0.5,
    "trecqa": 0.3,
    "news": 2.0,
    "news lower": 0.5,
    "news changed": 1.0,
}
ANSWER_WEIGHT = 5.0  # an answering sentence counts five times: there are about fifty others to one


def main() -> None:
    """Fit or measure, as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["fit", "measure"])
    parser.add_argument("--cache", type=Path, help="keep vectors in this file (.npz)")
    options = parser.parse_args()
    folder = Path(os.environ.get("DATELINE_EVAL_DATA", REPOSITORY.parent / "shared" / "data"))
    missing = [name for name in ("as2", "newsqa", "squad") if not (folder / name).is_dir()]
    if missing:
        print(f"skipped: no {', '.join(missing)} in {folder}; set DATELINE_EVAL_DATA")
        return
    vectors = Vectors(open_encoder(), options.cache)
    if options.what == "fit":
        fit(folder, vectors)
    else:
        measure_reader(folder, vectors)
    vectors.save()


def fit(folder: Path, vectors: Vectors) -> None:
    """Print weights of sentences and passages, then the curves that the thresholds come from."""
    _, news = data.news_test_and_development(folder)
    squad = data.squad(folder, fit=True, questions=2000)
    listed = [
        task
        for name in ("wikiqa/train", "wikiqa/dev", "trecqa/train", "trecqa/clean-dev")
        for task in data.sentence_selection(folder / "as2" / f"{name}.tsv")
    ]
    sources = {
        "squad": squad,
        "squad lower": data.lower_cased(squad),
        "squad changed": data.changed(squad),
        "wikiqa": [task for task in listed if task.source == "wikiqa"],
        "trecqa": [task for task in listed if task.source == "trecqa"],
        "news": news,
        "news lower": data.lower_cased(news),
        "news changed": data.changed(news),
    }
    held_out = data.squad(folder, fit=False, questions=1000)
    fitted = {
        source: sentence_rows(tasks, vectors, SENTENCE_FEATURES)
        for source, tasks in sources.items()
    }
    asked = [*held_out, *news]
    twins = [data.without_gold(task) for task in asked]
    scaling = [sentence_rows(tasks, vectors, SENTENCE_FEATURES) for tasks in (asked, twins)]
    # The first feature is the cosine; without an encoder the others have weights of their own.
    for suffix, first in (("", 0), ("_WITHOUT_VECTORS", 1)):
        weights = sentence_weights(fitted, scaling, SENTENCE_FEATURES[first:])
        print_weights(f"SENTENCE_WEIGHTS{suffix}", weights)
    own = [*held_out[:400], *news[:400]]
    foreign = data.elsewhere(folder, own)
    right, wrong = (passage_rows(tasks, vectors, PASSAGE_FEATURES) for tasks in (own, foreign))
    for suffix, first in (("", 0), ("_WITHOUT_VECTORS", 1)):
        weights = relevance_weights(right, wrong, PASSAGE_FEATURES[first:])
        print_weights(f"RELEVANCE_WEIGHTS{suffix}", weights)


def sentence_weights(
    fitted: Mapping[str, Rows], scaling: Sequence[Rows], names: Sequence[str]
) -> dict[str, float]:
    """Return weights whose score is the chance that a question's best sentence answers it.

    First the weights of the last features, on every sentence; then scale and intercept, on the
    best sentence of each question, with and without its gold passage in equal parts.
    """
    used = len(names)
    matrix = np.concatenate([rows.matrix[:, -used:] for rows in fitted.values()])
    labels = np.concatenate([rows.labels for rows in fitted.values()])
    counts = np.concatenate(
        [np.full(len(rows.labels), SOURCE_WEIGHTS[source]) for source, rows in fitted.items()]
    )
    known = labels >= 0
    weights = np.where(labels == 1, ANSWER_WEIGHT, 1.0) * counts
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(matrix[known], labels[known], sample_weight=weights[known])
    best = np.concatenate(
        [_best_scores(rows, model.decision_function(rows.matrix[:, -used:])) for rows in scaling]
    )
    return _rescaled(model, best[:, 0], best[:, 1], names)


def _best_scores(rows: Rows, scores: Floats) -> Floats:
    """Return, for each question, the score of its best sentence and whether it answers."""
    found = []
    for task in range(rows.tasks):
        mine = np.flatnonzero((rows.task == task) & (rows.labels >= 0))
        if len(mine):
            best = mine[np.argmax(scores[mine])]
            found.append((scores[best], float(rows.labels[best] == 1)))
    return np.array(found)


def _rescaled(
    model: LogisticRegression, scores: Floats, right: Floats, names: Sequence[str]
) -> dict[str, float]:
    """Fold Platt's scaling (Platt, 1999) into a model's weights."""
    scaling = LogisticRegression(C=1000).fit(scores[:, None], right)
    slope, shift = float(scaling.coef_[0, 0]), float(scaling.intercept_[0])
    weights = {"intercept": shift + slope * float(model.intercept_[0])}
    return weights | dict(zip(names, (slope * model.coef_[0]).tolist(), strict=True))


def relevance_weights(right: Rows, wrong: Rows, names: Sequence[str]) -> dict[str, float]:
    """Return weights that tell a gold passage from those that a foreign corpus offers."""
    used = len(names)
    gold = right.matrix[right.labels == 1]
    matrix = np.concatenate([gold, wrong.matrix])[:, -used:]
    labels = np.repeat([1, 0], [len(gold), len(wrong.matrix)])
    model = LogisticRegression(C=10, max_iter=1000, class_weight="balanced").fit(matrix, labels)
    weights = dict(zip(names, model.coef_[0].tolist(), strict=True))
    return {"intercept": float(model.intercept_[0])} | weights


def print_weights(name: str, weights: Mapping[str, float]) -> None:
    """Print one constant as `retrieval/settings.py` has it."""
    print(f"{name}: Final[Mapping[str, float]] = {{")
    for feature, weight in weights.items():
        print(f'    "{feature}": {weight:.2f},')
    print("}", flush=True)


if __name__ == "__main__":
    main()
