"""Invariance: questions on the matched set's articles, asked again in other forms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from evaluation.collection import Collection, CollectionDocument
from evaluation.intervals import mean_of, ratio_of
from evaluation.paths import REPOSITORY
from evaluation.public_sets.data import json_lines
from evaluation.public_sets.retrieval_sets import encoded, index_settings, open_engine
from evaluation.public_sets.sets import INVARIANCE, MATCHED_SET
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from retrieval.answering.answers import QUOTED, Answer, State

Reply: TypeAlias = tuple[State, tuple[str, int, int] | None]
"""State of an answer, and its first quote: document, start and end."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another form of a question."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class VariedQuestion:
    """Question with its other forms."""

    id: str
    question: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class VariedOutcome:
    """State of a question as first asked, and whether each variant got the same reply, by kind."""

    state: State
    same: tuple[tuple[str, bool], ...]

    @property
    def count(self) -> int:
        """Number of variants with the same reply."""
        return sum(same for _, same in self.same)


class Answerer(Protocol):
    """Engine that answers questions."""

    def answer(self, question: str) -> Answer:
        """Return the answer."""


def measure_invariance(work: Work) -> Entry:
    """Ask every question and its variants over the matched set's articles."""
    asked = load_varied(REPOSITORY / INVARIANCE)[: work.limit]
    prepared = encoded(work, articles_of(REPOSITORY / MATCHED_SET))
    with open_engine(work, prepared.index) as engine:
        outcomes = [ask(engine, each) for each in work.watched("invariance", asked)]
    return {
        "questions": len(asked),
        "settings": index_settings(prepared),
        "measures": {"test": measures_of(outcomes)},
        "rule": "same: the state and the first quote are those of the question as first asked",
    }


def load_varied(path: Path) -> list[VariedQuestion]:
    """Load the questions with their variants."""
    return [
        VariedQuestion(
            row["id"],
            row["question"],
            tuple(Variant(each["kind"], each["text"]) for each in row["variants"]),
        )
        for row in json_lines(path)
    ]


def articles_of(path: Path) -> Collection:
    """Return the articles of the matched set as a collection without queries."""
    documents = (
        CollectionDocument(row["id"], row["title"], row["text"]) for row in json_lines(path)
    )
    return Collection("matched-set", tuple(documents), ())


def ask(engine: Answerer, asked: VariedQuestion) -> VariedOutcome:
    """Ask a question and its variants."""
    first = reply_of(engine.answer(asked.question))
    same = tuple(
        (variant.kind, reply_of(engine.answer(variant.text)) == first) for variant in asked.variants
    )
    return VariedOutcome(first[0], same)


def reply_of(answer: Answer) -> Reply:
    """Return what must not vary of an answer."""
    if not answer.quotes:
        return answer.state, None
    citation = answer.quotes[0].citation
    return answer.state, (citation.doc_id, citation.start, citation.end)


def measures_of(outcomes: Sequence[VariedOutcome]) -> dict[str, Any]:
    """Return the share of variants with the same reply, over all and by kind."""
    kinds = sorted({kind for each in outcomes for kind, _ in each.same})
    answered = [each for each in outcomes if each.state == "answered"]
    measures = {
        "same state and first quote": _share(outcomes),
        "same, of the answered": _share(answered),
        "same in every variant": mean_of([each.count == len(each.same) for each in outcomes]),
        "answered as first asked": mean_of([each.state == "answered" for each in outcomes]),
        "answered or possible as first asked": mean_of([each.state in QUOTED for each in outcomes]),
    }
    for kind in kinds:
        measures[f"same, {kind.replace('_', ' ')}"] = mean_of(
            [same for each in outcomes for of, same in each.same if of == kind]
        )
    return {name: found for name, found in measures.items() if found is not None}


def _share(outcomes: Iterable[VariedOutcome]) -> dict[str, float] | None:
    """Return the share of variants with the same reply, resampled by question."""
    found = list(outcomes)
    return ratio_of([each.count for each in found], [len(each.same) for each in found])
