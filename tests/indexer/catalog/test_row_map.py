"""Rows have the names that the catalog gives them, from files or, in older indexes, without."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import DOCUMENTS_FILE, PLACES_FILE, RowPlaces, write_row_places
from indexer.catalog.writer import write_copies
from indexer.documents import doc_id_of
from indexer.errors import IndexFormatError, IndexWriteError
from indexer.store import doc_id_array, doc_id_text, passage_id_of
from tests.support.builders import entry, open_catalog

STORY = (
    "The old pier of Vellmar was closed on Tuesday after the storm had torn away its planks. "
    "Engineers of the harbour office measured the damage and found that every second post moved."
)
TEXTS = {
    "copy.txt": STORY,
    "other.txt": " ".join(f"Ship number {n} waited outside the harbour." for n in range(90)),
    "story.txt": STORY,
}
COPY, OTHER, STORY_ID = (doc_id_of(name) for name in sorted(TEXTS))
UNKNOWN = "0" * 16


def passage_ids(places: RowPlaces, rows: list[int]) -> list[str]:
    doc_ids, starts = places.of(np.array(rows, dtype=np.int64))
    return [passage_id_of(*found) for found in zip(doc_ids, starts, strict=True)]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    open_catalog(tmp_path, [entry(path, text) for path, text in TEXTS.items()]).close()
    report = min(COPY, STORY_ID)
    write_copies(tmp_path, {COPY: report, STORY_ID: report})
    with Catalog(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["files", "catalog"])
def places(request: pytest.FixtureRequest, tmp_path: Path, catalog: Catalog) -> RowPlaces:
    if request.param == "files":
        write_row_places(tmp_path, catalog)
    return RowPlaces.open(tmp_path, catalog)


def test_rows_have_the_ids_that_the_catalog_gives_them(places: RowPlaces, catalog: Catalog) -> None:
    assert catalog.count > 5  # one of each copy, several of the other
    rows = [4, 0, 3, 0, *range(catalog.count)]
    assert passage_ids(places, rows) == catalog.passage_ids(rows)
    assert passage_ids(places, []) == []


def test_documents_are_numbered_by_their_ids(places: RowPlaces) -> None:
    by_id = sorted([COPY, OTHER, STORY_ID])
    found = places.numbers(doc_id_array([STORY_ID, UNKNOWN, OTHER, "z", "é"]))
    assert found.tolist() == [by_id.index(STORY_ID), -1, by_id.index(OTHER), -1, -1]
    assert places.numbers(doc_id_array([])).tolist() == []


def test_a_copy_has_the_report_that_stands_for_it(places: RowPlaces) -> None:
    standing = min(COPY, STORY_ID)  # neither has a date
    found = places.reports_of(doc_id_array([COPY, STORY_ID, OTHER, UNKNOWN]))
    assert list(map(doc_id_text, found)) == [standing, standing, OTHER, UNKNOWN]
    copied = [places.has_copies(doc_id) for doc_id in (COPY, STORY_ID, OTHER, UNKNOWN)]
    assert copied == [True, True, False, False]


def test_the_rows_of_documents_are_all_of_theirs(places: RowPlaces, catalog: Catalog) -> None:
    wanted = np.array([doc_id == OTHER for doc_id in catalog.doc_ids()])
    rows = np.flatnonzero(places.rows_of(wanted)).tolist()
    assert [found.partition(":")[0] for found in passage_ids(places, rows)] == [OTHER] * (
        catalog.count - 2
    )


def test_a_row_that_is_none_is_damage(places: RowPlaces, catalog: Catalog) -> None:
    with pytest.raises(IndexFormatError, match=r"places of passages .* is damaged\. Rebuild"):
        passage_ids(places, [catalog.count])


@pytest.mark.parametrize("name", [PLACES_FILE, DOCUMENTS_FILE])
@pytest.mark.parametrize("damage", ["empty", "text", "cut", "another", "missing"])
def test_a_damaged_file_says_so_on_opening(
    tmp_path: Path, catalog: Catalog, name: str, damage: str
) -> None:
    write_row_places(tmp_path, catalog)
    path = tmp_path / name
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
        if name == PLACES_FILE:  # as in an index that was built before there were any
            assert passage_ids(RowPlaces.open(tmp_path, catalog), [0]) == catalog.passage_ids([0])
            return
    elif damage == "another":
        np.zeros((2, 2), dtype=np.uint32).tofile(path)
    else:
        path.write_bytes({"empty": b"", "text": b"no array", "cut": whole[:-9]}[damage])
    with pytest.raises(IndexFormatError, match=r"places of passages .* is damaged\. Rebuild"):
        RowPlaces.open(tmp_path, catalog)


def test_a_document_number_beyond_all_is_damage(tmp_path: Path, catalog: Catalog) -> None:
    write_row_places(tmp_path, catalog)
    np.full((catalog.count, 2), 77, dtype=np.uint32).tofile(tmp_path / PLACES_FILE)
    damaged = RowPlaces.open(tmp_path, catalog)
    with pytest.raises(IndexFormatError, match="is damaged"):
        damaged.of(np.array([0]))
    with pytest.raises(IndexFormatError, match="is damaged"):
        damaged.rows_of(np.ones(catalog.documents, dtype=np.bool_))


@pytest.mark.parametrize("report", [-2, 3])
def test_a_report_that_is_no_document_is_damage(
    tmp_path: Path, catalog: Catalog, report: int
) -> None:
    write_row_places(tmp_path, catalog)
    path = tmp_path / DOCUMENTS_FILE
    path.write_bytes(path.read_bytes()[:-8] + report.to_bytes(8, "little", signed=True))
    with pytest.raises(IndexFormatError, match=f"they name reports .*{report}.* is damaged"):
        RowPlaces.open(tmp_path, catalog)


def test_places_that_cannot_be_written_say_so(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / PLACES_FILE).mkdir()
    with pytest.raises(IndexWriteError, match=PLACES_FILE):
        write_row_places(tmp_path, catalog)
