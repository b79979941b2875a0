"""Matched set: answerable questions beside unanswerable ones of equal word overlap."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from evaluation.intervals import Rows, mean_of, resampled
from evaluation.paths import REPOSITORY
from evaluation.public_sets.data import json_lines, paragraph
from evaluation.public_sets.role_pairs import TIE
from evaluation.public_sets.sets import MATCHED_SET
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from evaluation.runs import best_score
from indexer.lexical.reference import RankBm25Index
from indexer.store import StoredPassage
from indexer.text.analyzer import content_terms
from retrieval.answering.features import overlap
from retrieval.readers.protocol import Reader

Wording = Literal["own words", "paraphrased"]
WORDINGS: Final[tuple[Wording, ...]] = get_args(Wording)


@dataclass(frozen=True, slots=True)
class MatchedQuestions:
    """Article with an answerable and an unanswerable question, each in both wordings.

    `kind` says what makes the second question unanswerable.
    """

    id: str
    article: StoredPassage
    kind: str
    answer: str
    answerable: Mapping[Wording, str]
    unanswerable: Mapping[Wording, str]


@dataclass(frozen=True, slots=True)
class MatchedScores:
    """Scores of one article's questions by wording."""

    kind: str
    answerable: Mapping[Wording, float]
    unanswerable: Mapping[Wording, float]


Scorer = Callable[[str, StoredPassage], float]
"""Scores an article for a question: higher means more likely answered."""


def measure_matched(work: Work) -> Entry:
    """Measure the reader, with word overlap and BM25 beside it."""
    matched = load_matched(REPOSITORY / MATCHED_SET)
    asked = matched[: work.limit]
    reader = work.reader.reader
    read = scored(work.watched("matched", asked), reader_scorer(reader))
    found = {
        "reader": read,
        "overlap": scored(asked, overlap_score),
        "BM25": scored(asked, bm25_scorer(matched)),
    }
    measures = {name: cells_of(scores) for name, scores in found.items()}
    answered = reader.thresholds.answered
    return {
        "questions": len(asked) * 2 * len(WORDINGS),
        "measures": measures | {"pairs by the reader": pairs_of(read, answered)},
        "rule": (
            "a cell is the AUROC of answerable questions in one wording against unanswerable ones "
            f"in another; reader: score of the best evidence, answered from {answered:g} on; BM25: "
            "over all articles of the set"
        ),
    }


def load_matched(path: Path) -> list[MatchedQuestions]:
    """Load the articles with their questions."""
    found = []
    for row in json_lines(path):
        article = paragraph(row["id"], row["text"], row["title"])
        if article is not None:
            found.append(
                MatchedQuestions(
                    row["id"],
                    article,
                    row["kind"],
                    row["answer"],
                    _by_wording(row, "answerable"),
                    _by_wording(row, "unanswerable"),
                )
            )
    return found


def reader_scorer(reader: Reader) -> Scorer:
    """Return the scorer that takes the reader's best evidence."""
    return partial(best_score, reader)


def overlap_score(question: str, article: StoredPassage) -> float:
    """Return the share of the question's content terms in the article and its title."""
    return overlap(question, f"{article.heading}\n{article.text}")


def bm25_scorer(matched: Sequence[MatchedQuestions]) -> Scorer:
    """Return the BM25 scorer over the articles."""
    articles = [each.article for each in matched]
    index = RankBm25Index([each.text for each in articles], [each.heading for each in articles])
    rows = {each.passage.doc_id: row for row, each in enumerate(articles)}

    def score(question: str, article: StoredPassage) -> float:
        hits = index.search(content_terms(question), len(articles))
        return dict(hits).get(rows[article.passage.doc_id], 0.0)

    return score


def scored(matched: Iterable[MatchedQuestions], score: Scorer) -> list[MatchedScores]:
    """Score every question with its article."""
    return [
        MatchedScores(
            each.kind,
            {name: score(text, each.article) for name, text in each.answerable.items()},
            {name: score(text, each.article) for name, text in each.unanswerable.items()},
        )
        for each in matched
    ]


def cells_of(scores: Sequence[MatchedScores]) -> dict[str, Any]:
    """Return the AUROC of each cell of wordings, and of the worst."""
    cells = {
        f"AUROC, answerable {own}, unanswerable {other}": _wins(scores, own, other)
        for own, other in product(WORDINGS, WORDINGS)
    }
    worst = {
        "AUROC, worst of four cells": resampled(
            len(scores), lambda at: min(_mean(wins, at) for wins in cells.values())
        )
    }
    return worst | {
        name: resampled(len(scores), partial(_mean, wins)) for name, wins in cells.items()
    }


def pairs_of(scores: Sequence[MatchedScores], answered: float) -> dict[str, Any]:
    """Return the share of pairs of one wording with the answerable question higher, by kind."""
    right = [each.answerable[wording] for each in scores for wording in WORDINGS]
    wrong = [each.unanswerable[wording] for each in scores for wording in WORDINGS]
    kinds = [each.kind for each in scores for _ in WORDINGS]
    higher = [
        TIE if one == other else float(one > other) for one, other in zip(right, wrong, strict=True)
    ]
    measures = {
        "answerable one answered": mean_of([score >= answered for score in right]),
        "unanswerable one not answered": mean_of([score < answered for score in wrong]),
        "answerable one higher": mean_of(higher),
    }
    for kind in sorted(set(kinds)):
        measures[f"answerable one higher, {kind.replace('_', ' ')}"] = mean_of(
            [value for value, of in zip(higher, kinds, strict=True) if of == kind]
        )
    return measures


def _by_wording(row: Mapping[str, str], name: str) -> dict[Wording, str]:
    return {"own words": row[name], "paraphrased": row[f"{name}_paraphrased"]}


def _wins(scores: Sequence[MatchedScores], own: Wording, other: Wording) -> NDArray[np.float64]:
    """Return 1 where an answerable question (row) beats an unanswerable one (column), ties TIE."""
    right = np.array([each.answerable[own] for each in scores])[:, None]
    wrong = np.array([each.unanswerable[other] for each in scores])[None]
    return np.where(right == wrong, TIE, (right > wrong).astype(np.float64))


def _mean(wins: NDArray[np.float64], at: Rows) -> float:
    """Return the AUROC: the mean over all pairs of the given articles."""
    return float(wins[np.ix_(at, at)].mean())
