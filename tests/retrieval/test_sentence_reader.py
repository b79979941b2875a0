import time
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.documents import Passage, Span
from indexer.encoder import Encoder, EncoderSpec, open_encoder
from indexer.passages import sentences
from indexer.store import Embeddings, StoredPassage
from retrieval.question_form import answer_kind, asking_clause, names, typed_spans
from retrieval.reader import Evidence, Reading
from retrieval.sentence_reader import SentenceReader
from retrieval.settings import MAX_QUOTE_CHARACTERS, SENTENCE_THRESHOLDS

HARBOUR = (
    "Norland opened the harbour of Sel to grain ships on 3 May 2021. "
    "It had been closed for eleven years. "
    "Who will pay for the new cranes? "
    "Minister Ada Brandt asked Sudland to send 40 inspectors to the harbour."
)
BREAD = "Knead the dough for ten minutes. Let it rise in a warm place. Bake it until it is brown."


def passage_of(text: str, *, start: int = 0, doc_id: str = "doc") -> StoredPassage:
    """A passage that is the whole text, standing at `start` of its document."""
    spans = sentences(text, Span(0, len(text)))
    shifted = tuple(Span(span.start + start, span.end + start) for span in spans)
    first, last = shifted[0].start, shifted[-1].end
    passage = Passage(doc_id, first, last, "body", shifted)
    return StoredPassage(passage, text[first - start : last - start])


def quoted(passage: StoredPassage, evidence: Evidence) -> str:
    start = passage.passage.start
    return passage.text[evidence.quote.start - start : evidence.quote.end - start]


def highlighted(passage: StoredPassage, evidence: Evidence) -> str:
    start = passage.passage.start
    return passage.text[evidence.highlight.start - start : evidence.highlight.end - start]


def best(reader: SentenceReader, question: str, text: str) -> Evidence:
    return reader.read(question, [passage_of(text)])[0].evidence[0]


class BagOfWordsEncoder:
    """Hashed words as unit vectors; counts how many texts it was given."""

    spec = EncoderSpec("tests/bag-of-words", "0" * 64, 64, 256)

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Embeddings:
        self.texts.extend(texts)
        rows = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.encode("utf-8", "surrogatepass")) % 64] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(threads=2)


@pytest.fixture(scope="module", params=["vectors", "words only"])
def reader(request: pytest.FixtureRequest) -> SentenceReader:
    if request.param == "vectors":
        return SentenceReader(request.getfixturevalue("encoder"))
    return SentenceReader(None)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "When did Norland open the harbour of Sel?",
            "Norland opened the harbour of Sel to grain ships on 3 May 2021.",
        ),
        (
            "How many inspectors did Ada Brandt ask Sudland to send?",
            "Minister Ada Brandt asked Sudland to send 40 inspectors to the harbour.",
        ),
    ],
)
def test_the_sentence_that_answers_comes_first_and_passes_the_threshold(
    reader: SentenceReader, question: str, sentence: str
) -> None:
    passage = passage_of(HARBOUR, start=700)
    evidence = reader.read(question, [passage])[0].evidence
    assert quoted(passage, evidence[0]) == sentence
    assert evidence[0].score >= SENTENCE_THRESHOLDS.answered
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)


def test_a_passage_on_other_matters_neither_answers_nor_is_related(reader: SentenceReader) -> None:
    reading = reader.read("When did Norland open the harbour of Sel?", [passage_of(BREAD)])[0]
    assert reading.relevance < SENTENCE_THRESHOLDS.related
    assert all(evidence.score < SENTENCE_THRESHOLDS.answered for evidence in reading.evidence)


def test_a_passage_on_the_matter_is_related(reader: SentenceReader) -> None:
    reading = reader.read("When did Norland open the harbour of Sel?", [passage_of(HARBOUR)])[0]
    assert reading.relevance >= SENTENCE_THRESHOLDS.related


def test_a_sentence_with_a_number_answers_how_many_better_than_one_without(
    reader: SentenceReader,
) -> None:
    question = "How many ships did Norland send to Sel?"
    without = best(reader, question, "Norland sent several old ships to Sel.")
    having = best(reader, question, "Norland sent thirteen old ships to Sel.")
    assert having.score > without.score


def test_swapped_roles_score_lower(reader: SentenceReader) -> None:
    question = "What did Norland ask Sudland?"
    right = best(reader, question, "Norland asked Sudland to open its border.")
    swapped = best(reader, question, "Sudland asked Norland to open its border.")
    assert right.score > swapped.score


def test_a_passive_sentence_tells_the_same_roles(reader: SentenceReader) -> None:
    question = "What did Norland ask Sudland?"
    passive = best(reader, question, "Sudland was asked by Norland to open its border.")
    swapped = best(reader, question, "Norland was asked by Sudland to open its border.")
    assert passive.score > swapped.score


def test_a_sentence_that_is_a_question_scores_lower(reader: SentenceReader) -> None:
    question = "Did Norland open the harbour of Sel?"
    told = best(reader, question, "Norland did open the harbour of Sel.")
    asked = best(reader, question, "Norland did open the harbour of Sel?")
    assert told.score > asked.score


def test_the_initials_of_a_name_are_the_name() -> None:
    question = "What did the US ask Iran?"
    short = best(SentenceReader(None), question, "The US asked Iran for restraint.")
    full = best(SentenceReader(None), question, "The United States asked Iran for restraint.")
    other = best(SentenceReader(None), question, "The United Kingdom asked Iran for restraint.")
    assert other.score < full.score
    assert full.score == pytest.approx(short.score, abs=0.1)


def test_a_sentence_that_starts_with_a_pronoun_brings_the_one_before_it() -> None:
    passage = passage_of(HARBOUR, start=50)
    evidence = (
        SentenceReader(None).read("How many years had it been closed?", [passage])[0].evidence
    )
    assert quoted(passage, evidence[0]) == (
        "Norland opened the harbour of Sel to grain ships on 3 May 2021. "
        "It had been closed for eleven years."
    )


def test_a_chain_of_leaning_sentences_brings_at_most_three() -> None:
    text = "Ada left. She sang. She danced. She won eleven prizes."
    passage = passage_of(text)
    evidence = SentenceReader(None).read("How many prizes did she win?", [passage])[0].evidence[0]
    assert quoted(passage, evidence) == "She sang. She danced. She won eleven prizes."


def test_a_sentence_before_that_makes_the_quote_too_long_stays_out() -> None:
    text = f"Norland {'very ' * 115}old. It had been closed for eleven years."
    passage = passage_of(text)
    evidence = (
        SentenceReader(None).read("How many years had it been closed?", [passage])[0].evidence
    )
    assert quoted(passage, evidence[0]) == "It had been closed for eleven years."


def test_a_sentence_longer_than_a_quote_may_be_is_not_quoted() -> None:
    text = f"Norland opened {'the very old ' * 60}harbour. Norland opened a harbour."
    passage = passage_of(text)
    evidence = SentenceReader(None).read("Who opened the harbour?", [passage])[0].evidence
    assert [quoted(passage, one) for one in evidence] == ["Norland opened a harbour."]


def test_quotes_of_one_passage_do_not_overlap(reader: SentenceReader) -> None:
    text = "Ada left Sel. She sang. She danced in Sel. She won eleven prizes. Sel is far."
    evidence = reader.read("How many prizes did Ada win in Sel?", [passage_of(text)])[0].evidence
    spans = sorted((one.quote.start, one.quote.end) for one in evidence)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did Norland open the harbour?", "3 May 2021"),
        ("Who opened the harbour of Sel?", "Norland"),
        (
            "Why did Norland open the harbour?",
            "Norland opened the harbour of Sel to grain ships on 3 May 2021.",
        ),
    ],
)
def test_the_highlight_is_the_one_span_of_the_expected_kind_else_the_sentence(
    question: str, words: str
) -> None:
    passage = passage_of(HARBOUR, start=9)
    evidence = SentenceReader(None).read(question, [passage])[0].evidence[0]
    assert highlighted(passage, evidence) == words


@pytest.mark.parametrize("question", ["", "?!", "what is it about?", "😀", "\u202e\x00", " \n"])
def test_a_question_without_content_finds_nothing(question: str, reader: SentenceReader) -> None:
    assert reader.read(question, [passage_of(HARBOUR)]) == [Reading(0.0, ())]


@pytest.mark.parametrize("word", ["a", "what ", "A. ", "1,", "who was ", "(", "北", "last "])
def test_a_question_of_100000_characters_is_read_in_time(word: str) -> None:
    question = (word * 100_000)[:100_000]
    started = time.perf_counter()
    readings = SentenceReader(None).read(question, [passage_of(HARBOUR), passage_of(BREAD)])
    assert len(readings) == 2
    assert time.perf_counter() - started < 20


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(min_size=1, max_size=300).filter(lambda text: text.strip()))
def test_any_question_and_any_passage_give_absolute_scores_and_spans_inside(
    question: str, text: str
) -> None:
    passage = passage_of(text, start=31)
    for found in (None, BagOfWordsEncoder()):
        for reading in SentenceReader(found).read(question, [passage]):
            assert 0 <= reading.relevance <= 1
            for evidence in reading.evidence:
                assert 0 <= evidence.score <= 1
                assert passage.passage.span.contains(evidence.quote)
                assert evidence.quote.end - evidence.quote.start <= MAX_QUOTE_CHARACTERS


def test_no_passage_gives_no_reading(reader: SentenceReader) -> None:
    assert reader.read("When did Norland open the harbour of Sel?", []) == []


def test_a_reading_does_not_depend_on_the_passages_beside_it(reader: SentenceReader) -> None:
    question = "When did Norland open the harbour of Sel?"
    one, two = passage_of(HARBOUR), passage_of(BREAD, doc_id="other")
    alone = reader.read(question, [one])[0]
    first, second = reader.read(question, [one, two])[0], reader.read(question, [two, one])[1]
    for beside in (first, second):
        assert beside.relevance == pytest.approx(alone.relevance, abs=1e-5)
        assert [(e.quote, e.highlight) for e in beside.evidence] == [
            (e.quote, e.highlight) for e in alone.evidence
        ]
        assert [e.score for e in beside.evidence] == pytest.approx(
            [e.score for e in alone.evidence], abs=1e-5
        )


def test_only_so_many_sentences_are_encoded_and_one_of_each_passage_first() -> None:
    encoder = BagOfWordsEncoder()
    passages = [passage_of(HARBOUR, doc_id="a"), passage_of(BREAD, doc_id="b")]
    question = "When did Norland open the harbour of Sel?"
    SentenceReader(encoder, encoded=3).read(question, passages)
    assert len(encoder.texts) == 4
    assert encoder.texts[0] == question
    assert encoder.texts[1] == "Norland opened the harbour of Sel to grain ships on 3 May 2021."
    assert encoder.texts[2] in BREAD


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who asked Sudland?", "person"),
        ("In what year did it open?", "time"),
        ("According to Brandt, how soon could it open?", "time"),
        ("How many ships came?", "number"),
        ("In which city did they meet?", "place"),
        ("Where is Sel?", "place"),
        ("Did Norland ask?", "yes_no"),
        ("Isn’t Sel a harbour?", "yes_no"),
        ("Where ships go, who follows?", "place"),
        ("Ships left when the war began. How many came back?", "number"),
        ("What did Norland ask?", "other"),
        ("harbour of Sel", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_answer_follows_the_earliest_question_word(question: str, kind: str) -> None:
    assert answer_kind(question) == kind


def test_the_asking_clause_is_the_last_question() -> None:
    assert asking_clause("It rose. Who knew? Who told them?") == "Who told them?"
    assert asking_clause("  no mark  ") == "no mark"


def test_names_are_runs_of_capitalised_words_that_little_words_may_link() -> None:
    text = "The Ministry of Defence of Norland told Ada Brandt. When Sel fell, U.S. ships left."
    assert [span.slice(text) for span in names(text)] == [
        "Ministry of Defence of Norland",
        "Ada Brandt",
        "Sel",
        "U.S",
    ]


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        ("time", "It fell on 3 May 2021 and again last week.", ["3 May 2021", "last week"]),
        ("time", "Two years ago, at 10:30 a.m., it may fall.", ["Two years ago", "10:30 a.m."]),
        ("number", "About 4.7 million of them paid $12,000.", ["4.7 million", "$12,000"]),
        ("number", "Two dozen left; 30% stayed.", ["Two dozen", "30%"]),
        ("place", "Ada went to the Black Hill in Norland.", ["Black Hill", "Norland"]),
        ("person", "Ada Brandt met them.", ["Ada Brandt"]),
        ("other", "Ada Brandt met 3 of them in 2021.", []),
    ],
)
def test_spans_of_the_expected_kind(kind: str, sentence: str, found: list[str]) -> None:
    spans = typed_spans(kind, sentence, frozenset())  # type: ignore[arg-type] # a kind
    assert [span.slice(sentence) for span in spans] == found


def test_what_the_question_says_is_no_answer() -> None:
    assert typed_spans("person", "Ada Brandt met them.", frozenset({"ada", "brandt"})) == []
