"""Reversals: sentences whose obvious answer, marked alone, says the opposite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.intervals import mean_of
from evaluation.paths import REPOSITORY
from evaluation.public_sets.data import json_lines, sentence
from evaluation.public_sets.sets import REVERSALS
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from indexer.documents import Span
from retrieval.readers.protocol import Reader


@dataclass(frozen=True, slots=True)
class Reversal:
    """Sentence with a question and the words that govern the obvious answer.

    `clause` is the clause of the answer `naive`; `least` is the shortest mark that does not
    reverse the meaning. With `light` that is most of the sentence, which is better marked lightly.
    """

    id: str
    kind: str
    text: str
    question: str
    naive: Span
    governing: tuple[Span, ...]
    clause: Span
    least: Span
    light: bool

    def is_reversed_by(self, mark: Span) -> bool:
        """Tell whether a mark shows words of the clause without those that govern it."""
        governed = all(mark.contains(span) for span in self.governing)
        return mark.overlaps(self.clause) and not governed


@dataclass(frozen=True, slots=True)
class MarkOutcome:
    """Mark of the best evidence in one sentence: its score, width and effect."""

    kind: str
    score: float
    width: float
    reverses: bool


def measure_reversals(work: Work) -> Entry:
    """Measure the marks of every sentence."""
    asked = load_reversals(REPOSITORY / REVERSALS)[: work.limit]
    reader = work.reader.reader
    outcomes = [read_mark(reader, each) for each in work.watched("reversals", asked)]
    shown = reader.thresholds.possible
    return {
        "questions": len(asked),
        "measures": {"test": measures_of(outcomes, shown)},
        "rule": (
            "a mark reverses the meaning if it shows words of the answer's clause without the "
            f"words that govern it; shown from {shown:g} on"
        ),
    }


def load_reversals(path: Path) -> list[Reversal]:
    """Load the sentences."""
    return [_reversal(row) for row in json_lines(path)]


def read_mark(reader: Reader, asked: Reversal) -> MarkOutcome | None:
    """Read one sentence; None if the reader marks nothing."""
    evidence = reader.read(asked.question, [sentence(asked.id, asked.text)])[0].evidence
    if not evidence:
        return None
    mark = evidence[0].highlight
    width = (mark.end - mark.start) / len(asked.text)
    return MarkOutcome(asked.kind, evidence[0].score, width, asked.is_reversed_by(mark))


def measures_of(outcomes: Sequence[MarkOutcome | None], least: float) -> dict[str, Any]:
    """Return the share of marks that reverse the meaning: whatever their score, and as shown."""
    marks = [each for each in outcomes if each is not None]
    shown = [each for each in marks if each.score >= least]
    measures = {"shown": mean_of([each in shown for each in outcomes])}
    for name, group in (("all", marks), ("shown", shown)):
        if group:
            measures[f"marks that reverse the meaning, {name}"] = mean_of(
                [each.reverses for each in group]
            )
            measures[f"share of the sentence marked, {name}"] = mean_of(
                [each.width for each in group]
            )
    for kind in sorted({each.kind for each in marks}):
        measures[f"marks that reverse the meaning, {kind.replace('_', ' ')}"] = mean_of(
            [each.reverses for each in marks if each.kind == kind]
        )
    return measures


def _reversal(row: Mapping[str, Any]) -> Reversal:
    text: str = row["text"]
    return Reversal(
        row["id"],
        row["kind"],
        text,
        row["question"],
        naive=_span(text, row["naive"]),
        governing=tuple(_span(text, words) for words in row["governing"]),
        clause=_span(text, row["clause"]),
        least=_span(text, row["least"]),
        light=row["light"],
    )


def _span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))
