"""Counts over a catalog add up to its articles, passages and removed characters."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.catalog.statistics import count_by, count_languages, removed_characters
from indexer.documents import Region
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
