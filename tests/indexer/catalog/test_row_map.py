"""Rows have the names that the catalog gives them, from files or, in older indexes, without."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import DOCUMENTS_FILE, PASSAGES_FILE, RowMap, write_row_map
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


def passage_ids(row_map: RowMap, rows: list[int]) -> list[str]:
    doc_ids, starts = row_map.locate(np.array(rows, dtype=np.int64))
    return [passage_id_of(*found) for found in zip(doc_ids, starts, strict=True)]


def stored_ids(catalog: Catalog) -> list[str]:
    return [stored.passage.passage_id for stored in catalog.all_passages()]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    open_catalog(tmp_path, [entry(path, text) for path, text in TEXTS.items()]).close()
    earliest = min(COPY, STORY_ID)
    write_copies(tmp_path, {COPY: earliest, STORY_ID: earliest})
    with Catalog(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["files", "catalog"])
def row_map(request: pytest.FixtureRequest, tmp_path: Path, catalog: Catalog) -> RowMap:
    if request.param == "files":
        write_row_map(tmp_path, catalog)
    return RowMap.open(tmp_path, catalog)


def test_rows_have_the_ids_that_the_catalog_gives_them(row_map: RowMap, catalog: Catalog) -> None:
    assert catalog.count > 5  # one of each copy, several of the other
    rows = [4, 0, 3, 0, *range(catalog.count)]
    assert passage_ids(row_map, rows) == [stored_ids(catalog)[row] for row in rows]
    assert passage_ids(row_map, []) == []


def test_documents_are_numbered_by_their_ids(row_map: RowMap) -> None:
    by_id = sorted([COPY, OTHER, STORY_ID])
    found = row_map.numbers(doc_id_array([STORY_ID, UNKNOWN, OTHER, "z", "é"]))
    assert found.tolist() == [by_id.index(STORY_ID), -1, by_id.index(OTHER), -1, -1]
    assert row_map.numbers(doc_id_array([])).tolist() == []


def test_a_copy_has_the_report_that_stands_for_it(row_map: RowMap) -> None:
    standing = min(COPY, STORY_ID)  # neither has a date
    found = row_map.representatives(doc_id_array([COPY, STORY_ID, OTHER, UNKNOWN]))
    assert list(map(doc_id_text, found)) == [standing, standing, OTHER, UNKNOWN]
    copied = [row_map.has_copies(doc_id) for doc_id in (COPY, STORY_ID, OTHER, UNKNOWN)]
    assert copied == [True, True, False, False]


def test_the_rows_of_documents_are_all_of_theirs(row_map: RowMap, catalog: Catalog) -> None:
    wanted = np.array([doc_id == OTHER for doc_id in catalog.doc_ids()])
    rows = np.flatnonzero(row_map.rows_of(wanted)).tolist()
    assert [found.partition(":")[0] for found in passage_ids(row_map, rows)] == [OTHER] * (
        catalog.count - 2
    )


def test_a_row_that_is_none_is_damage(row_map: RowMap, catalog: Catalog) -> None:
    with pytest.raises(IndexFormatError, match=r"is damaged: the row map .* Rebuild it"):
        passage_ids(row_map, [catalog.count])


@pytest.mark.parametrize("name", [PASSAGES_FILE, DOCUMENTS_FILE])
@pytest.mark.parametrize("damage", ["empty", "text", "cut", "another", "missing"])
def test_a_damaged_file_says_so_on_opening(
    tmp_path: Path, catalog: Catalog, name: str, damage: str
) -> None:
    write_row_map(tmp_path, catalog)
    path = tmp_path / name
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
        if name == PASSAGES_FILE:  # as in an index that was built before there were any
            assert passage_ids(RowMap.open(tmp_path, catalog), [0]) == stored_ids(catalog)[:1]
            return
    elif damage == "another":
        np.zeros((2, 2), dtype=np.uint32).tofile(path)
    else:
        path.write_bytes({"empty": b"", "text": b"no array", "cut": whole[:-9]}[damage])
    with pytest.raises(IndexFormatError, match=r"is damaged: the row map .* Rebuild it"):
        RowMap.open(tmp_path, catalog)


def test_a_document_number_beyond_all_is_damage(tmp_path: Path, catalog: Catalog) -> None:
    write_row_map(tmp_path, catalog)
    np.full((catalog.count, 2), 77, dtype=np.uint32).tofile(tmp_path / PASSAGES_FILE)
    damaged = RowMap.open(tmp_path, catalog)
    with pytest.raises(IndexFormatError, match="is damaged"):
        damaged.locate(np.array([0]))
    with pytest.raises(IndexFormatError, match="is damaged"):
        damaged.rows_of(np.ones(catalog.documents, dtype=np.bool_))


@pytest.mark.parametrize("number", [-2, 3])
def test_a_representative_that_is_no_document_is_damage(
    tmp_path: Path, catalog: Catalog, number: int
) -> None:
    write_row_map(tmp_path, catalog)
    path = tmp_path / DOCUMENTS_FILE
    path.write_bytes(path.read_bytes()[:-8] + number.to_bytes(8, "little", signed=True))
    with pytest.raises(IndexFormatError, match=f"is damaged: .*representatives .*{number}"):
        RowMap.open(tmp_path, catalog)


def test_a_row_map_that_cannot_be_written_say_so(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / PASSAGES_FILE).mkdir()
    with pytest.raises(IndexWriteError, match=PASSAGES_FILE):
        write_row_map(tmp_path, catalog)
