"""The visible text of HTML is its paragraphs, without scripts and other invisible elements."""

import pytest

from indexer.text.markup import first_heading, looks_like_markup, text_of_markup


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One &amp; <b>two</b>.</p><p>Three.</p>", "One & two.\n\nThree."),
        ("<p>One<br>two</p>", "One\ntwo"),
        ("<p>  One \n\t two </p>", "One two"),
        ("One <style>p {}</style>two<svg><title>icon</title></svg>", "One two"),
        ("<ul><li>One<li>Two</ul>", "One\n\nTwo"),
        ("<![if IE]>One<![endif]>", "One"),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", "One\n\nTwo"),
        ("no markup at all", "no markup at all"),
        ("<p> </p>", ""),
    ],
)
def test_the_text_is_what_a_reader_sees(markup: str, text: str) -> None:
    assert text_of_markup(markup) == text


@pytest.mark.parametrize(
    ("markup", "heading"),
    [
        ("<title>Page</title><h2>Bridge <i>closes</i></h2><h1>Other</h1>", "Bridge closes"),
        ("<title>Page</title><h2> </h2>", "Page"),
        ("<p>Text</p>", ""),
    ],
)
def test_the_first_heading_goes_before_the_title(markup: str, heading: str) -> None:
    assert first_heading(markup) == heading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p>", True),
        (" <!DOCTYPE html><html></html>", True),
        ("<div>One<br/>two", True),
        ("<p>One", False),
        ("One <b>two</b>", False),
        ("2 <3 and </3", False),
    ],
)
def test_markup_begins_with_a_block_and_has_an_end_tag(text: str, expected: bool) -> None:
    assert looks_like_markup(text) is expected
