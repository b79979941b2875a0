"""Articles leave in the order of doc_id, and unchanged ones come from the generation before."""

from pathlib import Path

import pytest

from indexer.catalog.previous import Previous
from indexer.catalog.rows import rows_of
from indexer.catalog.staging import ArticleLines, StagedArticle, Staging
from indexer.catalog.writer import NewEntry, write_catalog
from indexer.documents import SourceFile, doc_id_of
from indexer.errors import IndexWriteError
from tests.support.builders import by_doc_id, entry, new_entry, staged

FILE = SourceFile("export.jsonl", 9, 7, "ab" * 32)
TEXTS = {"export.jsonl#1": "The ferry sank.", "export.jsonl#2": "The port was shut."}


def article(path: str, text: str = "One.", file: str | None = None) -> StagedArticle:
    return StagedArticle(path, file or path, "utf-8", text)


def stored(path: str, text: str, read_key: bytes) -> NewEntry:
    made = new_entry(entry(path, text))
    made_from = ("an outlet", '{"authors": []}', read_key, b"12345678", True, b"entry key")
    return NewEntry(made.doc_id, path, FILE, "utf-8", text, rows_of(entry(path, text)), made_from)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The folder of a generation with two articles of one file, of which nothing was skipped."""
    folder = tmp_path / "000001"
    folder.mkdir()
    entries = by_doc_id(entry(path, text) for path, text in TEXTS.items())
    made = [stored(each.document.path, each.document.text, b"read key") for each in entries]
    write_catalog(folder, made, whole_files=[FILE.path])
    return folder


def test_a_staging_that_cannot_be_written_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(IndexWriteError, match=r"staging\.sqlite could not be written"):
        Staging(tmp_path / "missing")


def test_a_staging_leaves_no_file_behind(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        staging.add(StagedArticle("a.txt", "a.txt", "utf-8", "One."))
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_articles_leave_in_the_order_of_their_ids(tmp_path: Path) -> None:
    paths = [f"{number}.txt" for number in range(20)]
    with Staging(tmp_path) as staging:
        for path in paths:
            assert staging.add(article(path, f"About {path}."))
        in_order = sorted(paths, key=doc_id_of)
        assert [each.path for each in staged(staging)] == in_order
        assert list(staging.doc_ids()) == [doc_id_of(path) for path in in_order]
        assert [each.text for each in staging.line_sources()] == [f"About {p}." for p in in_order]
        chosen = [(n, text) for n, _, text in staging.outlet_texts({3, 11})]
        assert chosen == [(n, f"About {in_order[n]}.") for n in (3, 11)]


def test_a_path_is_taken_once_until_its_file_is_discarded(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        assert staging.add(article("a.txt", "One."))
        assert not staging.add(article("a.txt", "Two."))
        assert staging.has_text("a.txt", "One.")
        assert not staging.has_text("a.txt", "Two.")
        staging.discard("a.txt")
        assert (staging.count, staged(staging)) == (0, [])
        with pytest.raises(KeyError):
            staging.text(doc_id_of("a.txt"))
        assert staging.add(article("a.txt", "Two."))
        assert staging.text(doc_id_of("a.txt")) == "Two."


def test_lines_that_were_added_come_with_their_article(tmp_path: Path) -> None:
    lines = ArticleLines(b"12345678", is_one_line=True)
    with Staging(tmp_path) as staging:
        staging.add(article("a.txt"))
        assert [each.lines for each in staging.entries()] == [None]
        staging.add_lines(doc_id_of("a.txt"), lines)
        assert [each.lines for each in staging.entries()] == [lines]


def test_an_unchanged_file_comes_from_the_generation_before(tmp_path: Path, before: Path) -> None:
    with Staging(tmp_path, Previous(before, articles=True, files=True)) as staging:
        assert staging.reuse_file(FILE.path, "cd" * 32) is None
        assert staging.reuse_file("other.jsonl", FILE.sha256) is None
        assert staging.reuse_file(FILE.path, FILE.sha256) == staging.count == 2
        assert {each.path: each.text for each in staged(staging)} == TEXTS
        assert {each.outlet for each in staging.entries()} == {"an outlet"}
        assert {each.previous_key for each in staging.entries()} == {b"entry key"}
        lines = {(each.lines, each.text) for each in staging.line_sources()}
        assert lines == {(ArticleLines(b"12345678", is_one_line=True), "")}


def test_a_forced_build_reuses_nothing_but_unreadable_files(tmp_path: Path, before: Path) -> None:
    with Staging(tmp_path, Previous(before, articles=False, files=False)) as staging:
        assert staging.reuse_file(FILE.path, FILE.sha256) is None
        assert staging.reuse_unreadable("other.jsonl") is None
        assert staging.reuse_unreadable(FILE.path) == FILE
        assert {each.path: each.text for each in staged(staging)} == TEXTS
        assert {each.previous_key for each in staging.entries()} == {None}


def test_a_file_whose_path_another_article_has_is_read(tmp_path: Path, before: Path) -> None:
    with Staging(tmp_path, Previous(before, articles=True, files=True)) as staging:
        staging.add(article("export.jsonl#2", "Another.", file="export.jsonl#2"))
        assert staging.reuse_file(FILE.path, FILE.sha256) is None
        assert [(each.path, each.text) for each in staged(staging)] == [
            ("export.jsonl#2", "Another.")
        ]
