"""Role pairs: one passage, and two questions with the same words and swapped parties."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.intervals import mean_of
from evaluation.measures import token_f1
from evaluation.paths import REPOSITORY
from evaluation.public_sets.data import json_lines, paragraph
from evaluation.public_sets.sets import ROLE_PAIRS
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from evaluation.runs import best_score
from indexer.store import StoredPassage
from retrieval.readers.protocol import Reader

_ASKS_FOR_A_PARTY = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
TIE = 0.5


@dataclass(frozen=True, slots=True)
class RolePair:
    """Passage with the question it answers and the same question with parties swapped."""

    id: str
    passage: StoredPassage
    question: str
    swapped: str
    answer: str


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """Best evidence scores of both questions, and F1 of the right one's highlight."""

    pair: RolePair
    right: float
    swapped: float
    f1: float

    @property
    def higher(self) -> float:
        """1 if the right question scores higher, 0 if the swapped one does, a half if tied."""
        return TIE if self.right == self.swapped else float(self.right > self.swapped)


def measure_pairs(work: Work) -> Entry:
    """Measure every pair."""
    pairs = load_pairs(REPOSITORY / ROLE_PAIRS)[: work.limit]
    reader = work.reader.reader
    outcomes = [read_pair(reader, pair) for pair in work.watched("role-pairs", pairs)]
    return {
        "questions": len(outcomes),
        "measures": {"test": measures_of(outcomes, reader.thresholds.answered)},
        "rule": f"score: of the best evidence; answered from {reader.thresholds.answered:g} on",
    }


def load_pairs(path: Path) -> list[RolePair]:
    """Load the pairs."""
    found = []
    for row in json_lines(path):
        passage = paragraph(row["id"], row["passage"])
        if passage is not None:
            found.append(
                RolePair(
                    row["id"], passage, row["question"], row["swapped_question"], row["answer"]
                )
            )
    return found


def read_pair(reader: Reader, pair: RolePair) -> PairOutcome:
    """Read the passage for both questions."""
    right = reader.read(pair.question, [pair.passage])[0].evidence
    text, offset = pair.passage.text, pair.passage.passage.start
    highlight = right[0].highlight if right else None
    return PairOutcome(
        pair,
        best_score(reader, pair.question, pair.passage),
        best_score(reader, pair.swapped, pair.passage),
        token_f1(text[highlight.start - offset : highlight.end - offset], [pair.answer])
        if highlight
        else 0.0,
    )


def measures_of(outcomes: Sequence[PairOutcome], answered: float) -> dict[str, Any]:
    """Return the share of pairs distinguished, over all and by group."""
    measures = {
        "right one higher": mean_of([each.higher for each in outcomes]),
        "right one answered": mean_of([each.right >= answered for each in outcomes]),
        "swapped one not answered": mean_of([each.swapped < answered for each in outcomes]),
        "F1 of the right one": mean_of([each.f1 for each in outcomes], of=100),
    }
    for name, group in _groups(outcomes).items():
        measures[f"right one higher, {name}"] = mean_of([each.higher for each in group])
    return measures


def _groups(outcomes: Iterable[PairOutcome]) -> Mapping[str, list[PairOutcome]]:
    tests: tuple[tuple[str, str, Callable[[RolePair], bool]], ...] = (
        ("asks for a party", "asks for something else", _asks_for_a_party),
        ("one sentence", "several sentences", _is_one_sentence),
        ("question in lower case", "question with capitals", _is_lower_case),
    )
    found: dict[str, list[PairOutcome]] = {}
    for outcome in outcomes:
        for yes, no, holds in tests:
            found.setdefault(yes if holds(outcome.pair) else no, []).append(outcome)
    return dict(sorted(found.items()))


def _asks_for_a_party(pair: RolePair) -> bool:
    return bool(_ASKS_FOR_A_PARTY.search(pair.question))


def _is_one_sentence(pair: RolePair) -> bool:
    return len(pair.passage.passage.sentences) == 1


def _is_lower_case(pair: RolePair) -> bool:
    return pair.question[:1].islower()
