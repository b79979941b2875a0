import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from indexer.documents import Span
from retrieval.query.days import in_days_of
from retrieval.query.wording import in_words_of
from retrieval.readers.trained import Calibration, TrainedReader
from retrieval.readers.trained_files import open_tokenizer, open_word_embeddings
from retrieval.readers.windows import CLS_ID, SEP_ID
from retrieval.settings import QUESTION_TOKENS, TITLE_TOKENS, WINDOW_TOKENS
from tests.support.reader_models import passage_of
from training.examples import examples
from training.material import Example, Material
from training.sequences import (
    NO_ANSWER,
    UNKNOWN,
    TokenSequence,
    as_batch,
    batches,
    sequences,
)


class _Recorder:
    """Stands for the model: keeps what the reader gives it, and answers with zeros."""

    def __init__(self) -> None:
        self.feeds: list[dict[str, Any]] = []

    def run(self, _outputs: Sequence[str], feed: dict[str, Any]) -> list[Any]:
        self.feeds.append(feed)
        logits = np.zeros(feed["mask"].shape, dtype=np.float32)
        return [np.zeros(1, dtype=np.float32), logits, logits]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


@pytest.fixture(scope="module")
def stream(material: Material) -> list[Example]:
    """Return the examples of three epochs."""
    return [example for epoch in range(3) for example in examples(material, epoch)]


def _one(tokenizer: Tokenizer, example: Example) -> TokenSequence:
    (found,) = sequences(tokenizer, [example])
    return found


def _answered(question: str, title: str, passage: str, answer: str) -> Example:
    start = passage.index(answer)
    return Example(question, title, passage, Span(start, start + len(answer)), relevant=True)


def _made(length: int, start: int = NO_ANSWER) -> TokenSequence:
    """Return a sequence of its own number, with a question of two tokens and no title."""
    ids = np.arange(1, length + 1, dtype=np.int32) + 1000 * length
    return TokenSequence(ids, 4, 4, start, start, 1.0)


def test_the_position_of_every_answer_decodes_to_its_words(
    tokenizer: Tokenizer, stream: list[Example]
) -> None:
    answered = [example for example in stream if example.answer is not None]

    found = list(sequences(tokenizer, answered))

    assert len(found) == len(answered) > 100
    for example, sequence in zip(answered, found, strict=True):
        assert example.answer is not None
        words = tokenizer.encode(example.answer.slice(example.passage), add_special_tokens=False)
        assert sequence.ids[sequence.start : sequence.end + 1].tolist() == words.ids
        assert sequence.passage_from <= sequence.start <= sequence.end < len(sequence.ids) - 1


def test_a_sequence_is_question_title_and_passage_between_marks(tokenizer: Tokenizer) -> None:
    example = _answered("Who swam?", "The lake", "Ada swam far.", "Ada")

    sequence = _one(tokenizer, example)

    assert tokenizer.decode(sequence.ids.tolist(), skip_special_tokens=False) == (
        "[CLS] who swam? [SEP] the lake [SEP] ada swam far. [SEP]"
    )
    assert (sequence.types_from, sequence.passage_from) == (5, 8)
    assert (sequence.start, sequence.end) == (8, 8)


def test_without_a_title_its_mark_is_left_out_too(tokenizer: Tokenizer) -> None:
    sequence = _one(tokenizer, _answered("Who swam?", "", "Ada swam far.", "swam far"))

    assert tokenizer.decode(sequence.ids.tolist(), skip_special_tokens=False) == (
        "[CLS] who swam? [SEP] ada swam far. [SEP]"
    )
    assert (sequence.types_from, sequence.passage_from) == (5, 5)
    assert (sequence.start, sequence.end) == (6, 7)


def test_training_gives_the_network_what_the_reader_gives_it_in_use(
    tokenizer: Tokenizer, stream: list[Example]
) -> None:
    """The reader's own code makes the one side, the training's the other."""
    words = open_word_embeddings()
    recorder = _Recorder()
    reader = TrainedReader(recorder, tokenizer, words, 1, Calibration())
    long = Example(
        "why? " * 70, "a long title " * 20, "The pond froze. " * 40, None, relevant=False
    )

    for example in (*stream[::9], long):
        recorder.feeds.clear()
        reader.read(example.question, [passage_of(example.passage, title=example.title or None)])

        wording = in_days_of(example.passage, None, in_words_of(example.passage, example.question))
        sequence = _one(tokenizer, replace(example, question=wording))
        batch = as_batch([sequence])
        (feed,) = recorder.feeds
        assert np.array_equal(feed["embeddings"][0], words[sequence.ids])
        assert np.array_equal(feed["token_types"], batch.types)
        assert np.array_equal(feed["mask"], batch.mask)


def test_a_long_question_and_a_long_title_are_cut(tokenizer: Tokenizer) -> None:
    example = Example("pond " * 200, "lake " * 200, "Ada swam.", Span(0, 3), relevant=True)

    sequence = _one(tokenizer, example)

    assert sequence.types_from == 1 + QUESTION_TOKENS + 1
    assert sequence.passage_from == sequence.types_from + TITLE_TOKENS + 1
    assert tokenizer.decode(sequence.ids[sequence.start : sequence.end + 1].tolist()) == "ada"


def test_a_passage_is_cut_at_the_window_and_an_answer_beyond_it_left_out(
    tokenizer: Tokenizer,
) -> None:
    passage = "river " * 240 + "Ada " + "river " * 100 + "Ben"
    inside = _answered("who ?", "", passage, "Ada")
    beyond = _answered("who ?", "", passage, "Ben")
    across = Example("who ?", "", passage, Span(0, len(passage)), relevant=True)
    none = Example("who ?", "", passage, None, relevant=False)

    found = list(sequences(tokenizer, [inside, beyond, across, none]))

    assert [len(sequence.ids) for sequence in found] == [WINDOW_TOKENS] * 2
    assert found[0].start == found[0].end == 4 + 240
    assert found[1].start == NO_ANSWER
    assert all(sequence.ids[-1] == SEP_ID for sequence in found)


def test_the_last_token_of_the_window_may_be_the_answer(tokenizer: Tokenizer) -> None:
    room = WINDOW_TOKENS - 4 - 1
    last = _answered("who ?", "", "river " * (room - 1) + "Ada", "Ada")
    first_beyond = _answered("who ?", "", "river " * room + "Ada", "Ada")

    found = list(sequences(tokenizer, [last, first_beyond]))

    assert [sequence.start for sequence in found] == [WINDOW_TOKENS - 2]


def test_labels_say_answer_no_answer_or_nothing(tokenizer: Tokenizer) -> None:
    text = "Ada swam."
    labelled = [
        Example("who?", "", text, Span(0, 3), relevant=True),
        Example("who?", "", text, None, relevant=False),
        Example("who?", "", text, None, relevant=None),
        Example("who?", "", text, None, relevant=True, span_known=False),
    ]

    found = list(sequences(tokenizer, labelled))

    assert [(s.start, s.end) for s in found] == [
        (4, 4),
        (NO_ANSWER, NO_ANSWER),
        (NO_ANSWER, NO_ANSWER),
        (UNKNOWN, UNKNOWN),
    ]
    assert [s.relevant for s in found[:2]] == [1.0, 0.0]
    assert math.isnan(found[2].relevant)
    assert found[3].relevant == 1.0


def test_marks_in_a_text_are_text(tokenizer: Tokenizer) -> None:
    sequence = _one(tokenizer, _answered("[SEP] who?", "[CLS]", "[SEP] Ada [PAD] [CLS].", "Ada"))

    counted = Counter(sequence.ids.tolist())
    assert (counted[SEP_ID], counted[CLS_ID], counted[0]) == (3, 1, 0)
    assert tokenizer.decode([int(sequence.ids[sequence.start])]) == "ada"


def test_an_answer_inside_a_token_is_that_token(tokenizer: Tokenizer) -> None:
    sequence = _one(tokenizer, _answered("which year?", "", "It was in 1850.", "185"))

    assert tokenizer.decode(sequence.ids[sequence.start : sequence.end + 1].tolist()) == "1850"


def test_an_answer_that_begins_in_white_space_is_left_out(tokenizer: Tokenizer) -> None:
    assert list(sequences(tokenizer, [_answered("who?", "", "It was Ada.", " Ada")])) == []


def test_a_batch_is_padded_and_marks_what_may_answer() -> None:
    one = TokenSequence(np.array([101, 7, 102, 8, 102, 9, 102], dtype=np.int32), 5, 3, 5, 5, 1.0)
    other = TokenSequence(np.array([101, 7, 102, 9, 102], dtype=np.int32), 3, 3, 0, 0, math.nan)

    batch = as_batch([one, other])

    assert batch.ids.tolist() == [[101, 7, 102, 8, 102, 9, 102], [101, 7, 102, 9, 102, 0, 0]]
    assert batch.types.tolist() == [[0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]]
    assert batch.mask.tolist() == [[1] * 7, [1, 1, 1, 1, 1, 0, 0]]
    assert np.flatnonzero(batch.allowed[0]).tolist() == [0, 5]
    assert np.flatnonzero(batch.allowed[1]).tolist() == [0, 3]
    assert (batch.start.tolist(), batch.end.tolist()) == ([5, 0], [5, 0])
    assert batch.relevant[0] == 1.0
    assert np.isnan(batch.relevant[1])


def test_batches_hold_every_sequence_once_within_the_budget_and_with_little_padding() -> None:
    lengths = np.random.default_rng(3).integers(10, 257, size=1500).tolist()

    made = list(batches([_made(length) for length in lengths], 4096, np.random.default_rng(1)))

    assert sorted(int(n) for batch in made for n in batch.mask.sum(axis=1)) == sorted(lengths)
    assert max(batch.ids.size for batch in made) <= 4096
    assert sum(batch.ids.size for batch in made) < 1.05 * sum(lengths)
    full = [batch.ids.size for batch in made if batch.ids.size < 3800]
    assert len(full) <= 1  # only the last group may be far from full


def test_batches_keep_each_sequence_as_it_is(tokenizer: Tokenizer, stream: list[Example]) -> None:
    found = list(sequences(tokenizer, stream))

    made = list(batches(found, 2048, np.random.default_rng(1)))

    rows = Counter(
        (tuple(batch.ids[row, : batch.mask[row].sum()].tolist()), int(start), int(end))
        for batch in made
        for row, (start, end) in enumerate(zip(batch.start, batch.end, strict=True))
    )
    assert rows == Counter((tuple(s.ids.tolist()), s.start, s.end) for s in found)


def test_the_order_of_batches_is_random_and_only_the_generator_decides_it() -> None:
    found = [_made(length) for length in range(10, 200)]

    def order(seed: int) -> list[int]:
        return [int(b.ids[0, 0]) for b in batches(found, 1000, np.random.default_rng(seed))]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert sorted(order(1)) == sorted(order(2)) != order(1)


def test_a_sequence_longer_than_the_budget_has_a_batch_of_its_own() -> None:
    found = [_made(length) for length in (50, 60, 10)]

    made = list(batches(found, 20, np.random.default_rng(1)))

    assert sorted(batch.ids.shape for batch in made) == [(1, 10), (1, 50), (1, 60)]


def test_no_sequences_make_no_batch() -> None:
    assert list(batches([], 100, np.random.default_rng(1))) == []
