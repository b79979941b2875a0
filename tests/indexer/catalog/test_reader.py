"""The catalog gives back what was written, and says so when it cannot."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.catalog.reader import Catalog
from indexer.catalog.rows import CatalogEntry
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.writer import NewEntry, write_catalog
from indexer.corpus.scan import Skip
from indexer.documents import (
    Document,
    Finding,
    Metadata,
    Passage,
    Region,
    SourceFile,
    Span,
    doc_id_of,
)
from indexer.errors import IndexFormatError, IndexWriteError
from tests.support.builders import by_doc_id, entry, new_entry, open_catalog

PATHS = ("day.txt", "month.txt", "year.txt")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path, [entry(path, f"About {path}.") for path in PATHS]) as opened:
        yield opened


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
    document = Document(
        "d" * 16, "odd\n'\"name.txt", SourceFile("a", 1, 2, "f" * 64), "utf-8", text, metadata
    )
    passage = Passage("d" * 16, 0, len(text), "headline", (Span(0, len(text)),))
    regions = (Region(0, 1, kept=False, reason="navigation"), Region(1, 2, kept=True))
    folder = tmp_path_factory.mktemp("catalog")
    with open_catalog(folder, [CatalogEntry(document, regions, (passage,))]) as catalog:
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
    document = Document(doc_id, "a.txt", SourceFile("a.txt", 1, 1), "utf-8", text)
    with open_catalog(tmp_path, [CatalogEntry(document, (), passages)]) as catalog:
        wanted = [passage.passage_id for passage in reversed(passages)]
        found = catalog.passages(wanted)
        assert [stored.passage.passage_id for stored in found] == wanted
        assert found[0].text == "Paragraph 1999."
        assert catalog.passages([]) == []


def test_an_unknown_id_is_a_key_error(catalog: Catalog) -> None:
    with pytest.raises(KeyError, match="nobody"):
        catalog.document("nobody")
    with pytest.raises(KeyError, match="nobody"):
        catalog.regions("nobody")
    with pytest.raises(KeyError, match="nobody:0"):
        catalog.passages(["nobody:0"])


def test_documents_are_found_by_the_start_of_their_id_or_their_whole_path(catalog: Catalog) -> None:
    doc_id = doc_id_of("day.txt")
    assert catalog.doc_ids_of(doc_id) == [doc_id]
    assert catalog.doc_ids_of(doc_id[:6]) == [doc_id]
    assert catalog.doc_ids_of("day.txt") == [doc_id]
    assert catalog.doc_ids_of("day") == []
    assert catalog.doc_ids_of("%") == []
    assert catalog.doc_ids_of("\udcff") == []
    assert catalog.doc_ids() == sorted(doc_id_of(path) for path in PATHS)


def test_skipped_files_are_kept_with_their_state(tmp_path: Path) -> None:
    skipped = [
        Skip("z.txt", "empty file"),
        Skip("b.txt", "binary content", "a NUL at character 1"),
    ]
    files = [SourceFile("z.txt", 0, 5, "f" * 64), SourceFile("b.txt", 9, 6)]
    kept = entry("a.txt", "One.")
    with open_catalog(tmp_path, [kept], skipped, files) as catalog:
        assert catalog.skipped() == [skipped[1], skipped[0]]
        assert catalog.files() == [kept.document.file, files[1], files[0]]


def test_the_file_of_many_documents_is_recorded_once_with_its_own_state(tmp_path: Path) -> None:
    file = SourceFile("export.jsonl", 90, 7, "f" * 64)
    entries = [
        CatalogEntry(replace(found.document, file=file), found.regions, found.passages)
        for found in (entry("export.jsonl#1", "One."), entry("export.jsonl#2", "Two."))
    ]
    with open_catalog(tmp_path, entries, files=[file]) as catalog:
        assert catalog.files() == [file]
        found_again = catalog.document(doc_id_of("export.jsonl#2"))
    assert (found_again.path, found_again.file) == ("export.jsonl#2", file)
    assert found_again.in_container


def test_skips_that_appear_while_entries_are_read_are_written_too(tmp_path: Path) -> None:
    skipped: list[Skip] = []

    def entries() -> Iterator[NewEntry]:
        yield new_entry(entry("a.txt", "One."))
        skipped.append(Skip("b.txt", "empty file"))

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
        with (
            catalog._pool.connection() as connection,
            pytest.raises(sqlite3.OperationalError, match="readonly"),
        ):
            connection.execute("DELETE FROM documents")
        assert [path.name for path in tmp_path.iterdir()] == [CATALOG_FILE]


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut"])
def test_a_damaged_catalog_says_so_on_opening(tmp_path: Path, damage: str) -> None:
    path = tmp_path / CATALOG_FILE
    open_catalog(tmp_path, [entry("a.txt", "One. " * 500)]).close()
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "text": b"no database", "cut": content[:100]}[damage])
    with pytest.raises(IndexFormatError, match="is damaged"):
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
    with pytest.raises(IndexWriteError, match="existing index is unchanged"):
        write_catalog(tmp_path / "missing", [])


def test_one_catalog_answers_several_threads(catalog: Catalog) -> None:
    found: list[int] = []

    def read() -> None:
        found.extend(len(list(catalog.all_passages())) for _ in range(50))

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [len(PATHS)] * 200


def test_an_articles_text_is_that_of_its_passages_under_the_documents_number(
    tmp_path: Path,
) -> None:
    texts = {"a.txt": "The ferry sank.\n\nNobody was hurt.", "b.txt": "Ships waited."}
    entries = by_doc_id(entry(path, text) for path, text in texts.items())
    with open_catalog(tmp_path, entries) as catalog:
        numbers = {doc_id: number for number, doc_id in enumerate(catalog.doc_ids())}
        articles = list(catalog.article_texts())
    ferry = articles[numbers[doc_id_of("a.txt")]]
    assert ferry.split() == "The ferry sank. Nobody was hurt.".split()
    assert articles[numbers[doc_id_of("b.txt")]] == "Ships waited."


def test_every_article_and_passage_comes_however_few_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.catalog.reader._ROWS_AT_ONCE", 3)
    monkeypatch.setattr("indexer.catalog.reader._ARTICLES_AT_ONCE", 2)
    entries = by_doc_id(entry(f"{i}.txt", f"Ship {i} sank.\n\nShip {i} lies.") for i in range(5))
    texts = [part.document.text.split() for part in entries]
    with open_catalog(tmp_path, entries) as catalog:
        assert [text.split() for text in catalog.article_texts()] == texts
        starts = [
            (stored.passage.doc_id, stored.passage.start) for stored in catalog.all_passages()
        ]
    assert starts == [(p.doc_id, p.start) for part in entries for p in part.passages]
