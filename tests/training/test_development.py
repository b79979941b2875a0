from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch import nn

from indexer.documents import Span
from retrieval.readers.trained_files import VOCABULARY, open_tokenizer
from tests.support.tiny_network import tiny_network
from training import development as module
from training.development import DevelopmentSet, Scored, score
from training.material import Example
from training.network import ReaderNetwork
from training.news_questions import development_questions
from training.sequences import TokenSequence, sequences
from training.squad import TrainingDataError, load_squad


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


@pytest.fixture(scope="module")
def development(folder: Path, tokenizer: Tokenizer) -> Iterator[DevelopmentSet]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SYNTHETIC_GROUPS", 12)
        yield DevelopmentSet(folder, tokenizer)


class _Marking(nn.Module):
    """Reads its logits off the word embeddings: relevance is their sum, start and end each one."""

    def forward(
        self, embeddings: torch.Tensor, token_types: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        relevance, start, end = (embeddings * (token_types * mask)[:, :, None]).unbind(-1)
        return relevance.sum(-1), start, end


def _words(tokenizer: Tokenizer, logits: dict[str, tuple[float, float, float]]) -> nn.Embedding:
    words = nn.Embedding(VOCABULARY, 3)
    nn.init.zeros_(words.weight)
    with torch.no_grad():
        for token, (relevance, start, end) in logits.items():
            words.weight[tokenizer.token_to_id(token)] = torch.tensor([relevance, start, end])
    return words


def _made(tokenizer: Tokenizer, *texts: str) -> list[TokenSequence]:
    listed = [Example("who?", "", text, None, None) for text in texts]
    return list(sequences(tokenizer, listed))


def _network() -> ReaderNetwork:
    return _Marking()  # type: ignore[return-value] # it is called in the same way


def test_scores_are_relevance_and_the_best_span_less_no_answer(tokenizer: Tokenizer) -> None:
    logits = {"ada": (2.0, 4.0, 1.0), "swam": (1.0, 0.0, 3.0), "[SEP]": (0.0, 9.0, 9.0)}
    words = _words(tokenizer, logits)

    found = score(_network(), words, _made(tokenizer, "Then ada swam.", "Nobody came."))

    # Type 1 begins after the question's mark: [CLS] who ? [SEP], then the passage.
    assert found == [
        Scored(relevance=3.0, margin=7.0, start=5, end=6),
        Scored(relevance=0.0, margin=0.0, start=4, end=4),
    ]


def test_scores_keep_the_order_of_the_examples_in_batches_of_any_size(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _words(tokenizer, {"pond": (1.0, 2.0, 2.0)})
    counts = [3, 50, 1, 7, 20, 2, 11]
    made = _made(tokenizer, *("pond " * count for count in counts))

    whole = score(_network(), words, made)
    monkeypatch.setattr(module, "_BATCH_TOKENS", 60)

    assert score(_network(), words, made) == whole
    assert [found.relevance for found in whole] == counts


def _best(start: list[float], end: list[float], allowed: list[int]) -> Scored:
    may = np.zeros(len(start), dtype=np.bool_)
    may[allowed] = True
    return module._best(
        0.5, np.array(start, dtype=np.float32), np.array(end, dtype=np.float32), may
    )


def test_a_span_never_ends_before_it_starts() -> None:
    found = _best([1.0, 0.0, 0.0, 5.0], [1.0, 9.0, 5.0, 2.0], [0, 1, 2, 3])

    # 5 + 9 would end before it starts.
    assert found == Scored(relevance=0.5, margin=7.0, start=1, end=1)


def test_a_span_is_at_most_so_long_as_the_readers() -> None:
    start, end = np.zeros(60), np.zeros(60)
    start[5], end[5 + 31], end[5 + 32] = 10.0, 6.0, 7.0

    found = _best(start.tolist(), end.tolist(), [0, *range(4, 60)])

    assert (found.start, found.end, found.margin) == (5, 36, 16.0)


def test_words_of_the_question_are_no_answer() -> None:
    found = _best([0.0, 50.0, 1.0, 0.0], [0.0, 50.0, 1.0, 0.0], [0, 2, 3])

    assert (found.start, found.end) == (2, 2)


@pytest.mark.parametrize(
    ("found", "answer", "f1"),
    [
        ("Ada Brennick", "ada brennick", 1.0),
        ("Ada", "Ada Brennick", 2 / 3),
        ("the the bell", "the bell", 4 / 5),
        ("bell", "tower", 0.0),
        ("", "tower", 0.0),
    ],
)
def test_f1_is_of_the_words_that_both_have(found: str, answer: str, f1: float) -> None:
    assert module.overlap(found, answer) == pytest.approx(f1)


def test_right_spans_have_an_f1_of_one_and_others_less(
    development: DevelopmentSet, tokenizer: Tokenizer
) -> None:
    examples = development._parts["squad"]
    right = [Scored(0.0, 0.0, s.start, s.end) for s in sequences(tokenizer, examples)]
    first = replace(right[0], end=right[0].start + 1)

    assert development._f1(examples, right) == 1.0
    one = module.overlap(_text(examples[0], tokenizer, first), _answer(examples[0]))
    expected = (one + len(examples) - 1) / len(examples)
    assert one < 1
    assert development._f1(examples, [first, *right[1:]]) == pytest.approx(expected)


def _answer(example: Example) -> str:
    assert example.answer is not None
    return example.answer.slice(example.passage)


def _text(example: Example, tokenizer: Tokenizer, scored: Scored) -> str:
    (sequence,) = sequences(tokenizer, [example])
    ids = sequence.ids[scored.start : scored.end + 1].tolist()
    decoded: str = tokenizer.decode(ids)
    return decoded


def test_what_is_measured_is_held_out_and_of_the_development_half(
    development: DevelopmentSet, folder: Path
) -> None:
    held_out = load_squad(folder, held_out=True)
    parts = development._parts

    assert [example.question for example in parts["squad"]] == [
        question.text for question in held_out.questions
    ]
    assert [example.question for example in parts["news"]] == [
        asked.question for asked in development_questions(folder)
    ]
    for example in (*parts["squad"], *parts["news"]):
        assert example.answer is not None
        assert _answer(example) in example.passage
    training = {p.text for p in load_squad(folder, held_out=False).paragraphs}
    assert not any(example.passage in training for example in parts["squad"])


def test_changed_questions_have_no_answer_in_the_same_passage(development: DevelopmentSet) -> None:
    asked: dict[str, set[str]] = {}
    for example in development._parts["squad"]:
        asked.setdefault(example.passage, set()).add(example.question)
    changed = development._parts["changed"]

    assert len(changed) > len(asked)
    for example in changed:
        assert example.question not in asked[example.passage]
        assert example.answer is None


def test_measures_are_the_same_each_time(development: DevelopmentSet) -> None:
    network, words = tiny_network()
    network.train()

    once = development.measure(network, words)
    training = network.training
    again = development.measure(network, words)

    assert once == again
    assert training
    assert set(once) == {
        "squad_f1",
        "news_f1",
        "changed_auroc",
        "synthetic_auroc",
        "wikiqa/dev_map",
        "trecqa/clean-dev_map",
    }
    assert all(0 <= value <= 1 for value in once.values())


def test_a_network_that_knows_the_right_sentence_has_a_map_of_one(
    development: DevelopmentSet, tokenizer: Tokenizer
) -> None:
    """In the folder's selection sets the right sentence says "founded", the wrong one "river"."""
    groups = development._selection["wikiqa/dev"]
    assert [labels for _, labels in groups] == [[False, True]] * 4

    def measured(founded: float) -> float:
        words = _words(tokenizer, {"founded": (founded, 0.0, 0.0)})
        return development._mean_average_precision(groups, _network(), words)

    assert measured(1.0) == 1.0
    assert measured(-1.0) == 0.5
    # Ties are broken at random, not by the order of the file, which would give 0.5.
    assert measured(0.0) in (0.625, 0.75, 0.875)


def test_the_auroc_of_answered_against_changed_questions() -> None:
    def scored(*values: float) -> list[Scored]:
        return [Scored(value, 0.5, 0, 0) for value in values]

    assert module._auroc(scored(3.0, 1.0), scored(2.0, 0.0)) == 0.75
    example = Example("q", "", "a", Span(0, 1), relevant=True)
    listed = [example, replace(example, answer=None)]
    assert module._auroc_of(listed, scored(1.0, 2.0)) == 0.0


def test_only_questions_with_right_and_wrong_sentences_are_measured(tmp_path: Path) -> None:
    rows = ["qid\tquestion\tsentence\tlabel"]
    rows += ["a\tq\tyes\t1", 'a\tq\t"quoted\t0', "b\tq\tyes\t1", "c\tq\tno\t0"]
    path = tmp_path / "dev.tsv"
    path.write_text("\n".join(rows), encoding="utf-8")

    ((examples, labels),) = module._selection_examples(path)

    assert [example.passage for example in examples] == ["yes", '"quoted']
    assert labels == [True, False]


def test_a_selection_set_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dev.tsv"
    path.write_text("qid\tquestion\tanswer\na\tq\tyes\n", encoding="utf-8")

    with pytest.raises(TrainingDataError, match=r"dev\.tsv cannot be read: 'sentence' is missing"):
        list(module._selection_examples(path))
