import pytest

from indexer.cleaning.cleaner import clean
from indexer.documents import Finding
from indexer.metadata.extract import find_metadata
from tests.support.pages import page

STORY = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports on October 7, 2023."
)
MORE = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)


def outlet(text: str) -> Finding | None:
    return find_metadata(text, clean(text)).source


@pytest.mark.parametrize(
    ("footer", "source", "found_in"),
    [
        ("© 2023 The Daily Example. All rights reserved.", "The Daily Example", "copyright line"),
        ("Copyright 2019-2023 Example Media Inc.", "Example Media Inc", "copyright line"),
        ("(c) Example.com", "Example.com", "copyright line"),
        ("© Example News", "Example News", "copyright line"),
        ("This article was first published by the Example Times.", "Example Times", "credit line"),
        ("This story was originally published in Example Weekly.", "Example Weekly", "credit line"),
        ("Source: Example Press", "Example Press", "credit line"),
        (
            "Views published on this site do not necessarily reflect the opinion of the Quiet Sea "
            "Post (QSP) news website.",
            "Quiet Sea Post",
            "footer",
        ),
    ],
)
def test_the_outlet_is_read_from_credits_below_the_story(
    footer: str, source: str, found_in: str
) -> None:
    text = page("Bridge closes", STORY, MORE, footer)
    found = outlet(text)
    assert found is not None
    assert (found.value, found.found_in) == (source, found_in)
    assert text[found.start : found.end] == source


@pytest.mark.parametrize(
    "dateline", ["LONDON (Reuters) - ", "WASHINGTON, D.C. (Reuters) — ", "(Reuters) – "]
)
def test_the_agency_of_a_dateline_is_the_outlet(dateline: str) -> None:
    text = page("Bridge closes", dateline + STORY, MORE)
    found = outlet(text)
    assert found is not None
    assert (found.value, found.found_in) == ("Reuters", "dateline")
    assert text[found.start : found.end] == "Reuters"


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Bridge closes", "WASHINGTON, DC - " + STORY, MORE),
        ("Bridge closes", STORY, "An official told the Example News Agency (ENA) news website so."),
        ("Bridge closes", STORY, "The engineer (Jane Doe) - who had warned them - was not heard."),
        ("Bridge closes", STORY, "Source: World Example Fund", MORE),
        ("Bridge closes", STORY, "© EXAMPLE PHOTOS / Jane Doe", MORE),
        ("Bridge closes", STORY, MORE, "© 2023. All rights reserved."),
    ],
)
def test_an_outlet_that_is_only_mentioned_is_not_the_source(paragraphs: tuple[str, ...]) -> None:
    assert outlet(page(*paragraphs)) is None
