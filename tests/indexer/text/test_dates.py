import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cleaning.cleaner import clean
from indexer.documents import Finding
from indexer.metadata.extract import find_metadata
from indexer.text.dates import is_date_line, stated_dates
from tests.support.pages import page

STORY = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports on October 7, 2023."
)
MORE = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)


def iso_of(finding: Finding | None) -> str | None:
    return finding.value if finding else None


def published(text: str) -> Finding | None:
    return find_metadata(text, clean(text)).published


@pytest.mark.parametrize(
    ("line", "iso", "words"),
    [
        ("26 October 2023 - 20:42", "2023-10-26T20:42", "26 October 2023 - 20:42"),
        ("Published: October 26, 2023", "2023-10-26", "October 26, 2023"),
        ("Posted on Oct. 26, 2023 8:42 p.m. EDT", "2023-10-26T20:42", "Oct. 26, 2023 8:42 p.m."),
        ("2023-10-26T20:42:05+03:30", "2023-10-26T20:42:05+03:30", "2023-10-26T20:42:05+03:30"),
        ("2023-10-26T20:42Z", "2023-10-26T20:42+00:00", "2023-10-26T20:42Z"),
        ("2023-10-26", "2023-10-26", "2023-10-26"),
        ("2023/10/26", "2023-10-26", "2023/10/26"),
        ("26/10/2023", "2023-10-26", "26/10/2023"),
        ("10/26/2023 | 12:10 am", "2023-10-26T00:10", "10/26/2023 | 12:10 am"),
        ("07.07.2023", "2023-07-07", "07.07.2023"),
        (
            "Thu, 26th October 2023, 20:42 GMT",
            "2023-10-26T20:42+00:00",
            "26th October 2023, 20:42 GMT",
        ),
        ("20:42, 26 October 2023", "2023-10-26T20:42", "20:42, 26 October 2023"),
        (
            "26 October 2023 20:42 UTC+3:30",
            "2023-10-26T20:42+03:30",
            "26 October 2023 20:42 UTC+3:30",
        ),
        ("26 October 2023 25:99", "2023-10-26", "26 October 2023"),
        ("Published May 2023", "2023-05", "May 2023"),
        ("29 February 2024", "2024-02-29", "29 February 2024"),
    ],
)
def test_a_date_is_read_to_the_stated_precision(line: str, iso: str, words: str) -> None:
    found = stated_dates(line)[0]
    assert found.iso == iso
    assert line[found.start : found.end] == words
    if iso != "2023-10-26" or "25:99" not in line:
        assert iso_of(published(page("Bridge closes", line, STORY))) == iso


@pytest.mark.parametrize(
    "line",
    [
        *("26 octobre 2023", "26 de outubro de 2023", "26. Oktober 2023", "26 ottobre 2023"),
        *("octubre 26, 2023", "26 Ekim 2023", "26 października 2023", "2023. október 26."),
        *("26 жовтня 2023", "26 أكتوبر 2023", "٢٦ أكتوبر ٢٠٢٣", "26 tháng 10, 2023"),
        *("2023年10月26日", "2023년 10월 26일", "26 ตุลาคม 2023", "26 अक्टूबर 2023"),
    ],
)
def test_a_month_is_known_in_many_languages(line: str) -> None:
    assert [found.iso for found in stated_dates(line)] == ["2023-10-26"]


def test_a_word_of_two_months_is_none() -> None:
    # October in Croatian, November in Polish.
    assert stated_dates("26 listopada 2023") == ()
    assert [d.iso for d in stated_dates("5 apples 2021, 6 May 2021")] == ["2021-05-06"]


@pytest.mark.parametrize(
    "line",
    [
        "31 February 2023",
        "31 février 2023",
        "۱۴۰۲/۰۸/۰۴",
        "29 February 2023",
        "26 October 3024",
        "26 October 1023",
        "03/04/2023",
        "03.04.2023",
        "2023-13-01",
        "0 October 2023",
        "26 October",
        "Room 26-10-20235",
        "Updated: October 26, 2023",
    ],
)
def test_an_impossible_or_ambiguous_date_stays_unknown(line: str) -> None:
    assert published(page("Bridge closes", line, STORY)) is None


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Bridge closes", STORY, MORE),
        ("Bridge closes", STORY, "October 9, 2023", MORE, "October 12, 2023", MORE + " Still."),
        ("What we know about October 7, 2023", STORY),
        ("Bridge closes", "26 October 2023", "27 October 2023", STORY),
        ("Bridge closes", STORY, MORE, "3 November 2023"),
    ],
)
def test_dates_of_the_story_and_conflicting_dates_are_not_taken(
    paragraphs: tuple[str, ...],
) -> None:
    assert published(page(*paragraphs)) is None


def test_a_labelled_date_wins_over_others_even_below_the_story() -> None:
    text = page("Bridge closes", "25 October 2023", STORY, MORE, "Published on 26 October 2023")
    found = published(text)
    assert found is not None
    assert (found.value, found.found_in) == ("2023-10-26", "published line")
    assert text[found.start : found.end] == "26 October 2023"


def test_the_update_of_a_published_line_is_not_its_date() -> None:
    line = "PUBLISHED: October 26, 2023 at 8:59 pm | UPDATED: October 28, 2023 at 10:16 pm"
    assert [(d.iso, d.label) for d in stated_dates(line)] == [
        ("2023-10-26T20:59", "published"),
        ("2023-10-28T22:16", "updated"),
    ]
    assert iso_of(published(page("Bridge closes", line, STORY))) == "2023-10-26T20:59"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("26 October 2023", True),
        ("Last updated on Thursday, October 26, 2023 at 8:42 pm", True),
        ("May 2023 was the warmest May since records began", False),
        ("By October 26, 2023 the bridge was closed", False),
        ("Dec. 25, 1931:", False),
        ("", False),
    ],
)
def test_a_date_line_states_a_date_and_nothing_else(line: str, expected: bool) -> None:
    assert is_date_line(line) is expected


@given(st.text(alphabet="0123456789/-.:T+Z apmOct,", max_size=60))
def test_any_line_of_digits_gives_real_dates_or_none(line: str) -> None:
    for found in stated_dates(line):
        assert 0 <= found.start < found.end <= len(line)
        assert found.iso[:4].isdigit()
