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


@pytest.mark.parametrize(
    "text",
    [
        "Read more: Port of Drell counts the cost of the storm",
        "READ MORE: Why did the ferry to Anwen turn back?",
        "Read more: Governor: “I will not resign.”",
        "Read More – Ten days that shook Velmar",
        "Also read: Orvik swimming pool shut by mould.",
        "ALSO READ | Dorvania leaves fishing pact",
        "See also: Here's how parents can request a laptop",
        "RELATED: Minister quits over unpaid rent tax!",
        "Related:Veterans save a warship",
        "Related story: Two bridges reopen",
        "Watch: Divers free a whale off Skerry Island",
        "WATCH: Did the senator fall asleep?",
        "Read: A letter from the editor",
        "Read next: The last miners of Hollen",
        "You may like: Orvik bakery fined",
        "Learn more: How herring quotas work",
        "Dig Deeper:$15 is becoming the new wage",
        "In pictures: Snow in Pellworth",
        "Fact check: Did the mayor sell the harbour?",
        "Opinion: The council has lost its way",
        "Read more about the strike in Port Anwen.",
        "Read the full interview here.",
        "Watch the full press conference below.",
        "Click here to read the report.",
        "More: These are the coldest towns",
        "Don't miss: The week's best photographs",
        "Read this: Five things to know about the treaty",
    ],
)
def test_a_line_that_points_to_another_story_is_a_teaser(text: str) -> None:
    assert rules.is_teaser(text)


@pytest.mark.parametrize(
    "text",
    [
        "Watch the footage closely and the boat turns twice, investigators said.",
        "Read in that light, the treaty gives Selmark the water and Ostria the cost of it.",
        "Read the report and you find three engineers who warned the council, she said.",
        "Watch: it is the word that the coastguard repeats to every crew.",
        "Watch officers: three men a shift, four in winter, the navy said.",
        "Related charges against two officers were dropped on Monday.",
        "Related: the two men are cousins, police said.",
        "More than 300 people were moved.",
        "More: that was what the dockers wanted, and they got it.",
        "Opinion polls: Beck leads by four points, Lund by two.",
        "Read more carefully, the letter says the opposite.",
        "Read more books, the minister told pupils.",
        "See also the minister's own letter of 3 May, which promised the money.",
        "Fact check: the photograph was taken in 2015 and shows another harbour.",
        "Analysis: The photograph was taken in 2015. It shows another harbour.",
        "Read the small print, and the insurer owes nothing.",
        "Watch Hill: the lighthouse there was sold in May.",
        "Video: The clip shows the ferry striking the pier.",
        "Learn more languages, she told them.",
        "Don't miss the point: The city is broke.",
        "Listen to the river at night and you hear stones rolling, the ranger said.",
        "Read here as a threat, the speech was meant as a joke.",
        "Recommended doses: Two tablets a day for adults, one for children.",
        "Read more: The plan has two parts. First, the city buys the land.",
    ],
)
def test_a_sentence_that_only_begins_like_a_teaser_is_none(text: str) -> None:
    assert not rules.is_teaser(text)
