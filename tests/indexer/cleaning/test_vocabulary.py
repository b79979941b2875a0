import pytest

from indexer.cleaning import vocabulary as rules
from tests.support.pages import BRIDGE, MAYOR, page, removed


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
        ("Advertisement. Scroll to continue reading.", rules.NAVIGATION),
        ("Article continues after this advertisement", rules.NAVIGATION),
        ("ADVERTISEMENT - CONTINUE READING BELOW", rules.NAVIGATION),
        ("[ Advertisement 3 ]", rules.NAVIGATION),
        ("The story continues below the video", rules.NAVIGATION),
        ("Keep reading", rules.NAVIGATION),
        ("Anzeige", rules.NAVIGATION),
        ("Published: October 26, 2023 at 8:42 pm", rules.CREDIT),
        ("3 min read", rules.CREDIT),
        ("(Reporting by Jane Doe in Norrby; Editing by Ida Holm)", rules.CREDIT),
        ("Additional reporting by Ida Holm", rules.CREDIT),
        ("Already a subscriber? Log in.", rules.NAVIGATION),
        ("We and our partners use cookies, with your consent.", rules.NAVIGATION),
        ("READ MORE: Ferry to start on Monday", rules.RELATED),
    ],
)
def test_a_line_that_is_never_article_text_goes(line: str, reason: str) -> None:
    text = page("Bridge closes for repairs", BRIDGE, line, MAYOR)
    assert removed(text) == [(line, reason)]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement of the vacancy is required by law, the court said.",
        "The story continues.",
        "Talks continue after the ads ban",
        "Reading",
        "Sponsored bills fail again",
    ],
)
def test_sentences_and_headings_with_words_of_advertisements_stay(line: str) -> None:
    assert rules.line_reason(line) == ""
