from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.cleaning import clean
from indexer.date_lines import is_date_line, stated_dates
from indexer.documents import Finding, Metadata
from indexer.metadata import find_metadata

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

STORY = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports on October 7, 2023."
)
MORE = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)


def page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def metadata(text: str) -> Metadata:
    return find_metadata(text, clean(text), "folder/file.txt")


def value(finding: Finding | None) -> str | None:
    return finding.value if finding else None


def words_at(text: str, finding: Finding | None) -> str | None:
    return text[finding.start : finding.end] if finding else None


@pytest.mark.parametrize(
    ("prefix", "title", "source", "published"),
    [
        (
            "000",
            "US Asks Iran to Urge Hamas to Stop Rocket Attacks on Israel",
            "Iran Front Page",
            None,
        ),
        (
            "001",
            "Hamas says resistance to last until cessation of Israeli aggression, occupation",
            "Iran Front Page",
            None,
        ),
        ("002", "What US told Iran in recent messages on Gaza?", None, "2023-10-26T20:42"),
        ("003", "Iran-Palestine Relations", None, None),
        ("004", "US tells allies to press Iran to avoid escalation: State Department", None, None),
    ],
)
def test_the_seeds_say_this_about_themselves(
    prefix: str, title: str, source: str | None, published: str | None
) -> None:
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    text = path.read_bytes().decode("utf-8")
    found = metadata(text)
    assert value(found.title) == words_at(text, found.title) == title
    assert value(found.source) == words_at(text, found.source) == source
    assert value(found.published) == published
    assert found.authors == ()
    if published:
        assert words_at(text, found.published) == "26 October 2023 - 20:42"


# --- title ---------------------------------------------------------------------------------------


def test_a_title_says_whether_it_is_the_first_line() -> None:
    first = metadata(page("Bridge closes", STORY)).title
    later = metadata(page("26 October 2023", "Bridge closes", STORY)).title
    assert first == Finding("Bridge closes", "first line", 0, 13)
    assert later == Finding("Bridge closes", "headline", 17, 30)


def test_heading_marks_are_not_part_of_the_title() -> None:
    assert metadata(page("# Bridge closes", STORY)).title == Finding(
        "Bridge closes", "first line", 2, 15
    )


@pytest.mark.parametrize("text", ["", "   ", STORY, page(STORY, MORE)])
def test_a_text_that_starts_with_its_story_has_no_title(text: str) -> None:
    assert metadata(text).title is None


# --- outlet --------------------------------------------------------------------------------------


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
    found = metadata(text).source
    assert found is not None
    assert (found.value, found.found_in) == (source, found_in)
    assert words_at(text, found) == source


@pytest.mark.parametrize(
    "dateline", ["LONDON (Reuters) - ", "WASHINGTON, D.C. (Reuters) — ", "(Reuters) – "]
)
def test_the_agency_of_a_dateline_is_the_outlet(dateline: str) -> None:
    text = page("Bridge closes", dateline + STORY, MORE)
    found = metadata(text).source
    assert found is not None
    assert (found.value, found.found_in) == ("Reuters", "dateline")
    assert words_at(text, found) == "Reuters"


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
    assert metadata(page(*paragraphs)).source is None


# --- date ----------------------------------------------------------------------------------------


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
        assert value(metadata(page("Bridge closes", line, STORY)).published) == iso


@pytest.mark.parametrize(
    "line",
    [
        "31 February 2023",
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
    assert metadata(page("Bridge closes", line, STORY)).published is None


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
    assert metadata(page(*paragraphs)).published is None


def test_a_labelled_date_wins_over_others_even_below_the_story() -> None:
    text = page("Bridge closes", "25 October 2023", STORY, MORE, "Published on 26 October 2023")
    found = metadata(text).published
    assert found is not None
    assert (found.value, found.found_in) == ("2023-10-26", "published line")
    assert words_at(text, found) == "26 October 2023"


def test_the_update_of_a_published_line_is_not_its_date() -> None:
    line = "PUBLISHED: October 26, 2023 at 8:59 pm | UPDATED: October 28, 2023 at 10:16 pm"
    assert [(d.iso, d.label) for d in stated_dates(line)] == [
        ("2023-10-26T20:59", "published"),
        ("2023-10-28T22:16", "updated"),
    ]
    assert value(metadata(page("Bridge closes", line, STORY)).published) == "2023-10-26T20:59"


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


# --- authors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("BY JANE DOE", ["JANE DOE"]),
        ("By Jane Doe and John Q. Roe, Staff Writers", ["Jane Doe", "John Q. Roe"]),
        ("By Jane Doe, John Roe & Ann van der Berg", ["Jane Doe", "John Roe", "Ann van der Berg"]),
        ("Written by Zoë O’Neill | October 26, 2023", ["Zoë O’Neill"]),
        ("By Jean-Luc al-Masri for The Example", ["Jean-Luc al-Masri"]),
        ("By Jane Doe December 6, 2017", ["Jane Doe"]),
        ("By Example News Agency", []),
        ("By AFP", []),
        ("By Friday the bridge was closed", []),
        ("By Jane Doe's Account the Bridge Was Safe", []),
        ("Stand By Me Jane Doe", []),
    ],
)
def test_authors_are_the_people_of_the_byline(byline: str, names: list[str]) -> None:
    text = page("Old bridge closes for repairs", byline, STORY)
    authors = metadata(text).authors
    assert [author.value for author in authors] == names
    assert [words_at(text, author) for author in authors] == names


def test_a_byline_inside_the_story_credits_nobody() -> None:
    assert metadata(page("Bridge closes", STORY, "By Jane Doe", MORE)).authors == ()


def test_an_author_credited_twice_is_named_once() -> None:
    text = page("Old bridge closes for repairs", "By Jane Doe", "By Jane Doe", STORY)
    assert [author.value for author in metadata(text).authors] == ["Jane Doe"]


# --- any text ------------------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    [
        *("By Jane Doe", "26 October 2023", "Published: 1 May 2024 10:00", "Source: Example Press"),
        *("© 2023 The Daily Example", "Copyright", "By", "LONDON (Reuters) - It rained.", STORY),
        *("Bridge closes", "# ", "31 February 2023", "Comments", MORE, "\u200b", "©", "10/26/2023"),
    ]
)


def check_spans(text: str, found: Metadata) -> None:
    for finding in (found.title, found.source, found.published, *found.authors):
        if finding:
            assert finding.start is not None
            assert finding.end is not None
            assert 0 <= finding.start < finding.end <= len(text)
    for finding in (found.title, found.source, *found.authors):
        if finding:
            assert " ".join(text[finding.start : finding.end].split()) == finding.value


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    check_spans(text, metadata(text))


@settings(max_examples=200)
@given(st.lists(SNIPPETS, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", " "]))
def test_any_mixture_of_credits_points_at_its_words(lines: list[str], separator: str) -> None:
    text = separator.join(lines)
    check_spans(text, metadata(text))


@given(st.text(alphabet="0123456789/-.:T+Z apmOct,", max_size=60))
def test_any_line_of_digits_gives_real_dates_or_none(line: str) -> None:
    for found in stated_dates(line):
        assert 0 <= found.start < found.end <= len(line)
        assert found.iso[:4].isdigit()
