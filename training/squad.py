"""Which questions and paragraphs is the reader trained on? SQuAD v1.1 train, cut by article.

In: the folder of training data. Out: paragraphs with their sentences, and questions with the place
of their answer. Some whole articles are held out for development, chosen by the hash of the title.
"""

import json
import lzma
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from indexer.documents import Span
from indexer.errors import DatelineError
from indexer.passages import sentences

SQUAD_FILE = Path("squad/train-v1.1.unambiguous.json.xz")
# Articles kept away from training: about 1,900 questions for development.
HELD_OUT_ARTICLES = 12


class TrainingDataError(DatelineError):
    """The training data is missing or is not what was expected."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, with the spans of its sentences."""

    title: str
    text: str = field(repr=False)
    sentences: tuple[Span, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the number of its paragraph, and the span of its answer in that paragraph."""

    id: str
    text: str
    paragraph: int
    answer: Span


@dataclass(frozen=True, slots=True)
class Squad:
    """Paragraphs, and questions about them in an order that only their ids decide."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Question, ...]


def order(text: str) -> int:
    """Return a number that shuffles reproducibly, on every machine."""
    return int(sha256(text.encode()).hexdigest()[:8], 16)


def load_squad(folder: Path, *, held_out: bool) -> Squad:
    """Read the training articles, or those held out for development.

    Raises:
        TrainingDataError: when the file is missing or not SQuAD v1.1.
    """
    path = folder / SQUAD_FILE
    try:
        with lzma.open(path, "rt", encoding="utf-8") as file:
            articles = json.load(file)["data"]
    except (OSError, ValueError, KeyError, lzma.LZMAError) as error:
        raise TrainingDataError(
            f"{path} cannot be read as SQuAD v1.1: {error}. Expected the questions whose answer "
            "occurs once in their paragraph; name the folder of the data with --data"
        ) from error
    articles.sort(key=lambda article: order(article["title"]))
    chosen = articles[:HELD_OUT_ARTICLES] if held_out else articles[HELD_OUT_ARTICLES:]
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    for article in chosen:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for asked in paragraph["qas"]:
                answer = asked["answers"][0]
                start = answer["answer_start"]
                span = Span(start, start + len(answer["text"]))
                questions.append(Question(asked["id"], asked["question"], len(paragraphs), span))
            spans = tuple(sentences(text, Span(0, len(text))))
            paragraphs.append(Paragraph(title, text, spans))
    questions.sort(key=lambda question: (order(question.id), question.id))
    return Squad(tuple(paragraphs), tuple(questions))
