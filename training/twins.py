"""Pairs of questions on one passage, of which it answers only the first.

In: rows of `reader_data`. Out: pairs of examples that differ in little but whether the passage
answers: hard unanswerable questions of SQuAD 2.0, exchanged parties, another time, a role that the
sentence does not fill.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

from indexer.text.analyzer import content_terms
from training.examples import around
from training.material import Example
from training.negatives import passage_of
from training.reader_data import Row, as_paragraph
from training.squad import Paragraph, Question, Squad, order

# Questions with "not" or "never" betray themselves, so each epoch has a third of them.
NEGATION_TURNS = 3
_SAME_PASSAGE = 0.7  # share of the question's known words that the twin's passage must hold
_TIE = 1.5  # shared words that chance is worth when a twin is chosen
_OTHER_TIME = ":other-time"  # in the id of TimeQA's negatives, after that of the question

Pair = tuple[Example, Example]


def squad2_pairs(rows: Sequence[Row], squad: Squad, epoch: int) -> Iterator[Pair]:
    """Yield each unanswerable question after an answerable one of the same paragraph.

    Args:
        rows: SQuAD 2.0's unanswerable questions, without those held out.
        squad: the answerable questions.
        epoch: decides the order, the twins and which third of the negated questions is asked.
    """
    random = Random(f"squad2 {epoch}")
    numbers = {paragraph.text: number for number, paragraph in enumerate(squad.paragraphs)}
    asked: dict[int, list[Question]] = {}
    for question in squad.questions:
        asked.setdefault(question.paragraph, []).append(question)
    placed = [(row, numbers.get(row.context, -1)) for row in rows if _is_due(row, epoch)]
    random.shuffle(placed)
    for row, number in placed:
        if number not in asked:
            continue
        paragraph = squad.paragraphs[number]
        positive = around(_nearest(row.question, asked[number], random), paragraph, random)
        if positive is not None:
            yield positive, _beside(row.question, positive, paragraph, random)


def role_pairs(rows: Iterable[Row], epoch: int) -> Iterator[Pair]:
    """Yield each question whose parties were exchanged, after the right one."""
    listed = list(rows)
    right = {(row.context, row.question): row for row in listed if row.answer is not None}
    exchanged = [row for row in listed if row.meta.get("kind") == "swapped"]
    random = Random(f"roles {epoch}")
    random.shuffle(exchanged)
    for row in exchanged:
        twin = right.get((row.context, row.meta["right"]))
        if twin is not None:
            yield from _on_one_passage(twin, row.question, random)


def gap_pairs(rows: Iterable[Row], epoch: int) -> Iterator[Pair]:
    """Yield each question that nobody could answer, after an answerable one on the same sentence.

    One that asks about the same verb is preferred.
    """
    listed = list(rows)
    answered: dict[tuple[str, tuple[int, ...]], list[Row]] = {}
    for row in listed:
        if row.answer is not None:
            answered.setdefault(_place(row), []).append(row)
    unanswered = [row for row in listed if row.answer is None]
    random = Random(f"gaps {epoch}")
    random.shuffle(unanswered)
    for row in unanswered:
        near = answered.get(_place(row), [])
        same_verb = [other for other in near if other.meta["verb"] == row.meta["verb"]]
        if near:
            yield from _on_one_passage(random.choice(same_verb or near), row.question, random)


def time_pairs(rows: Iterable[Row], epoch: int) -> Iterator[Pair]:
    """Yield a question beside its passage, and beside one that tells of another time."""
    listed = list(rows)
    by_id = {row.id: row for row in listed if row.answer is not None}
    elsewhere = [row for row in listed if row.answer is None]
    random = Random(f"times {epoch}")
    random.shuffle(elsewhere)
    for row in elsewhere:
        twin = by_id.get(row.id.partition(_OTHER_TIME)[0])
        positive = None if twin is None else _positive(twin, random)
        if positive is not None:
            yield positive, passage_of(row.question, as_paragraph(row.title, row.context), random)


def _is_due(row: Row, epoch: int) -> bool:
    negated = str(row.meta["cause"]).endswith(":N")
    return not negated or (order(row.id) + epoch) % NEGATION_TURNS == 0


def _nearest(question: str, asked: Sequence[Question], random: Random) -> Question:
    """Return the question that shares most words with this one, chance breaking near ties."""
    wanted = set(content_terms(question))
    return max(
        asked,
        key=lambda other: (
            len(wanted.intersection(content_terms(other.text))) + _TIE * random.random()
        ),
    )


def _beside(question: str, positive: Example, paragraph: Paragraph, random: Random) -> Example:
    """Return an unanswered question on the passage of another, or on the sentences it is about."""
    wanted = set(content_terms(question))
    known = len(wanted.intersection(content_terms(paragraph.text)))
    kept = len(wanted.intersection(content_terms(positive.passage)))
    if kept >= _SAME_PASSAGE * known:
        return replace(positive, question=question, answer=None, relevant=None)
    # The paragraph is on the question's subject, so nothing is said about relevance.
    return replace(passage_of(question, paragraph, random), relevant=None)


def _on_one_passage(row: Row, unanswered: str, random: Random) -> Iterator[Pair]:
    positive = _positive(row, random)
    if positive is not None:
        yield positive, replace(positive, question=unanswered, answer=None, relevant=None)


def _positive(row: Row, random: Random) -> Example | None:
    if row.answer is None:
        return None
    asked = Question(row.id, row.question, 0, row.answer)
    return around(asked, as_paragraph(row.title, row.context), random)


def _place(row: Row) -> tuple[str, tuple[int, ...]]:
    return row.context, tuple(row.meta["sentence"])
