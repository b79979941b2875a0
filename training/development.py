"""Measures of the reader on development data during training; no test set is read."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import nn

from indexer.documents import Span
from retrieval.answering.features import names
from retrieval.answering.parties import swapped
from training import changed_questions, synthetic
from training.material import Example
from training.network import ReaderNetwork
from training.news_questions import development_questions
from training.outputs import outputs_of
from training.sequences import NO_ANSWER, TokenSequence, as_batch, sequences
from training.squad import load_squad, reading

SQUAD_QUESTIONS = 500
NEWS_QUESTIONS = 350
SYNTHETIC_GROUPS = 150
SYNTHETIC_SEED = 987_654  # no epoch of training has it
_BATCH_TOKENS = 6_000
_SPAN_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Scored:
    """Logits of one example: relevance, best span less null, and the span's token positions."""

    relevance: float
    margin: float
    start: int
    end: int


class DevelopmentSet:
    """Questions that are measured again and again; the same ones each time."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, most: int | None = None) -> None:
        """Read everything once; of each set all, or the first so many questions."""
        self._tokenizer = tokenizer
        squad = _squad_examples(folder)[:most]
        self._parts = {
            "squad": squad,
            "changed": _changed_examples(squad),
            "news": _news_examples(folder)[:most],
            "synthetic": _synthetic_examples()[:most],
        }
        self._selection = {
            name: list(_selection_examples(folder / "as2" / f"{name}.tsv"))[:most]
            for name in ("wikiqa/dev", "trecqa/clean-dev")
        }

    def measure(self, network: ReaderNetwork, words: nn.Embedding) -> dict[str, float]:
        """Return the measures by name; higher is better for each."""
        network.eval()
        scored = {name: self._score(part, network, words) for name, part in self._parts.items()}
        found = {
            "squad_f1": self._f1(self._parts["squad"], scored["squad"]),
            "news_f1": self._f1(self._parts["news"], scored["news"]),
            "changed_auroc": _auroc(scored["squad"], scored["changed"]),
            "synthetic_auroc": _auroc_of(self._parts["synthetic"], scored["synthetic"]),
        }
        for name, groups in self._selection.items():
            found[f"{name}_map"] = self._mean_average_precision(groups, network, words)
        network.train()
        return found

    def _score(
        self, examples: Sequence[Example], network: ReaderNetwork, words: nn.Embedding
    ) -> list[Scored]:
        # Without answers no sequence is left out.
        bare = [replace(example, answer=None) for example in examples]
        return score(network, words, list(sequences(self._tokenizer, bare)))

    def _f1(self, examples: Sequence[Example], scored: Sequence[Scored]) -> float:
        made = list(sequences(self._tokenizer, [replace(e, answer=None) for e in examples]))
        total = 0.0
        for example, found, sequence in zip(examples, scored, made, strict=True):
            encoding = self._tokenizer.encode(example.passage, add_special_tokens=False)
            start = encoding.offsets[found.start - sequence.passage_from][0]
            end = encoding.offsets[found.end - sequence.passage_from][1]
            answer = example.answer.slice(example.passage) if example.answer else ""
            total += overlap(example.passage[start:end], answer)
        return total / len(examples)

    def _mean_average_precision(
        self,
        groups: Sequence[tuple[list[Example], list[bool]]],
        network: ReaderNetwork,
        words: nn.Embedding,
    ) -> float:
        flat = [example for examples, _ in groups for example in examples]
        scored = iter(self._score(flat, network, words))
        generator = np.random.default_rng(5)
        found = []
        for _, labels in groups:
            values = np.array([evidence_of(next(scored)) for _ in labels])
            right = np.array(labels)[np.lexsort((generator.random(len(values)), -values))]
            ranks = np.flatnonzero(right) + 1
            found.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
        return float(np.mean(found))


def score(
    network: ReaderNetwork, words: nn.Embedding, found: Sequence[TokenSequence]
) -> list[Scored]:
    """Return the logits of each sequence, in the order given."""
    by_length = sorted(range(len(found)), key=lambda number: len(found[number].ids))
    scored: dict[int, Scored] = {}
    while by_length:
        longest = len(found[by_length[-1]].ids)
        count = max(1, _BATCH_TOKENS // longest)
        part, by_length = by_length[-count:], by_length[:-count]
        batch = as_batch([found[number] for number in part])
        with torch.inference_mode():
            outputs = [output.numpy() for output in outputs_of(network, words, batch)]
        rows = zip(part, *outputs, strict=True)
        for row, (number, relevant, starts, ends) in enumerate(rows):
            scored[number] = _best(float(relevant), starts, ends, batch.allowed[row])
    return [scored[number] for number in range(len(found))]


def _best(
    relevance: float,
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    allowed: NDArray[np.bool_],
) -> Scored:
    inside = np.flatnonzero(allowed)[1:]  # without [CLS]
    sums = start[inside][:, None] + end[inside][None, :]
    length = np.arange(len(inside))
    apart = length[None, :] - length[:, None]
    sums = np.where((apart >= 0) & (apart < _SPAN_TOKENS), sums, -np.inf)
    first, last = np.unravel_index(int(np.argmax(sums)), sums.shape)
    null = float(start[NO_ANSWER] + end[NO_ANSWER])
    return Scored(relevance, float(sums[first, last]) - null, int(inside[first]), int(inside[last]))


def evidence_of(scored: Scored) -> float:
    """Return relevance and margin in one number, the higher the likelier an answer."""
    return scored.relevance + scored.margin


def _squad_examples(folder: Path) -> list[Example]:
    squad = load_squad(folder, held_out=True)
    return [
        Example(
            question.text,
            squad.paragraphs[question.paragraph].title,
            squad.paragraphs[question.paragraph].text[:1200],
            question.answer,
            relevant=True,
        )
        for question in squad.questions
        if question.answer.end <= 700  # noqa: PLR2004 - within one window
    ][:SQUAD_QUESTIONS]


def _changed_examples(examples: Sequence[Example]) -> list[Example]:
    """Return the questions that can be changed, changed; a swap before anything else."""
    random = Random(17)
    made = []
    for place, example in enumerate(examples):
        others = [
            name.slice(examples[place - 1].question) for name in names(examples[place - 1].question)
        ]
        text = (
            swapped(example.question)
            or changed_questions.renumbered(example.question, random)
            or changed_questions.reversed_meaning(example.question, random)
            or changed_questions.renamed(example.question, others, random)
        )
        if text is not None:
            made.append(replace(example, question=text, answer=None))
    return made


def _news_examples(folder: Path) -> list[Example]:
    return [
        Example(asked.question, "", asked.evidence, asked.answer, relevant=True)
        for asked in development_questions(folder)[:NEWS_QUESTIONS]
    ]


def _synthetic_examples() -> list[Example]:
    return [
        Example(
            found.question,
            found.title,
            found.passage,
            Span(found.start, found.end) if found.start >= 0 else None,
            relevant=found.start >= 0,
        )
        for group in synthetic.generate(SYNTHETIC_SEED, SYNTHETIC_GROUPS)
        for found in group
    ]


def _selection_examples(path: Path) -> Iterator[tuple[list[Example], list[bool]]]:
    """Yield questions with candidate sentences, at least one of them right and one wrong."""
    with (
        reading(path, "rows of qid, question, sentence and label"),
        path.open(encoding="utf-8", newline="") as file,
    ):
        rows = [
            (row["qid"], row["question"], row["sentence"], row["label"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    for _, group in groupby(rows, key=lambda row: row[0]):
        listed = list(group)
        labels = [label == "1" for *_, label in listed]
        if any(labels) and not all(labels):
            yield (
                [
                    Example(question, "", sentence, None, None)
                    for _, question, sentence, _ in listed
                ],
                labels,
            )


def _auroc(right: Sequence[Scored], wrong: Sequence[Scored]) -> float:
    values = [evidence_of(scored) for scored in (*right, *wrong)]
    return float(roc_auc_score([1] * len(right) + [0] * len(wrong), values))


def _auroc_of(examples: Sequence[Example], scored: Sequence[Scored]) -> float:
    labels = [example.answer is not None for example in examples]
    return float(roc_auc_score(labels, [evidence_of(found) for found in scored]))


def overlap(found: str, answer: str) -> float:
    """Return the F1 of two texts' words."""
    one, other = found.lower().split(), answer.lower().split()
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other)) if shared else 0.0
