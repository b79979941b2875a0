"""Counts by outlet, author, language and month, over all articles and over some."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.catalog.facets import Facets, count_facets, newest_headlines
from indexer.catalog.reader import Catalog
from indexer.documents import doc_id_of
from tests.support.builders import entry, open_catalog

ENTRIES = (
    entry(
        "a.txt", "One", source="Post", published="2023-10-26T20:42", title="Older", language="en"
    ),
    entry("b.txt", "Two", source="Post", published="2023-10-02", title="Newer", authors=["Ida"]),
    entry("c.txt", "Three", source="Mail", published="2024", title="Year", language="de"),
    entry("d.txt", "Four", title="Undated", authors=["Ida", "Jon Doe"], language="en"),
    entry("e.txt", "Five", published="2024-01-01"),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path, ENTRIES) as opened:
        yield opened


def test_every_article_is_counted_under_what_is_known_of_it(catalog: Catalog) -> None:
    assert count_facets(catalog) == Facets(
        articles=5,
        outlets=(("Post", 2), ("Mail", 1)),
        authors=(("Ida", 2), ("Jon Doe", 1)),
        languages=(("en", 2), ("de", 1)),
        months=(("2023-10", 2), ("2024", 1), ("2024-01", 1)),
    )


def test_only_the_articles_that_are_named_are_counted(catalog: Catalog) -> None:
    some = [doc_id_of("b.txt"), doc_id_of("e.txt")]
    assert count_facets(catalog, some) == Facets(
        articles=2,
        outlets=(("Post", 1),),
        authors=(("Ida", 1),),
        months=(("2023-10", 1), ("2024-01", 1)),
    )
    assert count_facets(catalog, []) == Facets(0)


def test_headlines_come_newest_first_and_undated_ones_last(catalog: Catalog) -> None:
    found = newest_headlines(catalog, 10)
    assert [headline.title for headline in found] == ["Year", "Older", "Newer", "Undated"]
    assert found[1].source == "Post"
    assert [headline.title for headline in newest_headlines(catalog, 2)] == ["Year", "Older"]


def test_a_headline_that_many_articles_have_is_listed_once(tmp_path: Path) -> None:
    same = [
        entry(f"{number}.txt", str(number), title="Storm", published=f"2024-01-0{number}")
        for number in range(1, 4)
    ]
    with open_catalog(tmp_path, same) as catalog:
        (found,) = newest_headlines(catalog, 5)
    assert found.published == "2024-01-03"
