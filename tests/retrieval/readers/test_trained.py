import math
import threading
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from indexer.errors import ReaderError
from indexer.store import StoredPassage
from retrieval.readers import trained as trained_reader
from retrieval.readers.protocol import Evidence, Reading
from retrieval.readers.trained import TrainedReader
from retrieval.readers.trained_files import ModelFile
from retrieval.settings import READER_EVIDENCE_WEIGHTS, READER_RELEVANCE_WEIGHTS
from tests.support.reader_models import passage_of, span_weight, write_marking_model

QUESTION = "Who opened the harbour?"
HARBOUR = "Minister Ada Brandt opened the harbour. It had been closed for 4.7 years. Ships came."
MARKED = "The 👩\u200d👩\u200d👧 harbour\u2019s cafe\u0301 [SEP] it is [CLS] brown 👍🏽."
FILLER = "Ships came again. "
HARBOUR_MARGINS = (
    span_weight({1: 3}, {2: 2}, range(7)),  # minister ada brandt opened the harbour .
    span_weight({5: 2}, {7: 2}, range(10)),  # it had been closed for 4 . 7 years .
    span_weight({0: 1}, {}, range(3)),  # ships came .
)
VOCABULARY = [QUESTION, HARBOUR, MARKED, FILLER, "news of grain"]

Open = Callable[..., TrainedReader]


@pytest.fixture(scope="module")
def open_marking(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Open a reader whose logits are given by token; see `write_marking_model`."""

    def open_reader(
        start: Mapping[str, float],
        end: Mapping[str, float],
        relevance: Mapping[str, float] | None = None,
        *,
        threads: int = 2,
        quantized: bool = False,
    ) -> TrainedReader:
        path = tmp_path_factory.mktemp("model") / "reader.onnx"
        write_marking_model(
            path, VOCABULARY, start=start, end=end, relevance=relevance, quantized=quantized
        )
        return TrainedReader.open(path, threads)

    return open_reader


@pytest.fixture(scope="module")
def reader(open_marking: Open) -> TrainedReader:
    return open_marking({"ada": 3, "4": 2, "ships": 1}, {"brandt": 2, "7": 2}, {"harbour": 0.5})


def shown(passage: StoredPassage, evidence: Evidence) -> tuple[str, str]:
    """Return quote and highlight of a passage that begins its document."""
    start = passage.passage.start
    quote, highlight = evidence.quote, evidence.highlight
    return (
        passage.text[quote.start - start : quote.end - start],
        passage.text[highlight.start - start : highlight.end - start],
    )


def logistic(weights: tuple[float, float, float], relevance: float, margin: float) -> float:
    a, b, c = weights
    return 1 / (1 + math.exp(-(a * relevance + b * margin + c)))


def test_quote_highlight_and_scores_follow_from_the_logits(reader: TrainedReader) -> None:
    passage = passage_of(HARBOUR, start=700)
    (reading,) = reader.read(QUESTION, [passage])
    assert [shown(passage, one) for one in reading.evidence] == [
        ("Minister Ada Brandt opened the harbour.", "Ada Brandt"),
        ("It had been closed for 4.7 years.", "4.7"),
        ("Ships came.", "Ships"),
    ]
    # "harbour" stands in question and passage; no answer has the logit 0 + 0.
    relevance = 2 * 0.5
    assert [one.score for one in reading.evidence] == pytest.approx(
        [logistic(READER_EVIDENCE_WEIGHTS, relevance, margin) for margin in HARBOUR_MARGINS],
        abs=1e-5,
    )
    assert reading.relevance == pytest.approx(
        logistic(READER_RELEVANCE_WEIGHTS, relevance, HARBOUR_MARGINS[0]), abs=1e-5
    )


def test_a_title_is_read_and_a_headline_is_not_read_twice(reader: TrainedReader) -> None:
    def relevance(text: str, **options: str) -> float:
        passage = passage_of(text, **options)  # type: ignore[arg-type] # title and kind
        logit = reader.read("What is news?", [passage])[0].relevance
        return math.log(logit / (1 - logit)) / READER_RELEVANCE_WEIGHTS[0]

    alone = relevance("Ships came.")
    assert relevance("Ships came.", title="The harbour") - alone == pytest.approx(0.5, abs=1e-4)
    assert relevance("Ships came.", title="") == alone
    assert relevance("Ships came.", title="The harbour", kind="headline") == alone
    long = relevance("Ships came.", title="news " * 24 + "harbour")
    assert long == pytest.approx(alone, abs=1e-4)  # the 25th token of a title is cut


def test_an_answer_beyond_the_first_window_is_found(reader: TrainedReader) -> None:
    passage = passage_of(FILLER * 200 + HARBOUR)  # 800 tokens before it
    (reading,) = reader.read(QUESTION, [passage])
    assert shown(passage, reading.evidence[0])[1] == "Ada Brandt"
    assert reading.evidence[0].score == pytest.approx(
        logistic(READER_EVIDENCE_WEIGHTS, 1.0, HARBOUR_MARGINS[0]), abs=1e-5
    )
    (short,) = reader.read(QUESTION, [passage_of(HARBOUR)])
    assert reading.relevance == pytest.approx(short.relevance, abs=1e-5)


def test_a_sentence_on_the_border_of_two_windows_is_read_whole(reader: TrainedReader) -> None:
    # Wherever the border falls, the overlap of 64 tokens holds a sentence of 7 whole.
    for count in range(50, 62):
        passage = passage_of(FILLER * count + "Minister Ada Brandt opened the harbour. Ships came.")
        (reading,) = reader.read(QUESTION, [passage])
        assert shown(passage, reading.evidence[0]) == (
            "Minister Ada Brandt opened the harbour.",
            "Ada Brandt",
        )


def test_a_question_is_cut_after_64_tokens_and_says_so(reader: TrainedReader) -> None:
    whole = " ".join(["ships"] * 64)
    cut = whole + " harbour" * 30
    passages = [passage_of(HARBOUR)]
    assert reader.warnings(whole) == ()
    assert reader.warnings(cut) == (
        "Your question is long: the reader saw only the first 64 of 94 tokens.",
    )
    assert reader.read(cut, passages) == reader.read(whole, passages)
    assert reader.read("harbour " + whole, passages) != reader.read(whole, passages)


@pytest.mark.parametrize("question", ["", " \n", "?!", "…", "😀", "\u202e\x00", "##"])
def test_a_question_without_words_finds_nothing(reader: TrainedReader, question: str) -> None:
    assert reader.read(question, [passage_of(HARBOUR)]) == [Reading(0.0, ())]
    assert reader.warnings(question) == ()


def test_no_passages_give_no_readings(reader: TrainedReader) -> None:
    assert reader.read(QUESTION, []) == []


@pytest.mark.parametrize(
    ("start", "end", "highlight"),
    [
        ({"harbour": 5}, {"harbour": 5}, "harbour\u2019s"),
        ({"cafe": 5}, {"cafe": 5}, "cafe\u0301"),
        ({"the": 5}, {"harbour": 5}, "The 👩\u200d👩\u200d👧 harbour\u2019s"),
        ({"it": 5}, {"is": 5}, "it is"),
        ({"sep": 5}, {"sep": 5}, "SEP"),
        ({"cl": 5}, {"##s": 5}, "CLS"),
        ({"brown": 5}, {"brown": 5}, "brown"),
    ],
)
def test_highlights_are_counted_in_code_points(
    open_marking: Open, start: dict[str, float], end: dict[str, float], highlight: str
) -> None:
    passage = passage_of(MARKED, start=9)
    (reading,) = open_marking(start, end).read(QUESTION, [passage])
    assert shown(passage, reading.evidence[0]) == (MARKED, highlight)


def test_a_mark_of_the_model_in_a_question_does_not_end_it(open_marking: Open) -> None:
    reader = open_marking({}, {}, {"harbour": 1.0, "[SEP]": 100.0})
    low, high = (
        reader.read(question, [passage_of("Ships came.")])[0].relevance
        for question in ("the [SEP] harbour", "the harbour [SEP]")
    )
    assert low == high


def test_scores_do_not_depend_on_neighbours_order_or_threads(open_marking: Open) -> None:
    # 8-bit activations are scaled by the largest of the run: padded together, scores would move.
    parts = ({"ada": 3, "4": 2, "ships": 1}, {"brandt": 2, "7": 2}, {"harbour": 0.5, "grain": 0.1})
    one, many = (open_marking(*parts, threads=count, quantized=True) for count in (1, 4))
    texts = [HARBOUR, MARKED, FILLER * 90, "Ships came.", "news of grain."]
    passages = [passage_of(text, title=title) for text in texts for title in (None, "Grain news")]
    expected = [one.read(QUESTION, [passage])[0] for passage in passages]
    assert len({reading.relevance for reading in expected}) >= 8
    assert many.read(QUESTION, passages) == expected
    assert many.read(QUESTION, passages[::-1]) == expected[::-1]
    assert one.read(QUESTION, passages[3:7]) == expected[3:7]


def test_a_reader_answers_several_threads_at_a_time(reader: TrainedReader) -> None:
    passages = [passage_of(HARBOUR), passage_of(FILLER * 60)]
    expected = reader.read(QUESTION, passages)
    found: list[list[Reading]] = []

    def ask() -> None:
        found.extend(reader.read(QUESTION, passages) for _ in range(5))

    workers = [threading.Thread(target=ask) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 20


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=200),
    st.text(min_size=1, max_size=300).filter(lambda text: text.strip()),
    st.one_of(st.none(), st.text(max_size=40)),
)
def test_any_text_gives_scores_from_0_to_1_and_spans_inside_the_passage(
    reader: TrainedReader, question: str, text: str, title: str | None
) -> None:
    passage = passage_of(text, start=31, title=title)
    (reading,) = reader.read(question, [passage])
    assert 0 <= reading.relevance <= 1
    for evidence in reading.evidence:
        assert 0 <= evidence.score <= 1
        assert passage.passage.span.contains(evidence.quote)
        highlight = shown(passage, evidence)[1]
        assert highlight == highlight.strip() != ""


def test_a_lone_surrogate_is_read_as_an_unknown_character(reader: TrainedReader) -> None:
    question = "Who opened the \ud800 harbour?"
    assert reader.read(question, [passage_of(HARBOUR)]) == reader.read(
        "Who opened the \ufffd harbour?", [passage_of(HARBOUR)]
    )


def test_the_bundled_model_is_opened_only_as_it_was_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reader-1.onnx"
    write_marking_model(path, VOCABULARY, start={"ada": 3}, end={"brandt": 2})
    content = path.read_bytes()
    published = ModelFile(path, len(content), sha256(content).hexdigest())
    monkeypatch.setattr(trained_reader, "BUNDLED_READER", published)
    (reading,) = TrainedReader.open().read(QUESTION, [passage_of(HARBOUR)])
    assert shown(passage_of(HARBOUR), reading.evidence[0])[1] == "Ada Brandt"
    path.write_bytes(content[:-1] + b"?")
    with pytest.raises(ReaderError, match=r"reader-1\.onnx was altered: .* git checkout"):
        TrainedReader.open()


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    with pytest.raises(
        ReaderError,
        match=r"model .*mine\.onnx cannot be read: No such file or directory\. Check the path\.$",
    ):
        TrainedReader.open(path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(ReaderError, match=r"mine\.onnx cannot be opened: .* Give another file"):
        TrainedReader.open(path)


def test_a_model_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    value = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1])
    other = helper.make_tensor_value_info("label", TensorProto.FLOAT, [1])
    graph = helper.make_graph(
        [helper.make_node("Identity", ["pixels"], ["label"])], "other", [value], [other]
    )
    onnx.save(
        helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 17)]), path
    )
    with pytest.raises(
        ReaderError,
        match=r"is not a reader: found inputs \['pixels'\] and outputs \['label'\], "
        r"expected \['embeddings', 'mask', 'token_types'\] and \['end', 'relevance', 'start'\]",
    ):
        TrainedReader.open(path)


def test_the_quantized_model_really_computes_in_8_bits(open_marking: Open) -> None:
    exact = open_marking({"ada": 3}, {"brandt": 2})
    rounded = open_marking({"ada": 3}, {"brandt": 2}, quantized=True)
    first, second = (
        one.read(QUESTION, [passage_of(HARBOUR)])[0].evidence[0].score for one in (exact, rounded)
    )
    assert 1e-6 < abs(first - second) < 0.05
