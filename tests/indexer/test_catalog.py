"""The catalog gives back what was written, and filters by outlet and by date as documented."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.catalog import Catalog, FileState
from indexer.catalog_writer import (
    CATALOG_FILE,
    CatalogEntry,
    SkippedFile,
    days_of,
    source_key,
    write_catalog,
)
from indexer.documents import Document, Finding, Metadata, Passage, Region, Span, doc_id_of
from indexer.errors import IndexFormatError, IndexWriteError
from indexer.store import NO_RESTRICTION, Restriction
from tests.builders import by_doc_id, entry, open_catalog

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
    allowed = catalog.rows_allowed(restriction)
    assert allowed is not None
    assert allowed.shape == (catalog.count,)
    ids = catalog.passage_ids([row for row in range(catalog.count) if allowed[row]])
    return {catalog.document(found.partition(":")[0]).path for found in ids}


@pytest.mark.parametrize(
    ("published", "days"),
    [
        ("2023-10-26T20:42", ("2023-10-26", "2023-10-26")),
        ("2023-10-26", ("2023-10-26", "2023-10-26")),
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023-12", ("2023-12-01", "2023-12-31")),
        ("2023", ("2023-01-01", "2023-12-31")),
        (None, (None, None)),
    ],
)
def test_a_partial_date_means_every_day_it_may_be(
    published: str | None, days: tuple[str | None, str | None]
) -> None:
    assert days_of(published) == days


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


def test_without_a_limit_every_row_is_allowed(dated: Catalog) -> None:
    assert dated.rows_allowed(NO_RESTRICTION) is None
    assert dated.rows_allowed(Restriction(undated=True)) is None


@pytest.mark.parametrize(
    ("restriction", "count"),
    [
        (NO_RESTRICTION, 0),
        (Restriction(after="2023-01-01"), 1),
        (Restriction(before="1900-01-01"), 1),
        (Restriction(after="2023-01-01", undated=True), 0),
        (Restriction(after="2023-01-01", source="Nobody"), 0),
        (Restriction(source="Nobody"), 0),
    ],
)
def test_articles_without_a_date_are_counted_only_where_they_are_left_out(
    dated: Catalog, restriction: Restriction, count: int
) -> None:
    assert dated.count_undated(restriction) == count


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
        assert paths_allowed(catalog, Restriction(source=asked)) == expected


def test_the_key_of_an_outlet_is_its_folded_words_between_spaces() -> None:
    assert source_key("The U.S.’s News-Post") == " the usa news post "


def test_outlet_and_date_limits_hold_together(tmp_path: Path) -> None:
    entries = [
        entry("a.txt", "One.", source="The Post", published="2023-01-01"),
        entry("b.txt", "Two.", source="The Post"),
        entry("c.txt", "Three.", source="The Mail", published="2023-01-01"),
        entry("d.txt", "Four.", source="The Post", published="2022-01-01"),
    ]
    limits = Restriction(source="Post", after="2023-01-01")
    with open_catalog(tmp_path, entries) as catalog:
        assert paths_allowed(catalog, limits) == {"a.txt"}
        assert catalog.count_undated(limits) == 1


any_text = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
findings = st.none() | st.builds(Finding, any_text, any_text, st.none() | st.integers(0, 9))


@settings(deadline=None)
@given(
    text=any_text.filter(lambda text: bool(text.strip())),
    title=findings,
    source=findings,
    authors=st.lists(findings.filter(bool), max_size=3),
)
def test_a_document_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    title: Finding | None,
    source: Finding | None,
    authors: list[Finding],
) -> None:
    metadata = Metadata(title, source, Finding("2023-10", "date line"), tuple(authors))
    document = Document("d" * 16, "odd\n'\"name.txt", "f" * 64, "utf-8", text, metadata)
    passage = Passage("d" * 16, 0, len(text), "headline", (Span(0, len(text)),))
    regions = (Region(0, 1, kept=False, reason="navigation"), Region(1, 2, kept=True))
    folder = tmp_path_factory.mktemp("catalog")
    with open_catalog(folder, [CatalogEntry(document, 1, 2, regions, (passage,))]) as catalog:
        assert catalog.document("d" * 16) == document
        assert catalog.regions("d" * 16) == regions
        (stored,) = catalog.passages([passage.passage_id])
        assert (stored.passage, stored.text) == (passage, text)
        assert (stored.title, stored.source) == (document.title, document.source)
        assert stored.published == "2023-10"


def test_rows_count_from_zero_in_the_order_of_doc_id_and_start(tmp_path: Path) -> None:
    entries = by_doc_id(
        entry(f"{name}.txt", " ".join(["One two three four five six seven."] * 40))
        for name in "abc"
    )
    expected = [passage.passage_id for found in entries for passage in found.passages]
    with open_catalog(tmp_path, entries) as catalog:
        assert (catalog.documents, catalog.count) == (3, len(expected))
        assert catalog.count > 3
        assert catalog.passage_ids(range(catalog.count)) == expected
        assert [stored.passage.passage_id for stored in catalog.all_passages()] == expected
        assert all(
            stored.text == catalog.document(stored.passage.doc_id).text[p.start : p.end]
            for stored in catalog.all_passages()
            for p in [stored.passage]
        )


def test_passages_come_in_the_order_asked_for_however_many_they_are(tmp_path: Path) -> None:
    text = "\n".join(f"Paragraph {i}." for i in range(2000))
    doc_id = doc_id_of("a.txt")
    spans, position = [], 0
    for line in text.splitlines(keepends=True):
        spans.append(Span(position, position + len(line.rstrip())))
        position += len(line)
    passages = tuple(Passage(doc_id, s.start, s.end, "body", (s,)) for s in spans)
    document = Document(doc_id, "a.txt", "0" * 64, "utf-8", text)
    with open_catalog(tmp_path, [CatalogEntry(document, 1, 1, (), passages)]) as catalog:
        wanted = [passage.passage_id for passage in reversed(passages)]
        found = catalog.passages(wanted)
        assert [stored.passage.passage_id for stored in found] == wanted
        assert found[0].text == "Paragraph 1999."
        assert catalog.passage_ids(range(1999, -1, -1)) == wanted
        assert catalog.passages([]) == []


def test_an_unknown_id_is_a_key_error(dated: Catalog) -> None:
    with pytest.raises(KeyError, match="nobody"):
        dated.document("nobody")
    with pytest.raises(KeyError, match="nobody"):
        dated.regions("nobody")
    with pytest.raises(KeyError, match="nobody:0"):
        dated.passages(["nobody:0"])


def test_documents_are_found_by_the_start_of_their_id_or_their_whole_path(dated: Catalog) -> None:
    doc_id = doc_id_of("day.txt")
    assert dated.doc_ids_of(doc_id) == [doc_id]
    assert dated.doc_ids_of(doc_id[:6]) == [doc_id]
    assert dated.doc_ids_of("day.txt") == [doc_id]
    assert dated.doc_ids_of("day") == []
    assert dated.doc_ids_of("%") == []
    assert dated.doc_ids_of("\udcff") == []
    assert dated.doc_ids() == sorted(doc_id_of(path) for path in DATED)


def test_skipped_files_are_kept_with_their_state(tmp_path: Path) -> None:
    skipped = [
        SkippedFile("z.txt", 0, 5, "empty file", ""),
        SkippedFile("b.txt", 9, 6, "binary content", "a NUL at character 1"),
    ]
    kept = entry("a.txt", "One.")
    with open_catalog(tmp_path, [kept], skipped) as catalog:
        assert catalog.skipped() == [skipped[1], skipped[0]]
        assert sorted(catalog.files(), key=lambda file: file.path) == [
            FileState("a.txt", 4, 1),
            FileState("b.txt", 9, 6),
            FileState("z.txt", 0, 5),
        ]
        assert catalog.hashes() == {"a.txt": kept.document.sha256}


def test_skips_that_appear_while_entries_are_read_are_written_too(tmp_path: Path) -> None:
    skipped: list[SkippedFile] = []

    def entries() -> Iterator[CatalogEntry]:
        yield entry("a.txt", "One.")
        skipped.append(SkippedFile("b.txt", 0, 0, "empty file", ""))

    assert write_catalog(tmp_path, entries(), skipped) == (1, 1)
    with Catalog(tmp_path) as catalog:
        assert [file.path for file in catalog.skipped()] == ["b.txt"]


def test_a_catalog_in_a_folder_whose_name_is_special_in_an_address_opens(tmp_path: Path) -> None:
    folder = tmp_path / "a?b#c %20"
    folder.mkdir()
    with open_catalog(folder, [entry("a.txt", "One.")]) as catalog:
        assert catalog.documents == 1


def test_an_opened_catalog_cannot_be_written_and_leaves_no_file_behind(tmp_path: Path) -> None:
    with open_catalog(tmp_path, [entry("a.txt", "One.")]) as catalog:
        catalog.document(doc_id_of("a.txt"))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            catalog._connection.execute("DELETE FROM documents")
        assert [path.name for path in tmp_path.iterdir()] == [CATALOG_FILE]


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut"])
def test_a_damaged_catalog_says_so_on_opening(tmp_path: Path, damage: str) -> None:
    path = tmp_path / CATALOG_FILE
    open_catalog(tmp_path, [entry("a.txt", "One. " * 500)]).close()
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "text": b"no database", "cut": content[:100]}[damage])
    with pytest.raises(IndexFormatError, match="index is damaged"):
        Catalog(tmp_path)


def test_a_page_damaged_later_in_the_file_is_a_format_error_when_it_is_read(
    tmp_path: Path,
) -> None:
    entries = [entry(f"{i}.txt", f"About the number {i}.") for i in range(200)]
    open_catalog(tmp_path, entries).close()
    path = tmp_path / CATALOG_FILE
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(IndexFormatError, match="damaged"), Catalog(tmp_path) as catalog:
        list(catalog.all_passages())


def test_a_catalog_that_cannot_be_made_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(IndexWriteError, match="index that was live is untouched"):
        write_catalog(tmp_path / "missing", [])


def test_one_catalog_answers_several_threads(dated: Catalog) -> None:
    found: list[int] = []

    def read() -> None:
        found.extend(len(list(dated.all_passages())) for _ in range(50))

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [len(DATED)] * 200
