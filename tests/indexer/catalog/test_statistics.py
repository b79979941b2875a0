"""Counts over a catalog add up to its articles, passages and removed characters."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.catalog.reader import Catalog
from indexer.catalog.statistics import (
    Facets,
    count_by,
    count_facets,
    count_languages,
    newest_headlines,
    removed_characters,
)
from indexer.documents import Region, doc_id_of
from tests.support.builders import entry, open_catalog

ENTRIES = [
    entry("a.txt", "One. Two.", source="The Post", published="2023-10-26", language="en"),
    entry("b.txt", "Three.", source="The Post", published="2023", language="de"),
    entry("c.txt", "", language="en"),
]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("source", [(None, 1, 0, 0), ("The Post", 2, 2, 15)]),
        ("month", [(None, 1, 0, 0), ("2023", 1, 1, 6), ("2023-10", 1, 1, 9)]),
        ("language", [("de", 1, 1, 6), ("en", 2, 1, 9)]),
    ],
)
def test_articles_are_counted_by_what_is_known_of_them(
    tmp_path: Path, by: str, expected: list[tuple[str | None, int, int, int]]
) -> None:
    with open_catalog(tmp_path, ENTRIES) as catalog:
        assert count_by(catalog, by) == expected
        with pytest.raises(KeyError):
            count_by(catalog, "author")


def test_languages_are_counted_without_the_unknown(tmp_path: Path) -> None:
    with open_catalog(tmp_path, [*ENTRIES, entry("d.txt", "Four.")]) as catalog:
        assert count_languages(catalog) == {"de": 1, "en": 2}


def test_removed_characters_are_summed_by_reason(tmp_path: Path) -> None:
    menu, ad = Region(0, 4, kept=False, reason="menu"), Region(5, 9, kept=False, reason="ad")
    one = replace(ENTRIES[0], regions=(menu, Region(4, 5, kept=True), ad))
    other = replace(ENTRIES[1], regions=(replace(menu, end=6),))
    with open_catalog(tmp_path, [one, other]) as catalog:
        assert removed_characters(catalog) == {"ad": 4, "menu": 10}


FILTERED = (
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
    with open_catalog(tmp_path, FILTERED) as opened:
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


def test_names_that_differ_in_case_and_accents_only_are_one(tmp_path: Path) -> None:
    entries = [
        entry("a.txt", "One", source="Le Cañón", authors=["Rémy Caron"]),
        entry("b.txt", "Two", source="le canon", authors=["Remy Caron", "Ida"]),
    ]
    with open_catalog(tmp_path, entries) as catalog:
        found = count_facets(catalog)
    assert [count for _, count in found.outlets] == [2]
    assert found.outlets[0][0] in {"Le Cañón", "le canon"}
    assert [count for _, count in found.authors] == [2, 1]


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
