"""Which quotes are shown, in what order, and what counts as a copy."""

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.answering.candidates import Candidate
from retrieval.answering.corrected import ChosenQuote
from retrieval.answering.quotes import choose_quotes
from retrieval.readers.protocol import Evidence
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


def candidates(stored: StoredPassage, *scores: float) -> list[Candidate]:
    """Give the sentences of a passage scores, in their order."""
    return [
        Candidate(stored, Evidence(span, span, score))
        for span, score in zip(stored.passage.sentences, scores, strict=True)
    ]


def chosen(
    *scored: tuple[StoredPassage, tuple[float, ...]], max_quotes: int = 9
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return doc_id, quoted text and copies of what is chosen."""
    found = [each for stored, scores in scored for each in candidates(stored, *scores)]
    texts = {stored.passage.passage_id: stored for stored, _ in scored}

    def text(found: ChosenQuote) -> str:
        return texts[found.passage_id].slice(found.evidence.quote)

    quotes = choose_quotes(found, max_quotes, THRESHOLDS)
    return [(found.doc_id, text(found), found.copies) for found in quotes]


def test_only_evidence_at_the_threshold_is_quoted_best_first() -> None:
    stored = passage("a", "First.", "Second.", "Third.", "Fourth.")
    assert chosen((stored, (0.5, 0.49, 0.9, 0.7))) == [
        ("a", "Third.", ()),
        ("a", "Fourth.", ()),
        ("a", "First.", ()),
    ]


def test_quotes_are_by_score_at_most_three_of_an_article() -> None:
    one = passage("a", "A one.", "A two.", "A three.", "A four.")
    other = passage("b", "B one.", "B two.")
    found = chosen((one, (0.9, 0.85, 0.8, 0.75)), (other, (0.82, 0.55)))
    assert [text for _, text, _ in found] == ["A one.", "A two.", "B one.", "A three.", "B two."]


def test_quotes_below_the_threshold_of_an_answer_are_not_confirmed() -> None:
    one = passage("a", "A one.", "A two.")
    other = passage("b", "B one.", "B two.")
    found = [*candidates(one, 0.9, 0.5), *candidates(other, 0.49, 0.3)]
    thresholds = Thresholds(related=0.0, possible=0.3, answered=0.5)
    quotes = choose_quotes(found, 9, thresholds)
    assert [(each.doc_id, each.evidence.score, each.confirmed) for each in quotes] == [
        ("a", 0.9, True),
        ("a", 0.5, True),
        ("b", 0.49, False),
        ("b", 0.3, False),
    ]


def headline(doc_id: str, text: str) -> StoredPassage:
    return StoredPassage(
        Passage(doc_id, 0, len(text), "headline", (Span(0, len(text)),)), text, text
    )


@pytest.mark.parametrize("scores", [(0.9, 0.6), (0.6, 0.9)])
def test_a_sentence_that_repeats_its_headline_stands_for_both(scores: tuple[float, float]) -> None:
    title = headline("a", "US asks Iran for restraint")
    body = passage("a", "The US asked Iran for restraint on Monday, officials said.", start=50)
    found = chosen((title, scores[:1]), (body, scores[1:]))
    assert found == [("a", "The US asked Iran for restraint on Monday, officials said.", ())]


@pytest.mark.parametrize("scores", [(0.9, 0.6), (0.6, 0.9)])
def test_a_sentence_with_the_answer_of_its_headline_in_other_words_stands_for_both(
    scores: tuple[float, float],
) -> None:
    title = headline("a", "Peru asks Chile to free two divers in Arica row")
    text = "Peru has called on Chile on Monday to free the two divers held in Arica."
    body = passage("a", text, start=50)
    found = [
        marking(title, "to free two divers in Arica", scores[0]),
        marking(body, "to free the two divers held in Arica", scores[1]),
    ]
    (quote,) = choose_quotes(found, 9, THRESHOLDS)
    assert (quote.passage_id, quote.evidence.score) == (body.passage.passage_id, 0.9)


@pytest.mark.parametrize(
    "text",
    [
        "Peru has called on Chile on Monday to free three pilots held in Lima.",
        "The two divers who swam in Arica to free a whale were unhurt.",
    ],
)
def test_a_headline_stays_beside_another_answer(text: str) -> None:
    title = headline("a", "Peru asks Chile to free two divers in Arica row")
    body = passage("a", text, start=50)
    found = [
        marking(title, "to free two divers in Arica", 0.9),
        marking(body, text[text.index("Chile") if "Chile" in text else 0 :], 0.8),
    ]
    assert len(choose_quotes(found, 9, THRESHOLDS)) == 2


def marking(stored: StoredPassage, answer: str, score: float) -> Candidate:
    """Give the only sentence of a passage a mark and a score."""
    start = stored.passage.start + stored.text.index(answer)
    (sentence,) = stored.passage.sentences
    return Candidate(stored, Evidence(sentence, Span(start, start + len(answer)), score))


def test_a_headline_stays_beside_what_says_something_else_or_is_of_another_article() -> None:
    title = headline("a", "US asks Iran for restraint")
    own = passage("a", "Iran did not reply to Washington.", start=50)
    other = passage("b", "The US asked Iran for restraint.")
    found = chosen((title, (0.9,)), (own, (0.8,)), (other, (0.7,)))
    assert [doc_id for doc_id, _, _ in found] == ["a", "a", "b"]


def test_no_more_quotes_than_asked_for() -> None:
    stored = passage("a", "First.", "Second.", "Third.")
    assert len(chosen((stored, (0.9, 0.8, 0.7)), max_quotes=2)) == 2
    assert chosen((stored, (0.9, 0.8, 0.7)), max_quotes=0) == []


def test_equal_scores_are_in_the_order_of_articles_and_places() -> None:
    late = passage("a", "Later.", start=50)
    early = passage("a", "Early.")
    other = passage("b", "Other.")
    expected = [("a", "Early.", ()), ("a", "Later.", ()), ("b", "Other.", ())]
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
    found = [Candidate(stored, Evidence(second, second, 0.9))]
    found.append(Candidate(stored, Evidence(whole, second, 0.8)))
    quotes = choose_quotes(found, 5, THRESHOLDS)
    assert [each.evidence.quote for each in quotes] == [second]


def test_quotes_that_only_touch_do_not_overlap() -> None:
    stored = StoredPassage(Passage("a", 0, 8, "body", (Span(0, 4), Span(4, 8))), "One.Two.")
    assert chosen((stored, (0.9, 0.8))) == [("a", "One.", ()), ("a", "Two.", ())]


def test_the_same_place_in_different_articles_does_not_overlap() -> None:
    found = chosen((passage("a", "One."), (0.9,)), (passage("b", "Two."), (0.8,)))
    assert found == [("a", "One.", ()), ("b", "Two.", ())]
