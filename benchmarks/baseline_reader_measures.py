"""How good is the baseline reader with the constants of `retrieval/settings.py`?

In: the evaluation data and an encoder. Out: printed tables. Everything goes through `read`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks import baseline_reader_data as data
from benchmarks.baseline_reader_rows import Floats, Vectors
from retrieval import settings
from retrieval.sentence_reader import SentenceReader

BUDGETS = (8, 12, 16, 20, 24, 32, 48, 1000)
SEED = 20240229


def measure_reader(folder: Path, vectors: Vectors) -> None:
    """Print every measure, with vectors and without."""
    test, news = data.news_test_and_development(folder)
    squad = data.squad(folder, fit=False, questions=1000)
    vectors.learn([*test, *news, *squad])
    for name, reader in (
        ("vectors", SentenceReader(vectors)),
        ("words only", SentenceReader(None)),
    ):
        print(f"\n== {name}")
        for part in ("trecqa/clean-dev", "wikiqa/dev", "wikiqa/test"):
            tasks = data.sentence_selection(folder / "as2" / f"{part}.tsv")
            vectors.learn(tasks)
            precision, reciprocal = ranking(reader, tasks)
            print(f"{part}: MAP {precision:.3f}, MRR {reciprocal:.3f}")
        for label, tasks in (("squad dev", squad), ("news dev", news), ("news test", test)):
            print_abstention(reader, label, tasks, vectors)
        print_relevance(reader, folder, [*squad[:400], *news[:400]], vectors)
    print("\n== first sentence right, by sentences encoded")
    for budget in BUDGETS:
        reader = SentenceReader(vectors, encoded=budget)
        shares = [best_of(reader, tasks)[:, 1].mean() for tasks in (squad, news)]
        print(f"{budget:5d}: squad dev {shares[0]:.3f}, news dev {shares[1]:.3f}")


def best_of(reader: SentenceReader, tasks: Sequence[data.Task]) -> Floats:
    """Return, for each task, the best score and whether its sentence answers (1) or not (0).

    Sentences of unclear worth are passed over.
    """
    found = []
    for task in tasks:
        best = (0.0, 0.0)
        for place, reading in enumerate(reader.read(task.question, task.passages)):
            ends = [span.end for span in task.passages[place].passage.sentences]
            for evidence in reading.evidence:
                key = (place, ends.index(evidence.quote.end))
                if key not in task.unclear and evidence.score > best[0]:
                    best = (evidence.score, float(key in task.gold))
        found.append(best)
    return np.array(found)


def ranking(reader: SentenceReader, tasks: Sequence[data.Task]) -> tuple[float, float]:
    """Return mean average precision and mean reciprocal rank, ties broken at random."""
    generator = np.random.default_rng(SEED)
    precisions, reciprocals = [], []
    for task in tasks:
        readings = reader.read(task.question, task.passages)
        scores = np.array([r.evidence[0].score if r.evidence else 0.0 for r in readings])
        right = np.array([(place, 0) in task.gold for place in range(len(readings))])
        ranked = right[np.lexsort((generator.random(len(scores)), -scores))]
        ranks = np.flatnonzero(ranked) + 1
        if len(ranks):
            precisions.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
            reciprocals.append(1 / float(ranks[0]))
    return float(np.mean(precisions)), float(np.mean(reciprocals))


def print_abstention(
    reader: SentenceReader, label: str, tasks: Sequence[data.Task], vectors: Vectors
) -> None:
    """Print how well the best score tells answerable questions from unanswerable ones."""
    changed = data.changed(tasks)
    vectors.learn(changed)
    own = best_of(reader, tasks)
    without = best_of(reader, [data.without_gold(task) for task in tasks])
    print(f"{label}: {len(tasks)} questions, first sentence right {own[:, 1].mean():.3f}")
    for kind in ("swapped", "replaced"):
        twins = best_of(reader, [twin for twin in changed if twin.source.endswith(kind)])
        print(f"  AUROC against {len(twins)} with names {kind}: {_auroc(own, twins):.3f}")
    print(f"  AUROC against the same without the gold passage: {_auroc(own, without):.3f}")
    print("  threshold: answered, of these right; answered without the gold passage")
    for threshold in sorted(
        {*np.arange(0.1, 0.95, 0.1).round(2), settings.SENTENCE_THRESHOLDS.answered}
    ):
        passing = own[:, 0] >= threshold
        right = own[passing, 1].mean() if passing.any() else float("nan")
        wrong = (without[:, 0] >= threshold).mean()
        print(f"  {threshold:.2f}: {passing.mean():.3f}, {right:.3f}; {wrong:.3f}")


def print_relevance(
    reader: SentenceReader, folder: Path, tasks: Sequence[data.Task], vectors: Vectors
) -> None:
    """Print how well relevance tells a corpus with the answer from a corpus on other matters."""
    foreign = data.elsewhere(folder, tasks)
    vectors.learn(foreign)
    own, other = (_relevances(reader, group) for group in (tasks, foreign))
    labels = np.repeat([1, 0], [len(own), len(other)])
    print(f"relevance AUROC, own corpus against foreign: {_area(labels, own, other):.3f}")
    for threshold in sorted(
        {*np.arange(0.1, 0.95, 0.1).round(2), settings.SENTENCE_THRESHOLDS.related}
    ):
        reached = [(values >= threshold).mean() for values in (own, other)]
        print(f"  {threshold:.2f}: reached {reached[0]:.3f}; in a foreign corpus {reached[1]:.3f}")


def _relevances(reader: SentenceReader, tasks: Sequence[data.Task]) -> Floats:
    return np.array(
        [max(r.relevance for r in reader.read(task.question, task.passages)) for task in tasks]
    )


def _auroc(right: Floats, wrong: Floats) -> float:
    return _area(np.repeat([1, 0], [len(right), len(wrong)]), right[:, 0], wrong[:, 0])


def _area(labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]], *scores: Floats) -> float:
    return float(roc_auc_score(labels, np.concatenate(scores)))
