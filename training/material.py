"""Training examples, and the questions and paragraphs that they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from indexer.documents import Span
from training.squad import Squad

# Characters of a passage, about 128 tokens: what the indexer aims at.
PASSAGE_CHARACTERS = 640
ONE_SENTENCE = 0.22


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
    """Questions, paragraphs, lookalikes and seed that examples are made of."""

    squad: Squad
    lookalikes: Sequence[Sequence[int]]
    seed: int


def sentences_around(sentences: Sequence[Span], number: int, random: Random) -> Span:
    """Return sentences around one, to both sides by turns, up to the limit of characters."""
    limit = 0 if random.random() < ONE_SENTENCE else PASSAGE_CHARACTERS
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
