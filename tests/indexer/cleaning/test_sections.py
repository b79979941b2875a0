from indexer.cleaning import vocabulary as rules
from tests.support.pages import (
    BRIDGE,
    DETOUR,
    MAYOR,
    kept,
    page,
    removed,
)


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


def test_a_teaser_goes_whatever_it_ends_with_and_a_sentence_like_it_stays() -> None:
    teasers = ("Read more: Why did the ferry turn back?", "RELATED: The mayor explains the toll.")
    watch = "Watch the bridge from below and you see the rust on every bolt, the mayor said."
    text = page("Bridge closes", BRIDGE, teasers[0], DETOUR, teasers[1], watch, MAYOR)
    assert kept(text) == page("Bridge closes", BRIDGE) + "\n" + page(DETOUR) + "\n" + page(
        watch, MAYOR
    )
    assert removed(text) == [(teaser, rules.RELATED) for teaser in teasers]
