"""An outlet or author that no article has is answered with the nearest ones and their counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.catalog.reader import Catalog
from indexer.store import Restriction
from retrieval.query.unknown_names import unmatched_notes
from tests.support.builders import entry, open_catalog

SOURCES = ["Reuters", "Reuters", "The Norrby Post", "Le Cañón", "Aldwick Evening Gazette"]
AUTHORS = [("Rémy Caron",), ("Rémy Caron", "Jane Doe"), ("Doe, Jane",), ("Tom Brenner",), ()]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    entries = [
        entry(f"{number}.txt", "Text.", source=source, authors=authors)
        for number, (source, authors) in enumerate(zip(SOURCES, AUTHORS, strict=True))
    ]
    with open_catalog(tmp_path_factory.mktemp("catalog"), entries) as opened:
        yield opened


def notes(catalog: Catalog, **names: tuple[str, ...]) -> list[str]:
    return unmatched_notes(catalog, Restriction(**names), found=False)  # type: ignore[arg-type] # names only


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("Reuter", "Nearest outlet: Reuters (2)."),
        ("reuters.com", "Nearest outlet: Reuters (2)."),
        ("Reuters News Agency", "Nearest outlet: Reuters (2)."),
        ("Norby Post", "Nearest outlet: The Norrby Post (1)."),
        ("Canon Le", "Nearest outlet: Le Cañón (1)."),
        ("AEG", "Nearest outlet: Aldwick Evening Gazette (1)."),
        (
            "Zzz",
            "Outlets here: Reuters (2), Aldwick Evening Gazette (1), Le Cañón (1) and 1 more. "
            "Not every article names its outlet.",
        ),
    ],
)
def test_an_unknown_outlet_is_answered_with_the_nearest(
    catalog: Catalog, asked: str, nearest: str
) -> None:
    assert notes(catalog, sources=(asked,)) == [f"No article is attributed to {asked!r}. {nearest}"]


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("Remi Caron", "Nearest author: Rémy Caron (2)."),
        ("Jan Doe", "Nearest authors: Doe, Jane (1), Jane Doe (1)."),
        ("Brener", "Nearest author: Tom Brenner (1)."),
    ],
)
def test_an_unknown_author_is_answered_with_the_nearest(
    catalog: Catalog, asked: str, nearest: str
) -> None:
    assert notes(catalog, authors=(asked,)) == [f"No article is by {asked!r}. {nearest}"]


def test_known_names_need_no_note(catalog: Catalog) -> None:
    assert notes(catalog, sources=("reuters", "le canon"), authors=("Remy Caron",)) == []


def test_of_several_names_the_unknown_one_is_told_though_another_was_found(
    catalog: Catalog,
) -> None:
    both = Restriction(sources=("Reuters", "Norby Post"))
    (note,) = unmatched_notes(catalog, both, found=True)
    assert note == "No article is attributed to 'Norby Post'. Nearest outlet: The Norrby Post (1)."


def test_where_no_article_has_an_author_that_is_said(tmp_path: Path) -> None:
    with open_catalog(tmp_path, [entry("a.txt", "Text.")]) as catalog:
        assert notes(catalog, authors=("Doe",)) == [
            "No article is by 'Doe'. No article here names its author."
        ]
