"""A generation is compared with the one before; what cannot be read counts nothing."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.catalog.previous import Previous, count_changed, count_recleaned, previous_in
from indexer.catalog.rows import CatalogEntry
from indexer.catalog.schema import CATALOG_FILE
from indexer.cleaning.vocabulary import RECURRING
from indexer.documents import Region
from tests.support.builders import entry, open_catalog

TEXT = "One line.\nAnother line.\nA third line."
ARTICLE = entry("a.txt", TEXT)


def generation(folder: Path, *entries: CatalogEntry) -> Path:
    folder.mkdir()
    open_catalog(folder, entries).close()
    return folder


def with_regions(*regions: tuple[int, int, str]) -> CatalogEntry:
    found = tuple(Region(start, end, not why, why) for start, end, why in regions)
    return replace(ARTICLE, regions=found)


def test_a_catalog_is_reusable_only_with_the_tables_for_it(tmp_path: Path) -> None:
    folder = generation(tmp_path / "old", ARTICLE)
    assert previous_in(folder, articles=True, files=False) == Previous(folder, True, False)
    with sqlite3.connect(folder / CATALOG_FILE) as connection:
        connection.execute("DROP TABLE whole_files")
    connection.close()
    assert previous_in(folder, articles=True, files=False) is None
    assert previous_in(tmp_path, articles=True, files=True) is None


def test_articles_of_the_same_path_and_another_content_are_changed(tmp_path: Path) -> None:
    same, gone = entry("same.txt", "Same."), entry("gone.txt", "Gone.")
    old = generation(
        tmp_path / "old", same, gone, entry("text.txt", "Old."), entry("meta.txt", "M.")
    )
    changed = [entry("text.txt", "New."), entry("meta.txt", "M.", source="The Post")]
    new = generation(tmp_path / "new", same, entry("come.txt", "Come."), *changed)
    assert count_changed(new, old) == 2
    assert count_changed(new, new) == 0
    assert count_changed(new, tmp_path) == 0


@pytest.mark.parametrize(
    ("before", "now", "recleaned"),
    [
        ([(0, 38, "")], [(0, 9, RECURRING), (10, 38, "")], 1),
        ([(0, 9, RECURRING), (10, 38, "")], [(0, 9, RECURRING), (10, 23, RECURRING)], 1),
        ([(0, 9, RECURRING), (10, 38, "")], [(0, 9, RECURRING), (10, 38, "menu")], 0),
        ([(0, 9, RECURRING), (10, 23, RECURRING)], [(0, 23, RECURRING)], 0),
    ],
)
def test_only_other_recurring_lines_count_as_cleaned_again(
    tmp_path: Path,
    before: Sequence[tuple[int, int, str]],
    now: Sequence[tuple[int, int, str]],
    recleaned: int,
) -> None:
    old = generation(tmp_path / "old", with_regions(*before))
    new = generation(tmp_path / "new", with_regions(*now))
    assert count_recleaned(new, old) == recleaned
    assert count_recleaned(new, tmp_path) == 0
