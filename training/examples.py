"""Reproducible stream of training examples from SQuAD and its lookalikes.

Every question comes with its passage and with one that does not answer, or with itself changed so
that its own passage no longer answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from indexer.documents import Span
from indexer.text.analyzer import content_terms
from retrieval.answering.parties import swapped
from training import changed_questions, synthetic
from training.exchanged_parties import exchanged
from training.material import PASSAGE_CHARACTERS, Example, Material, sentences_around
from training.negatives import NEGATIVES, names_in, negative, passage_of
from training.squad import Paragraph, Question, Squad

WITH_TITLE = 0.5
LOWER_CASE = 0.08
KEYWORDS = 0.04
CLAIMS = 0.06
SYNTHETIC = 0.16
RENAMED = 0.12
EXCHANGED = 0.7
_CONTENT = "harbour"


def examples(
    material: Material,
    epoch: int,
    *,
    synthetic_share: float | None = None,
    places: Sequence[int] | None = None,
) -> Iterator[Example]:
    """Yield one epoch of examples: each question twice or more, synthetic ones in between.

    Args:
        material: paragraphs, questions and lookalikes.
        epoch: number of the epoch; it decides the order and the negatives.
        synthetic_share: groups of synthetic examples per question; `SYNTHETIC` by default.
        places: numbers of the questions to ask; all of them by default.
    """
    random = Random(f"{material.seed} {epoch}")
    by_title: dict[str, list[int]] = {}
    for number, paragraph in enumerate(material.squad.paragraphs):
        by_title.setdefault(paragraph.title, []).append(number)
    share = SYNTHETIC if synthetic_share is None else synthetic_share
    made = synthetic_groups(material.seed * 1000 + epoch, len(material.squad.questions))
    order = list(range(len(material.squad.questions)) if places is None else places)
    random.shuffle(order)
    for place in order:
        for example in _of_question(material, place, by_title, random):
            yield as_typed(example, random)
        if random.random() < share:
            yield from (as_typed(example, random) for example in next(made))
        if random.random() < CLAIMS:
            yield from _claims(material, place, random)


def synthetic_groups(seed: int, count: int) -> Iterator[list[Example]]:
    """Yield groups of examples about made-up events; the same seed, the same groups."""
    for group in synthetic.generate(seed, count):
        yield [
            Example(
                found.question,
                found.title,
                found.passage,
                Span(found.start, found.end) if found.start >= 0 else None,
                True if found.start >= 0 else None,
            )
            for found in group
        ]


def _of_question(
    material: Material, place: int, by_title: dict[str, list[int]], random: Random
) -> Iterator[Example]:
    question = material.squad.questions[place]
    paragraph = material.squad.paragraphs[question.paragraph]
    positive = around(question, paragraph, random)
    if positive is None:
        return
    if random.random() < EXCHANGED:
        turned = _turned(positive)
        if turned:
            yield from turned
            return
    if random.random() < RENAMED:
        twins = _renamed_twins(positive, material.squad, random)
        if twins:
            yield from twins
            return
    yield positive
    kinds = list(NEGATIVES)
    while kinds:
        weights = [NEGATIVES[kind] for kind in kinds]
        kind = random.choices(kinds, weights)[0]
        found = negative(kind, material, place, positive, by_title, random)
        if found is not None:
            yield found
            return
        kinds.remove(kind)


def _turned(positive: Example) -> tuple[Example, ...]:
    """Return both directions of what two parties do to each other, each asked both ways."""
    if positive.answer is None:
        return ()
    other_way = swapped(positive.question)
    turned = exchanged(positive.question, positive.passage, positive.answer)
    if other_way is None or turned is None:
        return ()
    passage, answer = turned
    reverse = replace(positive, question=other_way, passage=passage, answer=answer)
    return (
        positive,
        replace(positive, question=other_way, answer=None, relevant=None),
        reverse,
        replace(reverse, question=positive.question, answer=None, relevant=None),
    )


def _renamed_twins(positive: Example, squad: Squad, random: Random) -> tuple[Example, ...]:
    """Return the example with a name replaced on both sides, and that asked by the old name."""
    if positive.answer is None:
        return ()
    others = names_in(random.choice(squad.paragraphs).text)
    renamed = changed_questions.renamed_everywhere(
        positive.question, positive.passage, positive.answer, others, random
    )
    if renamed is None:
        return ()
    question, passage, answer = renamed
    twin = replace(positive, title="", question=question, passage=passage, answer=answer)
    return twin, replace(twin, question=positive.question, answer=None, relevant=None)


def around(question: Question, paragraph: Paragraph, random: Random) -> Example | None:
    """Return the question with sentences around its answer, None where a sentence cuts it."""
    holding = [
        number
        for number, span in enumerate(paragraph.sentences)
        if span.start <= question.answer.start and question.answer.end <= span.end
    ]
    if not holding:
        return None
    span = sentences_around(paragraph.sentences, holding[0], random)
    answer = Span(question.answer.start - span.start, question.answer.end - span.start)
    return Example(
        question.text, paragraph.title, span.slice(paragraph.text), answer, relevant=True
    )


def _claims(material: Material, place: int, random: Random) -> Iterator[Example]:
    """Yield a sentence as a query: its paragraph is relevant, a lookalike is not."""
    question = material.squad.questions[place]
    paragraph = material.squad.paragraphs[question.paragraph]
    if len(paragraph.sentences) < 3:  # noqa: PLR2004 - the claim, and something beside it
        return
    number = random.randrange(len(paragraph.sentences))
    claim = paragraph.sentences[number].slice(paragraph.text)
    rest = [*paragraph.sentences[:number], *paragraph.sentences[number + 1 :]]
    text = " ".join(span.slice(paragraph.text) for span in rest)[:PASSAGE_CHARACTERS]
    yield Example(claim, paragraph.title, text, None, relevant=True, span_known=False)
    if material.lookalikes[place]:
        other = material.squad.paragraphs[random.choice(material.lookalikes[place])]
        if other.title != paragraph.title and other.sentences:
            yield replace(passage_of(claim, other, random), span_known=False)


def as_typed(example: Example, random: Random) -> Example:
    """Return the example as people type: sometimes without title, capitals, or grammar."""
    title = example.title if random.random() < WITH_TITLE else ""
    question = example.question
    if random.random() < LOWER_CASE:
        question = question.lower().rstrip("? ")
    elif random.random() < KEYWORDS:
        words = question.rstrip("? ").split()
        # A function word is dropped only beside a content word, so each is asked with one.
        question = " ".join(word for word in words if len(content_terms(f"{word} {_CONTENT}")) > 1)
        question = question or example.question
    return replace(example, title=title, question=question)
