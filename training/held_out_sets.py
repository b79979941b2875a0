"""Development sets of reader-2: hard unanswerable questions, news, exchanged parties.

In: the folder of data. Out: examples of documents and articles that no training has seen, and
measures of a network on them. Nothing of a test set is read here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sklearn.metrics import roc_auc_score

from indexer.text.analyzer import content_terms
from training.development import Scored, evidence_of, overlap
from training.examples import around
from training.material import Example
from training.news_questions import NewsQuestion, development_questions
from training.reader_data import HeldOut, Row, as_squad, held_out, load_rows
from training.squad import load_squad
from training.twins import Pair, role_pairs, squad2_pairs

SQUAD2_PAIRS = 700
NEWS_PAIRS = 350
QUESTIONS = 700
_SEED = 20261129

Scorer = Callable[[Sequence[Example]], list[Scored]]


@dataclass(frozen=True, slots=True)
class Asked:
    """An answerable example with every text that counts as its answer."""

    example: Example
    answers: tuple[str, ...]


class HeldOutSets:
    """The sets, read once; `measure` scores a network on all of them."""

    def __init__(self, folder: Path, most: int | None = None) -> None:
        """Read the sets.

        Args:
            folder: the data.
            most: how many pairs or questions of each to take, where not all.

        Raises:
            TrainingDataError: when a file is missing or broken.
        """
        kept = held_out(folder)
        self._squad2 = _squad2(folder, kept)[:most]
        self._roles = _roles(folder, kept)[:most]
        self._qamr = _asked(load_rows(folder, "qamr"), kept)[:most]
        self._news = _news(development_questions(folder))[:most]

    @property
    def sizes(self) -> dict[str, int]:
        """How many examples or pairs each set has."""
        return {
            "squad2": len(self._squad2),
            "roles": len(self._roles),
            "qamr": len(self._qamr),
            "news": len(self._news),
        }

    def measure(self, scorer: Scorer, quoted: Callable[[Example, Scored], str]) -> dict[str, float]:
        """Return the measures by name; higher is better for each.

        Args:
            scorer: scores examples, one result each, in order.
            quoted: the words that a result stands for.
        """
        found: dict[str, float] = {}
        for name, pairs in (("squad2", self._squad2), ("news", self._news), ("roles", self._roles)):
            right = scorer([positive for positive, _ in pairs])
            wrong = scorer([negative for _, negative in pairs])
            found[f"{name}_auroc"] = auroc(right, wrong, evidence_of)
            found[f"{name}_auroc_margin"] = auroc(right, wrong, lambda scored: scored.margin)
            found[f"{name}_right_higher"] = sum(
                evidence_of(one) > evidence_of(other)
                for one, other in zip(right, wrong, strict=True)
            ) / len(pairs)
        scored = scorer([asked.example for asked in self._qamr])
        found["qamr_f1"] = sum(
            max(overlap(quoted(asked.example, result), answer) for answer in asked.answers)
            for asked, result in zip(self._qamr, scored, strict=True)
        ) / len(self._qamr)
        return found


def auroc(
    right: Sequence[Scored], wrong: Sequence[Scored], value: Callable[[Scored], float]
) -> float:
    """Return how often an answered example has the higher value, ties half."""
    values = [value(scored) for scored in (*right, *wrong)]
    return float(roc_auc_score([1] * len(right) + [0] * len(wrong), values))


def _squad2(folder: Path, kept: HeldOut) -> list[Pair]:
    rows = [row for row in load_rows(folder, "squad2_negatives") if row.title in kept.titles]
    return list(squad2_pairs(rows, load_squad(folder, held_out=True), _SEED))[:SQUAD2_PAIRS]


def _roles(folder: Path, kept: HeldOut) -> list[Pair]:
    rows = [row for row in load_rows(folder, "qasrl_roles") if row.document in kept.documents]
    return list(role_pairs(rows, _SEED))


def _asked(rows: Sequence[Row], kept: HeldOut) -> list[Asked]:
    own = [row for row in rows if row.document in kept.documents and row.answer is not None]
    random = Random(_SEED)
    random.shuffle(own)
    squad = as_squad(own)
    found = []
    for row, question in zip(own, squad.questions, strict=True):
        example = around(question, squad.paragraphs[question.paragraph], random)
        if example is not None:
            found.append(Asked(example, row.answers))
    return found[:QUESTIONS]


def _news(questions: Sequence[NewsQuestion]) -> list[Pair]:
    """Return news questions with their evidence, and with the likeliest that does not answer."""
    random = Random(_SEED)
    chosen = list(questions)
    random.shuffle(chosen)
    words = [set(content_terms(asked.evidence)) for asked in chosen]
    pairs = []
    for asked in chosen[:NEWS_PAIRS]:
        wanted = set(content_terms(asked.question))
        answer = asked.answer.slice(asked.evidence)
        ranked = sorted(range(len(chosen)), key=lambda number: -len(wanted & words[number]))
        other = next(
            (
                chosen[number].evidence
                for number in ranked
                if answer.lower() not in chosen[number].evidence.lower()
            ),
            None,
        )
        positive = Example(asked.question, "", asked.evidence, asked.answer, relevant=True)
        if other is not None:
            pairs.append((positive, replace(positive, passage=other, answer=None, relevant=False)))
    return pairs
