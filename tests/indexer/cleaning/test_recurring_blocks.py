import pytest

from indexer.cleaning.cleaner import clean
from indexer.cleaning.vocabulary import RECURRING
from indexer.documents import Region, Span
from indexer.recurring.counts import fold
from indexer.recurring.lines import RecurringLine, RecurringLines
from tests.support.stories import CREDIT, PUZZLE, story

PLANET = "The Planet"


def lines(*found: RecurringLine) -> RecurringLines:
    return RecurringLines((PLANET, line) for line in found)


def removed(text: str, known: RecurringLines, headline: Span | None = None) -> list[str]:
    regions = clean(text, known.of(PLANET), headline).regions
    return [text[r.start : r.end] for r in regions if r.reason == RECURRING]


def test_a_removed_line_says_of_which_outlet_it_is() -> None:
    text = story(0, CREDIT)
    known = lines(RecurringLine(fold(CREDIT), 1234, at_edge=False))
    start = text.index(CREDIT)
    assert clean(text, known.of(PLANET)).regions[-1] == Region(
        start,
        start + len(CREDIT),
        False,
        "repeated across documents of one outlet",
        "repeated across documents of The Planet",
    )
    assert removed(text, known) == [CREDIT]
    assert clean(text, known.of("The Moon")) == clean(text)


def test_a_line_of_the_edge_stays_in_the_middle_of_a_story() -> None:
    known = lines(RecurringLine("harbour", 9, at_edge=True), RecurringLine("city", 9, at_edge=True))
    assert removed(f"Harbour\n\nCity\n\n{story(0)}", known) == ["Harbour\n\nCity"]
    assert removed(story(0, "Harbour"), known) == ["Harbour"]
    assert removed(story(0, "Harbour", "Nobody was hurt on Monday."), known) == []
    assert removed(f"Harbour\n\n{story(0)}", known) == []  # a standing headline, not a menu


def test_two_lines_beside_each_other_are_one_region_whatever_their_counts() -> None:
    known = lines(
        RecurringLine(fold(CREDIT), 8, at_edge=False),
        RecurringLine(fold(PUZZLE), 5, at_edge=False),
    )
    assert removed(story(0, CREDIT, PUZZLE), known) == [f"{CREDIT}\n\n{PUZZLE}"]


@pytest.mark.parametrize("text", [CREDIT, f"{CREDIT}\n\n{CREDIT}"])
def test_a_text_of_which_nothing_would_be_left_is_kept(text: str) -> None:
    known = lines(RecurringLine(fold(CREDIT), 9, at_edge=False))
    assert removed(text, known) == []


def test_the_headline_that_the_format_names_is_never_left_out() -> None:
    title = "Sign up for news"
    known = lines(
        RecurringLine(fold(title), 9, at_edge=False), RecurringLine(fold(CREDIT), 9, at_edge=False)
    )
    text = f"{title}\n\n{story(0, CREDIT)}"
    assert removed(text, known, Span(0, len(title))) == [CREDIT]
    assert removed(text, known) == [title, CREDIT]
    # Only the headline would be left.
    assert removed(f"{title}\n\n{CREDIT}", known, Span(0, len(title))) == []
