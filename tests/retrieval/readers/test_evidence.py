import pytest

from indexer.documents import Span
from retrieval.readers.evidence import choose_evidence, with_antecedent
from retrieval.readers.protocol import Evidence
from retrieval.settings import MAX_QUOTE_CHARACTERS
from tests.support.reader_models import passage_of

TEXT = "Ada Brandt left. She sang. … and danced. Then it rained."


def scored(text: str, scores: list[float], start: int = 0) -> list[Evidence]:
    spans = passage_of(text, start=start).passage.sentences
    return [Evidence(span, span, score) for span, score in zip(spans, scores, strict=True)]


def quotes(text: str, scores: list[float]) -> list[tuple[str, float]]:
    found = choose_evidence(passage_of(text), scored(text, scores))
    return [(evidence.quote.slice(text), evidence.score) for evidence in found]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (0, "Ada Brandt left."),
        (1, "Ada Brandt left. She sang."),
        (2, "Ada Brandt left. She sang. … and danced."),
        (3, "She sang. … and danced. Then it rained."),
    ],
)
def test_a_sentence_that_leans_brings_at_most_two_before_it(sentence: int, quote: str) -> None:
    passage = passage_of(TEXT, start=70)
    span = with_antecedent(passage, passage.passage.sentences[sentence])
    assert Span(span.start - 70, span.end - 70).slice(TEXT) == quote


@pytest.mark.parametrize("start", ["“He", "(It", "Also,", "Such", "As a result,", ".. on"])
def test_these_beginnings_lean(start: str) -> None:
    text = f"Ada left. {start} it rained."
    passage = passage_of(text)
    assert with_antecedent(passage, passage.passage.sentences[-1]) == Span(0, len(text))


@pytest.mark.parametrize("start", ["Hedges", "Italy", "Suchlike rain", "Soon"])
def test_a_word_that_only_begins_like_a_pronoun_does_not_lean(start: str) -> None:
    text = f"Ada left. {start} came."
    passage = passage_of(text)
    assert with_antecedent(passage, passage.passage.sentences[-1]).slice(text) == f"{start} came."


def test_the_best_sentence_is_first_and_what_it_brought_is_not_quoted_again() -> None:
    assert quotes("Ada left. She sang. Bo came.", [0.8, 0.9, 0.1]) == [
        ("Ada left. She sang.", 0.9),
        ("Bo came.", 0.1),
    ]


def test_a_sentence_that_is_quoted_already_is_not_brought_again() -> None:
    assert quotes("Ada left. She sang.", [0.9, 0.8]) == [("Ada left.", 0.9), ("She sang.", 0.8)]


def test_equal_scores_come_in_the_order_of_the_text() -> None:
    assert [quote for quote, _ in quotes("Ada left. Bo came.", [0.5, 0.5])] == [
        "Ada left.",
        "Bo came.",
    ]


def test_a_sentence_longer_than_a_quote_is_left_out_and_not_brought() -> None:
    long = "Ada left " + "very " * (MAX_QUOTE_CHARACTERS // 5) + "late."
    assert quotes(f"{long} She sang.", [0.9, 0.5]) == [("She sang.", 0.5)]


def test_a_teaser_inside_a_paragraph_is_never_quoted() -> None:
    text = "The ferry sank. Read more: Why did the ferry sink? Watch the tide, she said."
    assert [quote for quote, _ in quotes(text, [0.5, 0.9, 0.4])] == [
        "The ferry sank.",
        "Watch the tide, she said.",
    ]
