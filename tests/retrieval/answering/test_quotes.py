"""Which quotes are shown, in what order, and what counts as a copy."""

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.answering.quotes import ChosenQuote, choose_quotes
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import Thresholds

ANSWERED = 0.5
THRESHOLDS = Thresholds(related=0.0, possible=ANSWERED, answered=ANSWERED)


def passage(doc_id: str, *sentences: str, start: int = 0) -> StoredPassage:
    spans, position = [], start
    for sentence in sentences:
        spans.append(Span(position, position + len(sentence)))
        position += len(sentence) + 1
    text = " ".join(sentences)
    return StoredPassage(Passage(doc_id, start, start + len(text), "body", tuple(spans)), text)


def reading(stored: StoredPassage, *scores: float) -> Reading:
    """Give the sentences of a passage scores, in their order."""
    found = [
        Evidence(span, span, score)
        for span, score in zip(stored.passage.sentences, scores, strict=True)
    ]
    return Reading(1.0, tuple(sorted(found, key=lambda evidence: -evidence.score)))


def chosen(
    *scored: tuple[StoredPassage, tuple[float, ...]], max_quotes: int = 9
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return doc_id, quoted text and copies of what is chosen."""
    passages = [stored for stored, _ in scored]
    readings = [reading(stored, *scores) for stored, scores in scored]
    texts = {stored.passage.passage_id: stored for stored in passages}

    def text(found: ChosenQuote) -> str:
        return texts[found.passage_id].slice(found.evidence.quote)

    quotes = choose_quotes(passages, readings, max_quotes, THRESHOLDS)
    return [(found.doc_id, text(found), found.copies) for found in quotes]


def test_only_evidence_at_the_threshold_is_quoted_best_first() -> None:
    stored = passage("a", "First.", "Second.", "Third.", "Fourth.")
    assert chosen((stored, (0.5, 0.49, 0.9, 0.7))) == [
        ("a", "Third.", ()),
        ("a", "Fourth.", ()),
        ("a", "First.", ()),
    ]


def test_the_best_of_each_article_comes_before_the_second_of_any() -> None:
    one = passage("a", "A one.", "A two.", "A three.")
    other = passage("b", "B one.", "B two.")
    assert [text for _, text, _ in chosen((one, (0.9, 0.8, 0.7)), (other, (0.6, 0.55)))] == [
        "A one.",
        "B one.",
        "A two.",
        "B two.",
        "A three.",
    ]


def test_a_possible_quote_never_stands_before_a_confirmed_one_or_takes_its_place() -> None:
    one = passage("a", "A one.", "A two.")
    other = passage("b", "B one.", "B two.")
    found = [reading(one, 0.9, 0.5), reading(other, 0.49, 0.3)]
    thresholds = Thresholds(related=0.0, possible=0.3, answered=0.5)
    quotes = choose_quotes([one, other], found, 9, thresholds)
    assert [(each.doc_id, each.evidence.score, each.confirmed) for each in quotes] == [
        ("a", 0.9, True),
        ("a", 0.5, True),
        ("b", 0.49, False),
        ("b", 0.3, False),
    ]
    for count in (1, 2, 3):
        assert choose_quotes([one, other], found, count, thresholds) == quotes[:count]


def test_no_more_quotes_than_asked_for() -> None:
    stored = passage("a", "First.", "Second.", "Third.")
    assert len(chosen((stored, (0.9, 0.8, 0.7)), max_quotes=2)) == 2
    assert chosen((stored, (0.9, 0.8, 0.7)), max_quotes=0) == []


def test_equal_scores_are_in_the_order_of_articles_and_places() -> None:
    late = passage("a", "Later.", start=50)
    early = passage("a", "Early.")
    other = passage("b", "Other.")
    expected = [("a", "Early.", ()), ("b", "Other.", ()), ("a", "Later.", ())]
    assert chosen((other, (0.7,)), (late, (0.7,)), (early, (0.7,))) == expected
    assert chosen((early, (0.7,)), (other, (0.7,)), (late, (0.7,))) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ferry sank.", "The ferry sank."),
        ("The ferry sank.", "THE  FERRY\nSANK"),
        ("“The ferry” sank!", "The ferry sank."),
        ("The U.S. asked.", "The US asked."),
        ("Iran’s envoy left.", "Iran's envoy left."),
        ("10,000 fled.", "10000 fled."),
        ("It rose 5% in 2023.", "It rose 5 % in 2023."),
        ("In 2023 -- a bad year -- it fell.", "In 2023 – a bad year – it fell."),
        ("!!!", "!!!"),
    ],
)
def test_sentences_equal_but_for_spelling_are_one_quote_with_copies(one: str, other: str) -> None:
    found = chosen((passage("a", one), (0.9,)), (passage("b", other), (0.8,)))
    assert found == [("a", one, ("b",))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Over 10 million fled.", "Over 4.7 million fled."),
        ("It fell on Monday.", "It fell on Tuesday."),
        ("It did happen.", "It did not happen."),
        ("Iran asked Israel.", "Israel asked Iran."),
        ("It asked US.", "It asked us."),
        ("It rose 5%.", "It rose 5."),
        ("It cost $5 million.", "It cost €5 million."),
        ("It cost 5 million.", "It cost $5 million."),
        ("It was -5 degrees.", "It was 5 degrees."),
        ("It was −5 degrees.", "It was 5 degrees."),
        ("It fell 5°.", "It fell 5."),
        ("1.5 tons.", "15 tons."),
        ("!!!", "???"),
    ],
)
def test_sentences_that_differ_in_a_number_name_or_denial_both_stay(one: str, other: str) -> None:
    found = chosen((passage("a", one), (0.9,)), (passage("b", other), (0.8,)))
    assert found == [("a", one, ()), ("b", other, ())]


def test_a_copy_is_named_once_however_often_it_says_so() -> None:
    again = passage("b", "Same.", "Same!", "SAME.")
    found = chosen((passage("a", "Same."), (0.9,)), (again, (0.8, 0.7, 0.6)))
    assert found == [("a", "Same.", ("b",))]


def test_a_sentence_that_an_article_repeats_is_one_quote_without_copies() -> None:
    assert chosen((passage("a", "Same.", "Same."), (0.9, 0.8))) == [("a", "Same.", ())]


def test_copies_are_in_the_order_of_their_scores() -> None:
    found = chosen(
        (passage("a", "Same."), (0.7,)),
        (passage("b", "Same."), (0.9,)),
        (passage("c", "Same."), (0.8,)),
    )
    assert found == [("b", "Same.", ("c", "a"))]


def test_of_overlapping_quotes_of_an_article_the_best_stays() -> None:
    stored = passage("a", "One two.", "Three four.")
    whole = Span(0, len(stored.text))
    second = stored.passage.sentences[1]
    found = Reading(1.0, (Evidence(second, second, 0.9), Evidence(whole, second, 0.8)))
    quotes = choose_quotes([stored], [found], 5, THRESHOLDS)
    assert [found.evidence.quote for found in quotes] == [second]


def test_quotes_that_only_touch_do_not_overlap() -> None:
    stored = StoredPassage(Passage("a", 0, 8, "body", (Span(0, 4), Span(4, 8))), "One.Two.")
    assert chosen((stored, (0.9, 0.8))) == [("a", "One.", ()), ("a", "Two.", ())]


def test_the_same_place_in_different_articles_does_not_overlap() -> None:
    found = chosen((passage("a", "One."), (0.9,)), (passage("b", "Two."), (0.8,)))
    assert found == [("a", "One.", ()), ("b", "Two.", ())]
