"""Unanswerable examples of each kind, made from a question with its answer.

The question stands beside another passage, or is changed so that its own no longer answers it.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from indexer.documents import Span
from indexer.text.analyzer import content_terms
from retrieval.answering.features import names
from retrieval.answering.parties import swapped
from training import changed_questions
from training.material import Example, Material, sentences_around
from training.squad import Paragraph, Question, Squad

# How often each kind of passage that does not answer is taken, where it can be had.
NEGATIVES = {
    "answer_removed": 0.14,
    "same_article": 0.18,
    "lookalike": 0.24,
    "swapped": 0.12,
    "changed": 0.28,
    "unrelated": 0.04,
}
_MOST_TRIES = 8


def negative(
    kind: str,
    material: Material,
    place: int,
    positive: Example,
    by_title: dict[str, list[int]],
    random: Random,
) -> Example | None:
    """Return an example of one kind that is not answered; None where there is none."""
    squad = material.squad
    question = squad.questions[place]
    paragraph = squad.paragraphs[question.paragraph]
    if kind in ("swapped", "changed"):
        if kind == "swapped":
            text = swapped(question.text)
        else:
            text = _changed(question.text, paragraph, squad, by_title, random)
        if text is None:
            return None
        return replace(positive, question=text, answer=None, relevant=None)
    if kind == "answer_removed":
        return _without_answer(question, paragraph, random)
    if kind == "same_article":
        numbers = list(by_title[paragraph.title])
    elif kind == "lookalike":
        numbers = list(material.lookalikes[place])
    else:
        numbers = [random.randrange(len(squad.paragraphs))]
    random.shuffle(numbers)
    return _elsewhere(question, squad, numbers[:_MOST_TRIES], random)


def _elsewhere(
    question: Question, squad: Squad, numbers: Sequence[int], random: Random
) -> Example | None:
    """Return the question with the first of these paragraphs that lacks the answer's words."""
    answer = question.answer.slice(squad.paragraphs[question.paragraph].text).lower()
    for number in numbers:
        other = squad.paragraphs[number]
        if answer not in other.text.lower() and other.sentences:
            return passage_of(question.text, other, random)
    return None


def passage_of(question: str, paragraph: Paragraph, random: Random) -> Example:
    """Return sentences of a paragraph that does not answer; those with its words, mostly."""
    wanted = set(content_terms(question))
    shared = [
        len(wanted.intersection(content_terms(span.slice(paragraph.text))))
        for span in paragraph.sentences
    ]
    best = max(range(len(shared)), key=lambda number: (shared[number], random.random()))
    span = sentences_around(paragraph.sentences, best, random)
    return Example(question, paragraph.title, span.slice(paragraph.text), None, relevant=False)


def _without_answer(question: Question, paragraph: Paragraph, random: Random) -> Example | None:
    """Return the question with the neighbours of the sentence that answers it."""
    answer = question.answer.slice(paragraph.text).lower()
    groups: list[list[Span]] = [[]]
    for span in paragraph.sentences:
        if answer in span.slice(paragraph.text).lower():
            groups.append([])
        else:
            groups[-1].append(span)
    left = [group for group in groups if group]
    if not left:
        return None
    group = random.choice(left)
    rest = replace(paragraph, sentences=tuple(group))
    return passage_of(question.text, rest, random)


def _changed(
    question: str,
    paragraph: Paragraph,
    squad: Squad,
    by_title: dict[str, list[int]],
    random: Random,
) -> str | None:
    """Return the question with a name, number, date or comparison changed."""
    ways = ["opposite", "number", "name"]
    random.shuffle(ways)
    ways.sort(key=lambda way: way == "name" and random.random() < 0.5)  # noqa: PLR2004 - a coin
    for way in ways:
        if way == "opposite":
            changed = changed_questions.reversed_meaning(question, random)
        elif way == "number":
            changed = changed_questions.renumbered(question, random)
        else:
            # Names that the passage holds too are the hardest; those it lacks, the commonest.
            near = random.random() < 0.4  # noqa: PLR2004 - share of the hardest
            other = (
                paragraph if near else squad.paragraphs[random.choice(by_title[paragraph.title])]
            )
            changed = changed_questions.renamed(question, names_in(other.text), random)
        if changed is not None and changed != question:
            return changed
    return None


def names_in(text: str) -> list[str]:
    """Return the names of a text, as they stand in it."""
    return [name.slice(text) for name in names(text) if len(name.slice(text)) > 1]
