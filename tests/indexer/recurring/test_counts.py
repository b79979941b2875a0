from indexer.recurring.counts import LineCount, LineCounts, fold, line_id, line_key, line_keys
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


def test_a_line_below_four_stories_has_four_contexts_and_is_at_the_tail() -> None:
    counted = counts(*(story(i, CREDIT) for i in range(4)), story(4))
    assert count_of(counted, CREDIT) == LineCount(4, 4, 0.0, 1.0, 0)
    assert len(counted.recurring(3)) == 1
    assert counted.recurring(5) == {}


def test_a_line_below_the_headline_is_at_the_head() -> None:
    counted = counts(story(9), *(story(i, above=[PUZZLE]) for i in range(3)))
    assert count_of(counted, PUZZLE) == LineCount(3, 3, 1.0, 0.0, 1)


def test_a_line_twice_in_an_article_counts_one_document() -> None:
    counted = counts(*(story(i, PUZZLE, f"Number {i} went on.", PUZZLE) for i in range(3)))
    found = count_of(counted, PUZZLE)
    assert found is not None
    assert (found.documents, found.contexts, found.tail) == (3, 6, 0.5)


def test_lines_differ_by_outlet_but_not_by_case_or_white_space() -> None:
    counted = counts(
        story(0, CREDIT), story(1, CREDIT.upper()), story(2, CREDIT.replace(" ", "  "))
    )
    counted.add(line_keys("The Moon", split_blocks(story(3, CREDIT))))
    found = count_of(counted, CREDIT)
    assert found is not None
    assert found.documents == 3
    assert count_of(counted, CREDIT, "The Moon") is None


def test_reprints_of_one_article_add_no_contexts() -> None:
    counted = counts(*[story(0, CREDIT)] * 8)
    assert {count.contexts for count in counted.recurring(3).values()} == {0}


def test_versions_of_one_article_with_another_first_line_each_add_no_contexts() -> None:
    counted = counts(*(f"Update number {i}\n\n{story(0, CREDIT)}" for i in range(8)))
    assert {count.contexts for count in counted.recurring(3).values()} == {0}


def test_no_article_and_empty_articles_have_no_lines() -> None:
    assert LineCounts().recurring(1) == {}
    assert counts("", " \n").recurring(1) == {}


def test_articles_are_found_by_the_ids_of_their_lines() -> None:
    counted = counts(story(0, CREDIT), story(1), story(2, PUZZLE, CREDIT.upper()), "")
    credit, puzzle = (line_id("The Planet", fold(line)) for line in (CREDIT, PUZZLE))
    elsewhere = line_id("The Moon", fold(CREDIT))
    assert counted.articles_with({credit, puzzle, elsewhere}) == {0: {credit}, 2: {credit, puzzle}}
    assert counted.articles_with(set()) == LineCounts().articles_with({credit}) == {}
