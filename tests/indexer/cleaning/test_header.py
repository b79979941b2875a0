import pytest

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import clean
from tests.support.pages import (
    BRIDGE,
    DETOUR,
    MAYOR,
    headline,
    page,
    removed,
)


def test_dates_and_bylines_above_the_story_are_credits() -> None:
    text = page("Bridge closes", "By Jane Doe", "26 October 2023", BRIDGE)
    assert removed(text) == [("By Jane Doe\n\n26 October 2023", rules.CREDIT)]


def test_an_article_with_subheadings_is_not_a_list_page() -> None:
    text = page("Bridge closes", BRIDGE, DETOUR, "What happens next", MAYOR, BRIDGE + " Again.")
    assert clean(text).items == ()


def test_a_list_of_stories_needs_no_blank_lines() -> None:
    stories = [
        f"Story number {n} has a headline\nThe story number {n} says that something has happened."
        for n in "one two three four five".split()
    ]
    text = "\n".join(["Town news", *stories])
    assert [i.headline.slice(text)[:16] for i in clean(text).items] == [
        "Story number one",
        "Story number two",
        "Story number thr",
        "Story number fou",
        "Story number fiv",
    ]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (("Bridge closes", BRIDGE), "Bridge closes"),
        (("Is the bridge safe?", BRIDGE), "Is the bridge safe?"),
        (("World", "Old bridge closes for repairs", BRIDGE), "Old bridge closes for repairs"),
        (("Riverside", "Old bridge closes for repairs", BRIDGE), "Old bridge closes for repairs"),
        ((BRIDGE, DETOUR), None),
        ((BRIDGE,), None),
        (("It rained.", BRIDGE), None),
    ],
)
def test_the_headline_is_the_first_line_that_reads_like_one(
    paragraphs: tuple[str, ...], expected: str | None
) -> None:
    assert headline(page(*paragraphs)) == expected
