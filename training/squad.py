"""Questions and paragraphs of SQuAD v1.1 train, split by article.

Some whole articles are held out for development, chosen by the hash of the title.
"""

import json
import lzma
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from indexer.build.passages import sentences
from indexer.documents import Span
from indexer.errors import DatelineError

SQUAD_FILE = Path("squad/train-v1.1.unambiguous.json.xz")
# Articles kept away from training: about 1,900 questions for development.
HELD_OUT_ARTICLES = 12
_BROKEN = (OSError, EOFError, lzma.LZMAError, ValueError, LookupError, TypeError, AttributeError)


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


@contextmanager
def reading(path: Path, expected: str) -> Iterator[None]:
    """Say of whatever goes wrong inside that the file is missing, or not what was expected.

    Raises:
        TrainingDataError: for every sign of a missing, truncated or other file.
    """
    try:
        yield
    except _BROKEN as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise TrainingDataError(
            f"{path} cannot be read: {reason or type(error).__name__}. Expected {expected}. Name "
            "the folder of the data with --data"
        ) from error


def load_squad(folder: Path, *, held_out: bool) -> Squad:
    """Read the training articles, or those held out for development.

    Raises:
        TrainingDataError: when the file is missing or not SQuAD v1.1.
    """
    path = folder / SQUAD_FILE
    with reading(path, "SQuAD v1.1, the questions whose answer occurs once in their paragraph"):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            articles = json.load(file)["data"]
        articles.sort(key=lambda article: order(article["title"]))
        if len(articles) <= HELD_OUT_ARTICLES:
            raise ValueError(
                f"{len(articles)} articles, of which {HELD_OUT_ARTICLES} are held out from training"
            )
        return _squad(articles[:HELD_OUT_ARTICLES] if held_out else articles[HELD_OUT_ARTICLES:])


def _squad(articles: Sequence[dict[str, Any]]) -> Squad:
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    for article in articles:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for asked in paragraph["qas"]:
                span = _answer(asked, text)
                questions.append(Question(asked["id"], asked["question"], len(paragraphs), span))
            spans = tuple(sentences(text, Span(0, len(text))))
            paragraphs.append(Paragraph(title, text, spans))
    if not questions:
        raise ValueError("there is no question in it")
    questions.sort(key=lambda question: (order(question.id), question.id))
    return Squad(tuple(paragraphs), tuple(questions))


def _answer(asked: dict[str, Any], text: str) -> Span:
    answer = asked["answers"][0]
    start = answer["answer_start"]
    span = Span(start, start + len(answer["text"]))
    if span.slice(text) != answer["text"]:
        raise ValueError(f"the answer of question {asked['id']} is not at its place")
    return span
