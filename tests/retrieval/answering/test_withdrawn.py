"""Which words of a notice are marked, and where quotes of corrected articles stand."""

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.answering.candidates import Candidate
from retrieval.answering.marks import marked
from retrieval.answering.quotes import choose_quotes
from retrieval.answering.withdrawn import restated
from retrieval.readers.protocol import Evidence
from retrieval.settings import Thresholds

FIX, FIRE, OTHER = "f" * 16, "a" * 16, "0" * 16
SAID_12 = "An article on May 3 about the fire at Lorne wrongly said 12 people had died"
JUDGE = ["A story on Monday misnamed the judge.", "She is Ellen March, not Helen Marsh."]
TANKER = "This article was corrected on 3 May to show that it lost 2,000 tonnes, not 200."
KILLED_12 = "The fire in Lorne killed 12 people."


def passage(*sentences: str, doc_id: str = FIX, start: int = 0) -> StoredPassage:
    spans, position = [], start
    for sentence in sentences:
        spans.append(Span(position, position + len(sentence)))
        position += len(sentence) + 1
    text = " ".join(sentences)
    return StoredPassage(Passage(doc_id, start, start + len(text), "body", tuple(spans)), text)


def evidence(stored: StoredPassage, words: str, score: float = 0.9) -> Evidence:
    start = stored.passage.start + stored.text.rindex(words)
    mark = Span(start, start + len(words))
    quote = next(each for each in stored.passage.sentences if each.overlaps(mark))
    return Evidence(quote, mark, score)


@pytest.mark.parametrize(
    ("sentences", "read", "expected", "quoted"),
    [
        ([f"{SAID_12}; in fact 21 had."], "12 people", "21", 1),
        ([f"{SAID_12}.", "The number is 21."], "12 people", "21", 2),
        (JUDGE, "Helen Marsh", "Ellen March", 1),
        (["(Corrects cost to 60 million, not 90 million)"], "90 million", "60 million", 1),
        ([TANKER], "200", "2,000", 1),
        ([f"{SAID_12}; in fact 21 had."], "the fire at Lorne", "the fire at Lorne", 1),
        ([KILLED_12], "12 people", "12 people", 1),
    ],
)
def test_the_new_value_is_marked_and_never_the_withdrawn_one(
    sentences: list[str], read: str, expected: str, quoted: int
) -> None:
    stored = passage(*sentences, start=500)
    found = restated(stored, evidence(stored, read))
    assert stored.slice(found.highlight) == expected
    assert sum(found.quote.contains(each) for each in stored.passage.sentences) == quoted
    assert marked("How many died?", stored, found.highlight) == found.highlight


def test_without_a_new_value_the_words_before_the_withdrawn_ones_are_marked() -> None:
    stored = passage("We retract our report that the mayor was arrested.")
    found = restated(stored, evidence(stored, "the mayor was arrested"))
    assert stored.slice(found.highlight) == "We retract our report that "


def chosen(
    scores: tuple[float, float, float], answered: float = 0.5
) -> list[tuple[str, float, bool]]:
    """Choose of a corrected article, its correction and another article, in this order."""
    fire = passage(KILLED_12, doc_id=FIRE)
    fix = passage(f"{SAID_12}; in fact 21 had.")
    other = passage("The fire took 9 lives.", doc_id=OTHER)
    candidates = [
        Candidate(stored, evidence(stored, words, score))
        for stored, words, score in zip(
            (fire, fix, other), ("12 people", "21", "9"), scores, strict=True
        )
    ]
    found = choose_quotes(candidates, 5, Thresholds(0.0, 0.2, answered), {FIRE: {FIX}})
    return [(each.doc_id, each.evidence.score, each.confirmed) for each in found]


def test_a_correction_has_the_score_of_the_answer_that_it_withdraws_and_stands_above_it() -> None:
    assert chosen((0.9, 0.3, 0.6)) == [(FIX, 0.9, True), (FIRE, 0.9, True), (OTHER, 0.6, True)]


def test_quotes_of_a_corrected_article_stand_right_below_its_correction() -> None:
    assert chosen((0.7, 0.8, 0.75)) == [(FIX, 0.8, True), (OTHER, 0.75, True), (FIRE, 0.7, True)]


def test_a_correction_of_something_else_keeps_its_score() -> None:
    fire = passage("The fire was on Cutter Street.", doc_id=FIRE)
    fix = passage(f"{SAID_12}; in fact 21 had.")
    candidates = [
        Candidate(fire, evidence(fire, "Cutter Street", 0.9)),
        Candidate(fix, evidence(fix, "Lorne", 0.3)),
    ]
    found = choose_quotes(candidates, 5, Thresholds(0.0, 0.2, 0.5), {FIRE: {FIX}})
    assert [(each.doc_id, each.confirmed) for each in found] == [(FIRE, True), (FIX, False)]
