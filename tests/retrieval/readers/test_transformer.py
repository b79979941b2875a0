import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoModelForQuestionAnswering, BertConfig, BertModel

from indexer.errors import ReaderError
from indexer.store import StoredPassage
from retrieval.readers.open import open_reader
from retrieval.readers.protocol import Evidence, Reading
from retrieval.readers.transformer import CrossEncoderReader, SpanReader
from tests.support.reader_models import passage_of, span_weight
from tests.support.transformer_models import write_cross_encoder, write_span_model

QUESTION = "Who opened the harbour?"
HARBOUR = "Ada Brandt opened the harbour. It had been closed for years. Ships came."
WORDS = sorted(
    {"who", "opened", "the", "harbour", "ada", "brandt", "it", "had", "been", "closed", "for"}
    | {"years", "ships", "came", "?", ".", "[", "]", "sep"}
)
FILLER = "Ships came. "


@pytest.fixture(scope="module")
def span_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that marks "Ada Brandt", and "closed" less; no answer has the logit 1."""
    return write_span_model(
        tmp_path_factory.mktemp("spans"),
        WORDS,
        start={"ada": 3, "closed": 2, "ships": 1, "[CLS]": 1},
        end={"brandt": 2, "closed": 1, "ships": 1},
        longest=32,
    )


@pytest.fixture(scope="module")
def spans(span_folder: Path) -> SpanReader:
    reader = open_reader(str(span_folder))
    assert isinstance(reader, SpanReader)
    return reader


@pytest.fixture(scope="module")
def cross_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("cross"), WORDS, longest=64)


@pytest.fixture(scope="module")
def cross(cross_folder: Path) -> CrossEncoderReader:
    reader = open_reader(str(cross_folder))
    assert isinstance(reader, CrossEncoderReader)
    return reader


def shown(passage: StoredPassage, evidence: Evidence) -> tuple[str, str]:
    start = passage.passage.start
    quote, highlight = evidence.quote, evidence.highlight
    return (
        passage.text[quote.start - start : quote.end - start],
        passage.text[highlight.start - start : highlight.end - start],
    )


def logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_a_span_model_marks_the_words_and_weighs_them_against_no_answer(
    spans: SpanReader,
) -> None:
    passage = passage_of(HARBOUR, start=40)
    (reading,) = spans.read(QUESTION, [passage])
    assert [shown(passage, one) for one in reading.evidence] == [
        ("Ada Brandt opened the harbour.", "Ada Brandt"),
        ("It had been closed for years.", "closed"),
        ("Ships came.", "Ships"),
    ]
    assert [one.score for one in reading.evidence] == pytest.approx(
        [
            logistic(span_weight({0: 3}, {1: 2}, range(6)) - 1),  # ada brandt opened the harbour .
            logistic(span_weight({3: 2}, {3: 1}, range(7)) - 1),  # it had been closed for years .
            logistic(span_weight({0: 1}, {0: 1}, range(3)) - 1),  # ships came .
        ],
        abs=1e-5,
    )
    assert reading.relevance == reading.evidence[0].score


def test_a_span_models_logits_are_those_that_transformers_gives(
    span_folder: Path, spans: SpanReader
) -> None:
    model = AutoModelForQuestionAnswering.from_pretrained(span_folder, local_files_only=True)
    words = ["[CLS]", "who", "?", "[SEP]", "ada", "brandt", "opened", ".", "[SEP]"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    ids = torch.tensor([[vocabulary.index(word) for word in words]])
    with torch.inference_mode():
        output = model(input_ids=ids)
    start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    spans_of_it = [start[i] + end[j] for i in range(4, 8) for j in range(i, 8)]
    expected = math.log(sum(math.exp(total) for total in spans_of_it)) - float(start[0] + end[0])
    (reading,) = spans.read("Who?", [passage_of("Ada Brandt opened.")])
    assert reading.evidence[0].score == pytest.approx(logistic(expected), abs=1e-6)


def test_a_passage_longer_than_the_model_is_read_in_windows(spans: SpanReader) -> None:
    # 32 tokens, of which the question takes 8: the answer stands in the last of many windows.
    for count in range(20, 32):
        passage = passage_of(FILLER * count + HARBOUR)
        (reading,) = spans.read(QUESTION, [passage])
        assert shown(passage, reading.evidence[0]) == (
            "Ada Brandt opened the harbour.",
            "Ada Brandt",
        )
        weight = span_weight({0: 3}, {1: 2}, range(6))
        assert reading.evidence[0].score == pytest.approx(logistic(weight - 1), abs=1e-5)


def test_a_cross_encoder_gives_a_passage_and_its_sentences_what_it_gives_each_pair(
    cross_folder: Path, cross: CrossEncoderReader
) -> None:
    model = CrossEncoder(str(cross_folder), device="cpu", local_files_only=True)
    texts = [HARBOUR, *(part + "." for part in HARBOUR.rstrip(".").split(". "))]
    texts = [text.removeprefix(" ") for text in texts]
    logits = model.predict(
        [(QUESTION, text) for text in texts],
        activation_fn=torch.nn.Identity(),
        show_progress_bar=False,
    )
    relevance, *scores = [logistic(float(logit)) for logit in logits]
    assert np.std(scores) > 0.01
    passage = passage_of(HARBOUR, start=40)
    (reading,) = cross.read(QUESTION, [passage])
    assert reading.relevance == pytest.approx(relevance, abs=1e-5)
    best = int(np.argmax(scores))
    assert reading.evidence[0].score == pytest.approx(scores[best], abs=1e-5)
    assert shown(passage, reading.evidence[0])[1] == texts[1 + best]


def test_a_cross_encoder_takes_the_best_piece_of_a_passage_that_is_too_long(
    cross_folder: Path, cross: CrossEncoderReader
) -> None:
    model = CrossEncoder(str(cross_folder), device="cpu", local_files_only=True)
    words = (FILLER * 30 + HARBOUR).replace(".", " .").split()  # 106 tokens; a piece has 56
    text = " ".join(words)
    # The question's 5 tokens and 3 marks leave 56 of 64, and pieces share 28.
    pieces = [" ".join(words[first : first + 56]) for first in range(0, len(words) - 28, 28)]
    logits = model.predict(
        [(QUESTION, piece) for piece in pieces],
        activation_fn=torch.nn.Identity(),
        show_progress_bar=False,
    )
    assert len(pieces) == 3
    (reading,) = cross.read(QUESTION, [passage_of(text)])
    assert reading.relevance == pytest.approx(logistic(float(logits.max())), abs=1e-5)


@pytest.mark.parametrize("kind", ["spans", "cross"])
def test_a_reading_does_not_depend_on_its_neighbours(
    kind: str, request: pytest.FixtureRequest
) -> None:
    reader: SpanReader | CrossEncoderReader = request.getfixturevalue(kind)
    passages = [passage_of(text) for text in (HARBOUR, FILLER * 40, "Ada came.")]
    alone = [reader.read(QUESTION, [passage])[0] for passage in passages]
    assert reader.read(QUESTION, passages[::-1]) == alone[::-1]


@pytest.mark.parametrize("kind", ["spans", "cross"])
def test_a_long_question_is_cut_and_says_so(kind: str, request: pytest.FixtureRequest) -> None:
    reader: SpanReader | CrossEncoderReader = request.getfixturevalue(kind)
    limit = {"spans": 16, "cross": 32}[kind]  # half of what these tiny models read
    whole = " ".join(["ships"] * limit)
    cut = whole + " harbour" * 7
    passages = [passage_of(HARBOUR)]
    assert reader.warnings(whole) == ()
    assert reader.warnings(cut) == (
        f"Your question is long: the reader saw only the first {limit} of {limit + 7} tokens.",
    )
    assert reader.read(cut, passages) == reader.read(whole, passages)


@pytest.mark.parametrize("kind", ["spans", "cross"])
@pytest.mark.parametrize("question", ["", "?!", "…"])
def test_a_question_without_words_finds_nothing(
    kind: str, question: str, request: pytest.FixtureRequest
) -> None:
    reader: SpanReader | CrossEncoderReader = request.getfixturevalue(kind)
    assert reader.read(question, [passage_of(HARBOUR)]) == [Reading(0.0, ())]


@pytest.mark.parametrize("kind", ["spans", "cross"])
def test_a_mark_of_the_model_in_a_text_is_text(kind: str, request: pytest.FixtureRequest) -> None:
    reader: SpanReader | CrossEncoderReader = request.getfixturevalue(kind)
    one, other = (
        reader.read(QUESTION, [passage_of(f"Ships {mark} came. {HARBOUR}")])[0]
        for mark in ("[SEP]", "[ SEP ]")
    )
    assert one.relevance == other.relevance


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"has no config\.json; expected a model saved by"):
        open_reader(str(tmp_path))


@pytest.mark.parametrize("name", ["", "no/such/folder", "../x", "a b", "~nobody/x", "\0"])
def test_a_path_that_is_no_folder_is_refused(name: str) -> None:
    with pytest.raises(ReaderError, match=r"is not a folder; expected .* Check the path\."):
        open_reader(name)


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    config = BertConfig(
        vocab_size=8,
        hidden_size=4,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=4,
    )
    BertModel(config).save_pretrained(tmp_path)
    with pytest.raises(
        ReaderError,
        match=r"it is BertModel; expected …ForSequenceClassification or …ForQuestionAnswering\. "
        "Name a cross-encoder or an extractive question answering model",
    ):
        open_reader(str(tmp_path))


def test_a_config_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ReaderError, match="it is of no known kind"):
        open_reader(str(tmp_path))


@pytest.mark.parametrize("content", ["", "no json", "{}", '{"model_type": "no-such-type"}'])
def test_a_config_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ReaderError, match=r"cannot be loaded: .* Check the name\."):
        open_reader(str(tmp_path))


def test_a_model_with_code_of_its_own_is_refused(span_folder: Path, tmp_path: Path) -> None:
    config = json.loads((span_folder / "config.json").read_text())
    config["auto_map"] = {"AutoConfig": "own.Config"}
    config["model_type"] = "own"
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "own.py").write_text("raise SystemExit('this code was run')")
    with pytest.raises(ReaderError, match="cannot be loaded: "):
        open_reader(str(tmp_path))


def test_a_model_without_weights_is_refused(span_folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((span_folder / name).read_bytes())
    with pytest.raises(ReaderError, match="cannot be loaded: "):
        open_reader(str(tmp_path))


def test_a_cross_encoder_with_several_outputs_is_refused(tmp_path: Path) -> None:
    write_cross_encoder(tmp_path, WORDS, labels=3)
    with pytest.raises(ReaderError, match="it has 3 outputs; expected a cross-encoder with one"):
        open_reader(str(tmp_path))
