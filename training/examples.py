"""What does the reader see in training? Questions, each with a passage that answers it or does not.

In: SQuAD and lookalikes, a seed. Out: a stream of `Example`s, the same for the same seed. Every
question comes with its passage and with one that does not answer, or with itself changed so that
its own passage no longer answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from indexer.analyzer import content_terms
from indexer.documents import Span
from retrieval.question_form import names
from training import changed_questions, synthetic
from training.squad import Paragraph, Question, Squad

# Characters of a passage, about 128 tokens: what the indexer aims at.
PASSAGE_CHARACTERS = 640
ONE_SENTENCE = 0.22
WITH_TITLE = 0.5
LOWER_CASE = 0.08
KEYWORDS = 0.04
CLAIMS = 0.06
SYNTHETIC = 0.10
RENAMED = 0.12
_MOST_TRIES = 8

# How often each kind of passage that does not answer is taken, where it can be had.
NEGATIVES = {
    "answer_removed": 0.14,
    "same_article": 0.18,
    "lookalike": 0.24,
    "swapped": 0.12,
    "changed": 0.28,
    "unrelated": 0.04,
}


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage. `answer` is a span of the passage; None when it does not answer.

    `relevant` is what the relevance output is to learn: None where only the words of the question
    were changed, for the passage stays on its subject. With `span_known` false, the example says
    nothing about spans.
    """

    question: str
    title: str
    passage: str
    answer: Span | None
    relevant: bool | None
    span_known: bool = True


@dataclass(frozen=True, slots=True)
class Material:
    """What examples are made of."""

    squad: Squad
    lookalikes: Sequence[Sequence[int]]
    seed: int


def examples(material: Material, epoch: int) -> Iterator[Example]:
    """Yield one epoch of examples: each question twice or more, synthetic ones in between."""
    random = Random(f"{material.seed} {epoch}")
    by_title: dict[str, list[int]] = {}
    for number, paragraph in enumerate(material.squad.paragraphs):
        by_title.setdefault(paragraph.title, []).append(number)
    made = _synthetic(material, epoch)
    order = list(range(len(material.squad.questions)))
    random.shuffle(order)
    for place in order:
        for example in _of_question(material, place, by_title, random):
            yield _as_typed(example, random)
        if random.random() < SYNTHETIC:
            yield from (_as_typed(example, random) for example in next(made))
        if random.random() < CLAIMS:
            yield from _claims(material, place, random)


def _synthetic(material: Material, epoch: int) -> Iterator[list[Example]]:
    seed = material.seed * 1000 + epoch
    for group in synthetic.generate(seed, len(material.squad.questions)):
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
    positive = _around(question, paragraph, random)
    if positive is None:
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
        negative = _negative(kind, material, place, positive, by_title, random)
        if negative is not None:
            yield negative
            return
        kinds.remove(kind)


def _renamed_twins(positive: Example, squad: Squad, random: Random) -> tuple[Example, ...]:
    """Return the example with a name replaced on both sides, and that asked by the old name."""
    if positive.answer is None:
        return ()
    others = _names_in(random.choice(squad.paragraphs).text)
    renamed = changed_questions.renamed_everywhere(
        positive.question, positive.passage, positive.answer, others, random
    )
    if renamed is None:
        return ()
    question, passage, answer = renamed
    twin = replace(positive, title="", question=question, passage=passage, answer=answer)
    return twin, replace(twin, question=positive.question, answer=None, relevant=None)


def _around(question: Question, paragraph: Paragraph, random: Random) -> Example | None:
    """Return the question with sentences around its answer, None where a sentence cuts it."""
    holding = [
        number
        for number, span in enumerate(paragraph.sentences)
        if span.start <= question.answer.start and question.answer.end <= span.end
    ]
    if not holding:
        return None
    limit = 0 if random.random() < ONE_SENTENCE else PASSAGE_CHARACTERS
    span = _grown(paragraph.sentences, holding[0], limit, random)
    answer = Span(question.answer.start - span.start, question.answer.end - span.start)
    return Example(
        question.text, paragraph.title, span.slice(paragraph.text), answer, relevant=True
    )


def _grown(sentences: Sequence[Span], number: int, limit: int, random: Random) -> Span:
    """Return sentences around one, to both sides by turns, up to the limit of characters."""
    first = last = number
    while True:
        sides = []
        if first > 0 and sentences[last].end - sentences[first - 1].start <= limit:
            sides.append(-1)
        if last + 1 < len(sentences) and sentences[last + 1].end - sentences[first].start <= limit:
            sides.append(1)
        if not sides:
            return Span(sentences[first].start, sentences[last].end)
        if random.choice(sides) < 0:
            first -= 1
        else:
            last += 1


def _negative(
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
            text = changed_questions.swapped(question.text)
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
            return _passage_of(question.text, other, random)
    return None


def _passage_of(question: str, paragraph: Paragraph, random: Random) -> Example:
    """Return sentences of a paragraph that does not answer; those with its words, mostly."""
    wanted = set(content_terms(question))
    shared = [
        len(wanted.intersection(content_terms(span.slice(paragraph.text))))
        for span in paragraph.sentences
    ]
    best = max(range(len(shared)), key=lambda number: (shared[number], random.random()))
    limit = 0 if random.random() < ONE_SENTENCE else PASSAGE_CHARACTERS
    span = _grown(paragraph.sentences, best, limit, random)
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
    return _passage_of(question.text, rest, random)


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
            changed = changed_questions.renamed(question, _names_in(other.text), random)
        if changed is not None and changed != question:
            return changed
    return None


def _names_in(text: str) -> list[str]:
    return [name.slice(text) for name in names(text) if len(name.slice(text)) > 1]


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
            yield replace(_passage_of(claim, other, random), span_known=False)


def _as_typed(example: Example, random: Random) -> Example:
    """Return the example as people type: sometimes without title, capitals, or grammar."""
    title = example.title if random.random() < WITH_TITLE else ""
    question = example.question
    if random.random() < LOWER_CASE:
        question = question.lower().rstrip("? ")
    elif random.random() < KEYWORDS:
        words = question.rstrip("? ").split()
        question = " ".join(word for word in words if content_terms(word)) or question
    return replace(example, title=title, question=question)
