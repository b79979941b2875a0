import pytest

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import clean
from tests.support.pages import BRIDGE, DETOUR, MAYOR, headline, kept, page, removed


def test_a_comment_section_goes_with_its_comments() -> None:
    comment = (
        "I cannot believe that they let it rot for so long and that we must all pay for it now."
    )
    text = page("Bridge closes", BRIDGE, DETOUR, "Comments (2)", "Jane says:", comment, "Reply")
    assert kept(text) == page("Bridge closes", BRIDGE, DETOUR)
    assert [reason for _, reason in removed(text)] == [rules.COMMENTS]


def test_a_numbered_list_above_a_form_is_kept_unless_it_reads_like_comments() -> None:
    tips = ("1. Fix leaking taps before summer.", "2. Collect rain water in a barrel.")
    text = page("Two ways to save", BRIDGE, *tips, "Leave a reply")
    assert kept(text) == page("Two ways to save", BRIDGE, *tips)
    rant = "they should all go to prison " * 10
    text = page("Bridge closes", BRIDGE, DETOUR, f"\n  1. {rant}", "Please enter your comment!")
    assert [reason for _, reason in removed(text)] == [rules.COMMENTS, rules.FORM]


def test_teasers_with_relative_times_go_even_without_a_label() -> None:
    ferry = (
        "Ferry to start on Monday",
        "The new ferry will start on Monday and run…",
        "1 hour ago",
    )
    school = (
        "School trips are off",
        "All trips to the old bridge are off until […]",
        "3 hours ago",
    )
    text = page("Bridge closes", BRIDGE, DETOUR, *ferry, *school)
    assert removed(text) == [(page(*ferry, *school), rules.RELATED)]


def test_a_related_list_inside_an_article_ends_where_the_article_goes_on() -> None:
    related = (
        "Related stories",
        "Ferry to start on Monday",
        "School trips are cancelled this week",
    )
    text = page("Bridge closes", BRIDGE, *related, MAYOR)
    assert kept(text) == page("Bridge closes", BRIDGE) + "\n" + MAYOR
    assert removed(text) == [(page(*related), rules.RELATED)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Please enter your name here", rules.FORM),
        ("Your email address will not be published. Required fields are marked *", rules.FORM),
        ("7 × 3 = ?", rules.FORM),
        ("Share this article", rules.SHARE),
        ("Facebook Twitter WhatsApp Email", rules.SHARE),
        ("Tags: bridge, council, repairs", rules.SHARE),
        ("Skip to main content", rules.NAVIGATION),
        ("Home > World > Europe", rules.NAVIGATION),
        ("ADVERTISEMENT", rules.NAVIGATION),
        ("Published: October 26, 2023 at 8:42 pm", rules.CREDIT),
        ("3 min read", rules.CREDIT),
        ("READ MORE: Ferry to start on Monday", rules.RELATED),
    ],
)
def test_a_line_that_is_never_article_text_goes(line: str, reason: str) -> None:
    text = page("Bridge closes for repairs", BRIDGE, line, MAYOR)
    assert removed(text) == [(line, reason)]


@pytest.mark.parametrize(
    "footer",
    [
        "© 2023 The Daily Example. All rights reserved.",
        "The views expressed in this article do not necessarily reflect the position of our site.",
        "This article was originally published by The Example.",
    ],
)
def test_what_an_outlet_says_about_itself_below_the_article_goes(footer: str) -> None:
    text = page("Bridge closes", BRIDGE, DETOUR, footer)
    assert removed(text) == [(footer, rules.FOOTER)]


def test_dates_and_bylines_above_the_story_are_credits() -> None:
    text = page("Bridge closes", "By Jane Doe", "26 October 2023", BRIDGE)
    assert removed(text) == [("By Jane Doe\n\n26 October 2023", rules.CREDIT)]


def test_only_equal_paragraphs_are_repeats() -> None:
    similar = BRIDGE.replace("two", "three")
    spaced = BRIDGE.replace(" ", "\u00a0 ")
    text = page("Bridge closes", BRIDGE, similar, spaced)
    assert removed(text) == [(spaced, rules.REPEATED)]


def test_short_lines_are_repeats_only_inside_a_repeated_run() -> None:
    text = page(
        "Bridge closes", "“No.”", BRIDGE, "“Why?”", DETOUR, "“No.”", BRIDGE, "“Why?”", MAYOR
    )
    assert removed(text) == [(page("“No.”", BRIDGE, "“Why?”"), rules.REPEATED)]


def test_the_menu_of_a_web_page_goes_and_its_article_stays() -> None:
    menu = "\n".join(f"  * {word}" for word in "Home News World Sports Opinion Weather".split())
    links = "\n".join(f"  * {word}" for word in ("About us", "Careers", "Privacy", "Help"))
    article = page(BRIDGE, DETOUR, MAYOR)
    text = page("Daily Example", menu, "# Old bridge closes for repairs", article, links)
    assert kept(text) == page("# Old bridge closes for repairs", article)
    assert headline(text) == "# Old bridge closes for repairs"
    assert {reason for _, reason in removed(text)} == {rules.NAVIGATION}


def test_lines_wrapped_to_a_width_are_one_paragraph() -> None:
    wrapped = [
        "The council voted on Tuesday to close the old bridge for repairs after",
        "engineers found cracks in two of its main supports last month, and it",
        "asked the ferry company to run more boats until the work is finished by",
        "winter.",
    ]
    text = page("Bridge closes", "\n".join(wrapped), "He agreed.")
    assert [p.slice(text) for p in clean(text).paragraphs] == [
        "Bridge closes",
        "\n".join(wrapped),
        "He agreed.",
    ]


# --- lists and headlines ---


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
