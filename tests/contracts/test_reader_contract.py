"""Contract of every `Reader`: a reading a passage, absolute scores, quotes of whole sentences."""

from collections.abc import Mapping, Sequence

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.readers.open import open_reader
from retrieval.readers.protocol import Reader, Reading
from retrieval.readers.trained import TrainedReader
from retrieval.settings import MAX_QUOTE_CHARACTERS, MAX_QUOTE_SENTENCES
from tests.support.reader_models import write_marking_model
from tests.support.transformer_models import write_cross_encoder, write_span_model

TEXT = (
    "The mayor closed the harbour on Monday. It will stay closed for three weeks. "
    "Two ferries sank in the storm, and nobody was hurt."
)
OTHERS = [
    "Nothing of the kind.",
    "– – .",
    "The harbour master left.",
    "A storm came.",
    "A recipe for plum cake asks for butter and flour.",
]
QUESTIONS = [
    "Who closed the harbour?",
    "how long will the harbour stay closed",
    "Why?",
    "",
    "…",
    "😀",
    "谁关闭了港口？",
    "harbour " * 2000,
]


READS_ENGLISH = ["bundled", "trained"]
KINDS = [*READS_ENGLISH, "spans", "cross-encoder"]
WORDS = ["the", "mayor", "closed", "harbour", "who", "storm", "monday", "ferries", "cake"]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Reader]:
    """The bundled reader, and one of each kind whose model knows a handful of words."""
    folder = tmp_path_factory.mktemp("readers")
    marking = write_marking_model(
        folder / "reader.onnx",
        [*QUESTIONS, TEXT, *OTHERS],
        start={"the": 2, "nothing": 1},
        end={"mayor": 6, "kind": 1},
        relevance={"mayor": 1, "butter": -1},
    )
    spans = write_span_model(folder / "spans", WORDS, start={"the": 2}, end={"mayor": 6})
    return {
        "bundled": open_reader(threads=2),
        "trained": TrainedReader.open(marking, threads=2),
        "spans": open_reader(str(spans)),
        "cross-encoder": open_reader(str(write_cross_encoder(folder / "cross", WORDS))),
    }


@pytest.fixture(params=KINDS)
def reader(request: pytest.FixtureRequest, readers: Mapping[str, Reader]) -> Reader:
    return readers[request.param]


@pytest.fixture(params=READS_ENGLISH)
def knowing_reader(request: pytest.FixtureRequest, readers: Mapping[str, Reader]) -> Reader:
    return readers[request.param]


def stored(text: str = TEXT, start: int = 0, doc_id: str = "a" * 16) -> StoredPassage:
    """Return a passage that begins at `start` of a longer document, cut at each full stop."""
    ends = [place + 1 for place, character in enumerate(text) if character == "."]
    begins = [0, *(end + 1 for end in ends[:-1])]
    spans = tuple(Span(start + a, start + b) for a, b in zip(begins, ends, strict=True))
    return StoredPassage(Passage(doc_id, start, start + len(text), "body", spans), text)


def shuffled(passages: Sequence[StoredPassage]) -> list[StoredPassage]:
    return [*passages[1:], passages[0]]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_passage_has_one_reading_with_scores_from_0_to_1(
    reader: Reader, question: str
) -> None:
    passages = [stored(), stored(OTHERS[0], 500), stored(OTHERS[1], 900)]
    readings = reader.read(question, passages)
    assert len(readings) == 3
    for reading in readings:
        assert 0 <= reading.relevance <= 1
        scores = [found.score for found in reading.evidence]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_a_quote_is_one_to_three_whole_sentences_of_its_passage(
    reader: Reader, question: str
) -> None:
    passage = stored(start=700)
    (reading,) = reader.read(question, [passage])
    assert reading.evidence
    starts = [span.start for span in passage.passage.sentences]
    ends = [span.end for span in passage.passage.sentences]
    for found in reading.evidence:
        first, last = starts.index(found.quote.start), ends.index(found.quote.end)
        assert 1 <= last - first + 1 <= MAX_QUOTE_SENTENCES
        assert found.quote.end - found.quote.start <= MAX_QUOTE_CHARACTERS


def test_the_sentence_that_answers_comes_before_the_others(knowing_reader: Reader) -> None:
    (reading,) = knowing_reader.read("Who closed the harbour on Monday?", [stored()])
    assert reading.evidence[0].quote.slice(TEXT).startswith("The mayor closed")
    assert "mayor" in reading.evidence[0].highlight.slice(TEXT)


def test_a_passage_on_the_question_is_more_relevant_than_another(knowing_reader: Reader) -> None:
    other = stored(OTHERS[4], doc_id="b" * 16)
    on, off = knowing_reader.read("Who closed the harbour?", [stored(), other])
    assert on.relevance > off.relevance


def test_the_same_input_gives_the_same_reading_whatever_its_place(reader: Reader) -> None:
    passages = [stored(), stored(OTHERS[2], 500), stored(OTHERS[3], 900)]
    first = reader.read("Who closed the harbour?", passages)
    again = reader.read("Who closed the harbour?", passages)
    moved = reader.read("Who closed the harbour?", shuffled(passages))
    assert first == again
    for one, other in zip(shuffled_readings(first), moved, strict=True):
        assert one.relevance == pytest.approx(other.relevance, abs=1e-5)
        assert [found.quote for found in one.evidence] == [found.quote for found in other.evidence]


def shuffled_readings(readings: Sequence[Reading]) -> list[Reading]:
    return [*readings[1:], readings[0]]


def test_no_passages_give_no_readings(reader: Reader) -> None:
    assert reader.read("Who closed the harbour?", []) == []


def test_a_highlight_lies_inside_its_quote_without_white_space_around_it(reader: Reader) -> None:
    passage = stored(start=700)
    (reading,) = reader.read(QUESTIONS[0], [passage])
    assert reading.evidence
    for found in reading.evidence:
        words = passage.text[found.highlight.start - 700 : found.highlight.end - 700]
        assert words == words.strip() != ""


@pytest.mark.parametrize("question", QUESTIONS)
def test_warnings_are_sentences_and_do_not_change(reader: Reader, question: str) -> None:
    found = reader.warnings(question)
    assert found == reader.warnings(question)
    assert all(isinstance(warning, str) and warning for warning in found)
    assert not found or len(question.split()) > 64
