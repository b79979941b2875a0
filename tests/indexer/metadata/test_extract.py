from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.cleaning.cleaner import clean
from indexer.documents import Finding, Metadata
from indexer.metadata.extract import find_metadata
from tests.support.pages import page

SEEDS = Path(__file__).resolve().parents[3] / "seeds"

STORY = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports on October 7, 2023."
)
MORE = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)


def metadata(text: str) -> Metadata:
    return find_metadata(text, clean(text))


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


# --- title ---


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


# --- outlet ---


# --- authors ---


def test_authors_are_the_people_of_the_byline() -> None:
    names = ["Jane Doe", "John Q. Roe"]
    byline = "By Jane Doe and John Q. Roe, Staff Writers"
    text = page("Old bridge closes for repairs", byline, STORY)
    authors = metadata(text).authors
    assert [author.value for author in authors] == names
    assert [words_at(text, author) for author in authors] == names


def test_a_byline_inside_the_story_credits_nobody() -> None:
    assert metadata(page("Bridge closes", STORY, "By Jane Doe", MORE)).authors == ()


def test_an_author_credited_twice_is_named_once() -> None:
    text = page("Old bridge closes for repairs", "By Jane Doe", "By Jane Doe", STORY)
    assert [author.value for author in metadata(text).authors] == ["Jane Doe"]


# --- any text ---

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


def test_the_address_names_outlet_and_day_where_the_format_does_not() -> None:
    text = f"{STORY}\n\n{MORE}\n\n© 2020 The Syndicate. All rights reserved."
    given = Metadata(url=Finding("https://www.example.co.uk/2021/03/05/bridge", "column url"))
    found = find_metadata(text, clean(text), given)
    assert found.source == Finding("example.co.uk", "URL")
    assert found.published == Finding("2021-03-05", "URL", confidence=0.95)


def test_what_the_format_says_goes_before_its_address() -> None:
    source, day = Finding("The Example", "column source"), Finding("2021-03-06", "column date")
    address = Finding("https://example.org/2021/03/05/", "column url")
    given = Metadata(url=address, source=source, published=day)
    found = find_metadata(STORY, clean(STORY), given)
    assert (found.source, found.published) == (source, day)


def test_an_address_that_names_a_future_day_dates_nothing() -> None:
    given = Metadata(url=Finding("https://example.org/2099/03/05/bridge", "column url"))
    assert find_metadata(STORY, clean(STORY), given).published is None


def test_a_date_in_the_header_says_how_often_such_dates_are_right() -> None:
    found = metadata(f"Bridge closed\n\nPublished: 3 March 2021\n\n{STORY}\n\n{MORE}")
    assert found.published is not None
    assert (found.published.value, found.published.confidence) == ("2021-03-03", 0.95)


def test_the_language_is_that_of_the_text() -> None:
    given = Metadata(language=Finding("de", "column lang"))
    found = find_metadata(STORY, clean(STORY), given)
    assert found.language is not None
    assert (found.language.value, found.language.found_in) == ("en", "text")
