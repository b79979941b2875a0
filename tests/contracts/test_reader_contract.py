"""What every `Reader` keeps: one reading a passage, absolute scores, quotes of whole sentences."""

from collections.abc import Sequence

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval import SearchEngine
from retrieval.reader import Reader, Reading
from retrieval.sentence_reader import SentenceReader
from retrieval.settings import MAX_QUOTE_CHARACTERS, MAX_QUOTE_SENTENCES

TEXT = (
    "The mayor closed the harbour on Monday. It will stay closed for three weeks. "
    "Two ferries sank in the storm, and nobody was hurt."
)
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


@pytest.fixture(params=["vectors", "words"])
def reader(request: pytest.FixtureRequest, engine: SearchEngine) -> Reader:
    if request.param == "words":
        return SentenceReader(None)
    encoder = engine._ranker._encoder.encoder
    assert encoder is not None
    return SentenceReader(encoder)


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
    passages = [stored(), stored("Nothing of the kind.", 500), stored("– – .", 900)]
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


def test_the_sentence_that_answers_comes_before_the_others(reader: Reader) -> None:
    (reading,) = reader.read("Who closed the harbour on Monday?", [stored()])
    assert reading.evidence[0].highlight.slice(TEXT).startswith("The mayor")


def test_a_passage_on_the_question_is_more_relevant_than_another(reader: Reader) -> None:
    other = stored("A recipe for plum cake asks for butter and flour.", doc_id="b" * 16)
    on, off = reader.read("Who closed the harbour?", [stored(), other])
    assert on.relevance > off.relevance


def test_the_same_input_gives_the_same_reading_whatever_its_place(reader: Reader) -> None:
    passages = [stored(), stored("The harbour master left.", 500), stored("A storm came.", 900)]
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
