"""Token sequences of examples, and their batches.

[CLS] question [SEP] title [SEP] passage [SEP], the title and its [SEP] left out where there is
none, with the answer as token positions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from retrieval.readers.windows import token_ids, windows
from training.material import Example

PAD = 0
NO_ANSWER = 0  # the position of [CLS]
UNKNOWN = -100  # what torch's cross entropy leaves out


@dataclass(frozen=True, slots=True)
class TokenSequence:
    """One example as token ids; `start` and `end` are positions, inclusive."""

    ids: NDArray[np.int32]
    passage_from: int
    types_from: int
    start: int
    end: int
    relevant: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded arrays, shape (examples, tokens) or (examples,).

    `allowed` marks the tokens that may begin or end an answer: the passage's, and [CLS] for none.
    `relevant` is NaN where the example says nothing about relevance.
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    mask: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    relevant: NDArray[np.float32]


def sequences(tokenizer: Tokenizer, examples: Sequence[Example]) -> Iterator[TokenSequence]:
    """Yield the examples as tokens; those whose answer lies beyond the window are left out."""
    texts = [text for found in examples for text in (found.question, found.title, found.passage)]
    encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
    for number, example in enumerate(examples):
        question, title, passage = encoded[3 * number : 3 * number + 3]
        made = _sequence(example, question, title, passage)
        if made is not None:
            yield made


def _sequence(
    example: Example, question: Encoding, title: Encoding, passage: Encoding
) -> TokenSequence | None:
    # The first window, as the reader makes it in use: no passage of training fills a second one.
    window = windows(
        token_ids(example.question, question),
        token_ids(example.title, title),
        token_ids(example.passage, passage),
    )[0]
    start = end = UNKNOWN
    if example.answer is not None:
        first = passage.char_to_token(example.answer.start)
        last = passage.char_to_token(example.answer.end - 1)
        if first is None or last is None or last >= window.count:
            return None
        start, end = window.begin + first, window.begin + last
    elif example.span_known:
        start = end = NO_ANSWER
    relevant = float("nan") if example.relevant is None else float(example.relevant)
    ids = np.array(window.ids, dtype=np.int32)
    return TokenSequence(ids, window.begin, window.question_end, start, end, relevant)


def batches(
    found: Sequence[TokenSequence], tokens: int, generator: np.random.Generator
) -> Iterator[Batch]:
    """Yield all sequences, in batches of about as many tokens, in a random order of batches.

    Sequences of like length share a batch, so that little is padding.
    """
    if not found:
        return
    order = sorted(range(len(found)), key=lambda number: len(found[number].ids))
    groups: list[list[int]] = [[]]
    for number in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(found[number].ids) > tokens:
            groups.append([])
        groups[-1].append(number)
    for place in generator.permutation(len(groups)):
        yield as_batch([found[number] for number in groups[place]])


def as_batch(found: Sequence[TokenSequence]) -> Batch:
    """Return sequences as padded arrays."""
    length = max(len(sequence.ids) for sequence in found)
    shape = (len(found), length)
    ids = np.full(shape, PAD, dtype=np.int64)
    types = np.zeros(shape, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    allowed = np.zeros(shape, dtype=np.bool_)
    for row, sequence in enumerate(found):
        count = len(sequence.ids)
        ids[row, :count] = sequence.ids
        types[row, sequence.types_from : count] = 1
        mask[row, :count] = 1
        allowed[row, sequence.passage_from : count - 1] = True
        allowed[row, NO_ANSWER] = True
    return Batch(
        ids,
        types,
        mask,
        allowed,
        np.array([sequence.start for sequence in found], dtype=np.int64),
        np.array([sequence.end for sequence in found], dtype=np.int64),
        np.array([sequence.relevant for sequence in found], dtype=np.float32),
    )
