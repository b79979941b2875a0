"""What numbers does a task become? One row of features a sentence, or a passage.

In: `Task`s and the names of features. Out: matrices with labels. Vectors are made once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.baseline_reader_data import Task
from indexer.encoder import Encoder, EncoderSpec
from indexer.store import Embeddings, StoredPassage
from retrieval.asked_question import AskedQuestion, read_sentence, take_apart, vocabulary
from retrieval.sentence_features import measure, relevance_features

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Features (rows, names) with, for each row, its task's number and its label.

    Labels: 1 answers, 0 does not, -1 unclear. `tasks` is how many tasks there are.
    """

    matrix: Floats
    labels: NDArray[np.int64]
    task: NDArray[np.int64]
    tasks: int


class Vectors:
    """An encoder that remembers; it satisfies `Encoder`, so the reader can use it too."""

    def __init__(self, encoder: Encoder, cache: Path | None) -> None:
        self._encoder = encoder
        self._cache = cache
        self._known: dict[str, Embeddings] = {}
        if cache and cache.exists():
            with np.load(cache) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    @property
    def spec(self) -> EncoderSpec:
        """The identity of the model."""
        return self._encoder.spec

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return the vectors, encoding what is new."""
        keys = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        ordered = sorted(new.items(), key=lambda item: len(item[1]))
        for first in range(0, len(ordered), 256):
            batch = ordered[first : first + 256]
            vectors = self._encoder.encode([text for _, text in batch])
            self._known.update(zip((key for key, _ in batch), vectors, strict=True))
        return np.stack([self._known[key] for key in keys])

    def learn(self, tasks: Sequence[Task]) -> None:
        """Encode all texts of the tasks at once, which is much faster than one passage a call."""
        texts = {task.question for task in tasks}
        texts.update(text for task in tasks for found in task.passages for text in texts_of(found))
        self.encode(sorted(texts))

    def save(self) -> None:
        """Write what is known, when there is a place for it."""
        if self._cache:
            np.savez(
                self._cache,
                keys=np.array(list(self._known)),
                vectors=np.stack([*self._known.values()]),
            )


def sentence_rows(tasks: Sequence[Task], vectors: Vectors, names: Sequence[str]) -> Rows:
    """Return one row a sentence."""
    vectors.learn(tasks)
    matrix, labels, numbers = [], [], []
    for number, task in enumerate(tasks):
        asked = take_apart(task.question)
        for place, passage in enumerate(task.passages):
            for at, features in enumerate(_features(task, asked, passage, vectors)):
                matrix.append([features[name] for name in names])
                labels.append(_label(task, place, at))
                numbers.append(number)
    return Rows(np.array(matrix), np.array(labels), np.array(numbers), len(tasks))


def passage_rows(tasks: Sequence[Task], vectors: Vectors, names: Sequence[str]) -> Rows:
    """Return one row a passage; it answers when one of its sentences does."""
    vectors.learn(tasks)
    matrix, labels, numbers = [], [], []
    for number, task in enumerate(tasks):
        asked = take_apart(task.question)
        for place, passage in enumerate(task.passages):
            sentences = _features(task, asked, passage, vectors)
            features = relevance_features(sentences)
            features["cosine"] = max(sentence["cosine"] for sentence in sentences)
            matrix.append([features[name] for name in names])
            labels.append(max(_label(task, place, at) for at in range(len(sentences))))
            numbers.append(number)
    return Rows(np.array(matrix), np.array(labels), np.array(numbers), len(tasks))


def texts_of(passage: StoredPassage) -> list[str]:
    """Return the sentences of a passage."""
    start = passage.passage.start
    return [
        passage.text[span.start - start : span.end - start] for span in passage.passage.sentences
    ]


def _features(
    task: Task, asked: AskedQuestion, passage: StoredPassage, vectors: Vectors
) -> list[dict[str, float]]:
    texts = texts_of(passage)
    context = vocabulary(f"{passage.title or ''}\n{passage.text}")
    encoded = vectors.encode([task.question, *texts])
    cosines: Iterable[np.float32] = encoded[1:] @ encoded[0]
    return [
        {**measure(asked, read_sentence(text), context), "cosine": float(cosine)}
        for text, cosine in zip(texts, cosines, strict=True)
    ]


def _label(task: Task, place: int, at: int) -> int:
    if (place, at) in task.gold:
        return 1
    return -1 if (place, at) in task.unclear else 0
