"""An outlet is found by whole words, a date by every day it may mean."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.catalog.filters import Unknown
from indexer.catalog.reader import Catalog
from indexer.store import Restriction
from tests.support.builders import entry, open_catalog

DATED = {
    "day.txt": "2023-10-26T20:42",
    "month.txt": "2023-10",
    "year.txt": "2023",
    "later.txt": "2024-02-29",
    "undated.txt": None,
}


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Catalog]:
    entries = [entry(path, f"About {path}.", published=day) for path, day in DATED.items()]
    with open_catalog(tmp_path, entries) as catalog:
        yield catalog


def paths_allowed(catalog: Catalog, restriction: Restriction) -> set[str]:
    allowed = catalog.documents_allowed(restriction)
    assert allowed is not None
    assert allowed.shape == (catalog.documents,)
    found = np.array(catalog.doc_ids())[allowed]
    return {catalog.document(str(doc_id)).path for doc_id in found}


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [
        ("2023-10-26", None, {"day.txt", "month.txt", "year.txt", "later.txt"}),
        ("2023-10-27", None, {"month.txt", "year.txt", "later.txt"}),
        ("2023-11-01", None, {"year.txt", "later.txt"}),
        ("2024-01-01", None, {"later.txt"}),
        ("2024-02-29", None, {"later.txt"}),
        ("2024-03-01", None, set()),
        (None, "2023-10-26", {"day.txt", "month.txt", "year.txt"}),
        (None, "2023-10-25", {"month.txt", "year.txt"}),
        (None, "2023-09-30", {"year.txt"}),
        (None, "2022-12-31", set()),
        ("2023-10-26", "2023-10-26", {"day.txt", "month.txt", "year.txt"}),
        ("2023-10-27", "2023-10-26", {"month.txt", "year.txt"}),
    ],
)
def test_date_limits_are_inclusive_days_and_keep_what_may_fall_between(
    dated: Catalog, after: str | None, before: str | None, expected: set[str]
) -> None:
    found = paths_allowed(dated, Restriction(after=after, before=before))
    assert found == expected
    kept = paths_allowed(dated, Restriction(after=after, before=before, undated=True))
    assert kept == expected | {"undated.txt"}


def test_without_a_limit_every_document_is_allowed(dated: Catalog) -> None:
    assert dated.documents_allowed(Restriction()) is None
    assert dated.documents_allowed(Restriction(undated=True)) is None


@pytest.mark.parametrize(
    ("restriction", "count"),
    [
        (Restriction(), 0),
        (Restriction(after="2023-01-01"), 1),
        (Restriction(before="1900-01-01"), 1),
        (Restriction(after="2023-01-01", undated=True), 0),
        (Restriction(after="2023-01-01", sources=("Nobody",)), 0),
        (Restriction(sources=("Nobody",)), 0),
    ],
)
def test_articles_without_a_date_are_counted_only_where_they_are_left_out(
    dated: Catalog, restriction: Restriction, count: int
) -> None:
    assert dated.count_unknown(restriction) == Unknown(dates=count)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Iran Front Page", {"ifp.txt"}),
        ("iran front page", {"ifp.txt"}),
        ("Front", {"ifp.txt"}),
        ("Iran", {"ifp.txt", "intl.txt"}),
        ("Page Iran", set()),
        ("Ira", set()),
        ("Pag", set()),
        ("U.S. News", {"us.txt"}),
        ("US News", {"us.txt"}),
        ("%", set()),
        ("_ran", set()),
        ("'; DROP TABLE documents; --", set()),
        ("!", set()),
    ],
)
def test_an_outlet_is_found_by_whole_words_in_order(
    tmp_path: Path, asked: str, expected: set[str]
) -> None:
    outlets = {
        "ifp.txt": "Iran Front Page",
        "intl.txt": "Iran’s International",
        "us.txt": "U.S. News",
        "none.txt": None,
    }
    entries = [entry(path, f"About {path}.", source=name) for path, name in outlets.items()]
    with open_catalog(tmp_path, entries) as catalog:
        assert paths_allowed(catalog, Restriction(sources=(asked,))) == expected


def test_outlet_and_date_limits_hold_together(tmp_path: Path) -> None:
    entries = [
        entry("a.txt", "One.", source="The Post", published="2023-01-01"),
        entry("b.txt", "Two.", source="The Post"),
        entry("c.txt", "Three.", source="The Mail", published="2023-01-01"),
        entry("d.txt", "Four.", source="The Post", published="2022-01-01"),
    ]
    limits = Restriction(sources=("Post",), after="2023-01-01")
    with open_catalog(tmp_path, entries) as catalog:
        assert paths_allowed(catalog, limits) == {"a.txt"}
        assert catalog.count_unknown(limits) == Unknown(dates=1)


def test_any_of_several_outlets_will_do(tmp_path: Path) -> None:
    entries = [
        entry(f"{name}.txt", "One.", source=f"The {name}") for name in ("Post", "Mail", "Sun")
    ]
    with open_catalog(tmp_path, [*entries, entry("none.txt", "One.")]) as catalog:
        found = paths_allowed(catalog, Restriction(sources=("Post", "the mail")))
        assert found == {"Post.txt", "Mail.txt"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("jane",), {"jane.txt", "both.txt", "export.txt"}),
        (("Jane Doe",), {"jane.txt", "both.txt", "export.txt"}),
        (("DOE",), {"jane.txt", "both.txt", "export.txt"}),
        (("Roe",), {"both.txt"}),
        (("Jane Roe",), set()),
        (("Jan",), set()),
        (("Roe", "O’Neill"), {"both.txt", "oneill.txt"}),
        (("o'neill",), {"oneill.txt"}),
        (("müller",), {"mueller.txt"}),
        (("Nobody",), set()),
        (("…",), set()),
        (("%", "' OR 1=1 --"), set()),
    ],
)
def test_an_author_is_found_by_whole_words_of_one_name(
    tmp_path: Path, asked: tuple[str, ...], expected: set[str]
) -> None:
    authors = {
        "jane.txt": ("Jane Doe",),
        "both.txt": ("Jane A. Doe", "Richard Roe"),
        "export.txt": ("Doe, Jane",),
        "oneill.txt": ("Shaun O'Neill",),
        "mueller.txt": ("Eva MÜLLER",),
        "none.txt": (),
    }
    entries = [entry(path, f"About {path}.", authors=names) for path, names in authors.items()]
    with open_catalog(tmp_path, entries) as catalog:
        assert paths_allowed(catalog, Restriction(authors=asked)) == expected


def test_languages_are_filtered_by_code_and_unknown_ones_counted(tmp_path: Path) -> None:
    entries = [
        entry("de.txt", "Eins.", language="de", authors=("Jane Doe",)),
        entry("fr.txt", "Deux.", language="fr", authors=("Jane Doe",)),
        entry("en.txt", "Two.", language="en"),
        entry("none.txt", "3.", authors=("Jane Doe",)),
        entry("nobody.txt", "4."),
    ]
    with open_catalog(tmp_path, entries) as catalog:
        either = Restriction(languages=("de", "fr"))
        assert paths_allowed(catalog, either) == {"de.txt", "fr.txt"}
        assert catalog.count_unknown(either) == Unknown(languages=2)
        both = Restriction(languages=("de", "en"), authors=("doe",))
        assert paths_allowed(catalog, both) == {"de.txt"}
        assert catalog.count_unknown(both) == Unknown(authors=1, languages=1)
