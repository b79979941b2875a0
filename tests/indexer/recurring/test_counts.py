"""How often, and between which others, does a line stand?"""

from indexer.recurring.counts import LineCount, LineCounts, fold, line_key, line_keys, line_number
from indexer.text.blocks import split_blocks
from tests.support.stories import CREDIT, PUZZLE, story


def counts(*texts: str, outlet: str = "The Planet") -> LineCounts:
    counted = LineCounts()
    for text in texts:
        counted.add(line_keys(outlet, split_blocks(text)))
    return counted


def count_of(counted: LineCounts, line: str, outlet: str = "The Planet") -> LineCount | None:
    (block,) = split_blocks(line)
    return counted.recurring(3).get(line_key(outlet, block))


def test_a_line_below_four_stories_has_four_surroundings_and_stands_at_the_tail() -> None:
    counted = counts(*(story(i, CREDIT) for i in range(4)), story(4))
    assert count_of(counted, CREDIT) == LineCount(4, 4, 0.0, 1.0, 0)
    assert len(counted.recurring(3)) == 1
    assert counted.recurring(5) == {}


def test_a_line_below_the_headline_stands_at_the_head() -> None:
    counted = counts(story(9), *(story(i, above=[PUZZLE]) for i in range(3)))
    assert count_of(counted, PUZZLE) == LineCount(3, 3, 1.0, 0.0, 1)


def test_a_line_that_stands_twice_in_an_article_counts_one_document() -> None:
    counted = counts(*(story(i, PUZZLE, f"Number {i} went on.", PUZZLE) for i in range(3)))
    found = count_of(counted, PUZZLE)
    assert found is not None
    assert (found.documents, found.surroundings, found.tail) == (3, 6, 0.5)


def test_case_and_white_space_do_not_tell_lines_apart_but_outlets_do() -> None:
    counted = counts(
        story(0, CREDIT), story(1, CREDIT.upper()), story(2, CREDIT.replace(" ", "  "))
    )
    counted.add(line_keys("The Moon", split_blocks(story(3, CREDIT))))
    found = count_of(counted, CREDIT)
    assert found is not None
    assert found.documents == 3
    assert count_of(counted, CREDIT, "The Moon") is None


def test_reprints_of_one_article_are_no_surroundings() -> None:
    counted = counts(*[story(0, CREDIT)] * 8)
    assert {count.surroundings for count in counted.recurring(3).values()} == {0}


def test_versions_of_one_article_with_another_first_line_each_are_no_surroundings() -> None:
    counted = counts(*(f"Update number {i}\n\n{story(0, CREDIT)}" for i in range(8)))
    assert {count.surroundings for count in counted.recurring(3).values()} == {0}


def test_no_article_and_empty_articles_have_no_lines() -> None:
    assert LineCounts().recurring(1) == {}
    assert counts("", " \n").recurring(1) == {}


def test_which_lines_stand_in_which_article_is_told_by_their_numbers() -> None:
    counted = counts(story(0, CREDIT), story(1), story(2, PUZZLE, CREDIT.upper()), "")
    credit, puzzle = (line_number("The Planet", fold(line)) for line in (CREDIT, PUZZLE))
    elsewhere = line_number("The Moon", fold(CREDIT))
    assert counted.standing({credit, puzzle, elsewhere}) == {0: {credit}, 2: {credit, puzzle}}
    assert counted.standing(set()) == LineCounts().standing({credit}) == {}
