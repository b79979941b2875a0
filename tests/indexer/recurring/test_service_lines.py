import pytest

from indexer.recurring.service_lines import is_service, is_service_at_edge, reports_news


@pytest.mark.parametrize(
    "line",
    [
        "Sign up here for our morning letter",
        "CLICK HERE TO GET THE APP",
        "Follow Ann Other on X",
        "Reach her at ann@planet.example",
        "© 2020 Planet Media",
        "Ann Other contributed to this report.",
        "Ann Other contributed.",
        "Contributing: Ann Other",
        "From staff and wire reports",
        "Special to The Planet",
        "This story has been updated with new figures.",
        "Editor's note: prices are as of June.",
        "Story continues below",
        "(Planet photo: Ann Other)",
        "Northport Planet",
        "A NorthportPlanet service",
        "NorthportPlanet —",
    ],
)
def test_lines_to_the_reader_credits_and_the_outlets_name_are_service(line: str) -> None:
    assert is_service(line, "northportplanet.example")
    assert not reports_news(line)


@pytest.mark.parametrize(
    "line",
    [
        "The storm moved north on Monday.",
        "What happens next?",
        "He was arrested and later released.",
        "The Planet is the fourth from the sun.",
        "a walk to the northport planet",
        "Larne, Norland The Northport Planet —",
        "Yes.",
    ],
)
def test_sentences_and_headings_are_no_service(line: str) -> None:
    assert not is_service(line, "The Northport Planet")
    assert not is_service_at_edge(line, "The Northport Planet")


@pytest.mark.parametrize(
    "line",
    [
        "The Planet reached out to the mayor for comment.",
        "The White House did not immediately respond to a request for comment.",
        "A spokesman declined to comment.",
        "There was no immediate comment from the company.",
        "According to the police, nobody was hurt.",
    ],
)
def test_what_somebody_said_or_did_not_say_is_news(line: str) -> None:
    assert reports_news(line)


def test_authors_are_introduced_below_a_story_only() -> None:
    line = "Ann Other is a staff writer who covers the harbour."
    assert is_service_at_edge(line, "The Planet")
    assert not is_service(line, "The Planet")


def test_an_outlet_of_two_letters_or_none_is_found_in_no_line() -> None:
    assert not is_service("We saw it on tv", "tv")
    assert not is_service("We saw it", "")
