"""Which sentences are notices of a correction."""

import pytest

from indexer.corrections.notices import (
    find_notices,
    is_notice,
    is_titled,
    may_have_notice,
    own_notice,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "An article on Monday about the ferry misstated its age.",
        "Because of an editing error, a story on May 3 gave the wrong name of the ship.",
        "RUNO (BD) — In a story Jan. 9 about a flood, the Post reported erroneously that 40 left.",
        "The Lorne Courier has withdrawn its report that the mayor had resigned.",
        "We retract our story on the mayor.",
        "An earlier version of this article misstated the age of the ferry.",
        "(Corrects number of dead to four)",
        "This story has been corrected to show that the ferry is old.",
    ],
)
def test_a_notice_says_that_something_published_was_wrong(sentence: str) -> None:
    assert is_notice(sentence, "The Lorne Courier")
    assert may_have_notice("", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Evening Star has withdrawn an article that said the mayor took bribes.",
        "An article in the journal Soil said the dates had been wrongly read.",
        "A report by the bank had wrongly said that prices would rise.",
        "The party retracted a statement and issued a correction.",
        "The court corrected the sentence to four years.",
        "“We published a story that was in error,” the editor said.",
        "A corrections officer was wrongly dismissed.",
        "This article was updated on 3 May.",
    ],
)
def test_news_about_corrections_is_no_notice(sentence: str) -> None:
    assert not is_notice(sentence, "The Lorne Courier")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Correction: Lorne fire", True),
        ("Corrections and clarifications", True),
        ("CORRECTION", True),
        ("Correction to story on Tarn bridge", True),
        ("Leo Strand is alive: retraction", True),
        ("Corrections officer hurt in jail", False),
        ("Correction ahead? Shares look dear", False),
        ("The Corrections, twenty years on", False),
        ("Apologies", False),
    ],
)
def test_a_title_says_that_an_article_is_a_correction(title: str, *, expected: bool) -> None:
    assert is_titled(title) is expected


def test_each_item_of_a_list_is_a_notice_of_its_own() -> None:
    items = [
        "A report on Monday about ferries said that they were late.",
        "They were on time.",
        "An article on Tuesday about a dam said that it was full.",
        "It is empty.",
    ]
    found = find_notices("Corrections and clarifications", "", items)
    assert [each.sentences for each in found] == [tuple(items[:2]), tuple(items[2:])]


def test_an_article_says_in_one_line_that_it_was_corrected() -> None:
    line = "This article was amended on 3 May 2023. An earlier version misstated an age."
    assert own_notice(f"A ship sank.\n\n{line}\nMore news") == line
    assert own_notice("A ship sank.\nThe law was amended on 3 May.") is None
