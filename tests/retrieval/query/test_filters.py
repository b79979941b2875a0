"""What a filter's value means, and what is told of articles that a filter hides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.catalog.reader import Catalog
from indexer.storage.manifest import generation_folder
from indexer.store import Restriction
from retrieval import SearchEngine
from retrieval.query.filters import hidden_notes, misspelt_filter, narrowing_notes, parse_day


@pytest.fixture(scope="module")
def catalog(seeds_index: Path) -> Iterator[Catalog]:
    """Five articles, of which one has a date and two an outlet."""
    with Catalog(generation_folder(seeds_index, 1)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        (" 2023-10-26 ", "2023-10-26", "2023-10-26"),
        ("٢٠٢٣", "2023-01-01", "2023-12-31"),
        ("14 Feb 2023", "2023-02-14", "2023-02-14"),
        ("February 14, 2023", "2023-02-14", "2023-02-14"),
        ("26.10.2023", "2023-10-26", "2023-10-26"),
        ("Feb 2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_date_limit_is_the_first_or_last_day_it_may_mean(
    written: str, first: str, last: str
) -> None:
    assert parse_day(written, last=False) == first
    assert parse_day(written, last=True) == last


@pytest.mark.parametrize(
    "written", ["", "23", "2023-1", "2023-10-26-7", "31.02.2023", "03/04/2023", "now"]
)
def test_what_is_no_date_says_what_one_looks_like(written: str) -> None:
    with pytest.raises(ValueError, match="is not a date; use YYYY, YYYY-MM or YYYY-MM-DD"):
        parse_day(written, last=True)


def test_names_of_the_most_words_that_are_allowed_are_looked_up(engine: SearchEngine) -> None:
    longest = [f"{number:03} {'a ' * 248}"[:500] for number in range(64)]
    answer = engine.answer("who?", author=longest, source=longest)
    assert answer.state == "not_found"
    with pytest.raises(ValueError, match=r"'a a .*… is not a name; a name has at most 500 char"):
        engine.answer("who?", author="a " * 251)


def test_hidden_articles_are_counted_by_what_they_lack(catalog: Catalog) -> None:
    assert hidden_notes(catalog, Restriction(sources=("Iran Front Page",))) == []
    assert hidden_notes(catalog, Restriction(after="2023", undated=True)) == []
    assert hidden_notes(catalog, Restriction(before="2024", languages=("en",))) == [
        "The date filter hides 4 undated articles. Include undated articles to see more."
    ]


@pytest.mark.parametrize(
    ("restriction", "told"),
    [
        (Restriction(undated=True), ()),
        (Restriction(sources=("Iran Front Page",)), ("Outlet Iran Front Page leaves 2 of 5",)),
        (Restriction(languages=("de", "fr")), ("Language German or French leaves none of 5",)),
        (
            Restriction(sources=tuple("abcde"), before="2023-12-31"),
            ("The filters leave none of 5", "outlet a or b or c or 2 more leaves none, "),
        ),
        (
            Restriction(sources=("Iran Front Page",), after="2023-10-01", before="2023-10-31"),
            (
                "The filters leave none of 5",
                "outlet Iran Front Page leaves 2, date from 2023-10-01 to 2023-10-31 leaves 1.",
            ),
        ),
        (
            Restriction(authors=("Nobody",), after="2023-10-01", undated=True),
            ("author Nobody leaves none, date from 2023-10-01 leaves 5. Search without",),
        ),
    ],
)
def test_each_filter_says_how_many_articles_it_leaves(
    catalog: Catalog, restriction: Restriction, told: tuple[str, ...]
) -> None:
    notes = narrowing_notes(catalog, restriction)
    assert len(notes) == bool(told)
    assert all(part in notes[0] for part in told)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("souce:Reuters", "there is no filter souce:, did you mean source:"),
        ("Auther:Caron", "there is no filter auther:, did you mean author:"),
        ("title:ferry", "there is no filter title:, only source:, author:, lang:, after:, before:"),
        ("(source:Reuters)", "to filter, write source: after a space"),
        ("+outlet:Reuters", "to filter, write source: after a space"),
        ("10:30", ""),
        ("https://example.org", ""),
        ("the", ""),
    ],
)
def test_what_looks_like_a_filter_and_is_none_is_told(written: str, why: str) -> None:
    assert misspelt_filter(written) == why
