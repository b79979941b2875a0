"""A build that takes over what has not changed gives what a fresh build gives, byte for byte."""

import json
import shutil
import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest

from indexer.build.articles import EntryMaker, learn_lines, make_entry
from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.build.reading import ReadingLog, read_corpus
from indexer.build.workers import Workers
from indexer.catalog.previous import Previous, previous_in
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.staging import Staging
from indexer.catalog.writer import ReusedEntry
from indexer.corpus.scan import scan
from indexer.encoding.encoder import tokenizer_file
from indexer.lexical.index import TantivyIndex
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER
from indexer.loaders.formats.registry import SUFFIXES
from indexer.recurring.lines import NO_LINES
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.storage.verify import verify
from tests.support.builders import count_words, staged
from tests.support.stories import CREDIT, NO_COMMENT, PUZZLE, story

# `replace`: the index is of a folder that was copied to another place.
ONE_THREAD = IndexConfig(threads=1, replace=True)
TABLES = (
    "documents passages authors files skipped copies recurring_lines whole_files made_from"
).split()


def write_corpus(root: Path) -> Path:
    """Text files of one folder, an export with a row of each kind, and a file that is none."""
    root.mkdir()
    for number in range(6):
        (root / f"{number}.txt").write_text(story(number, CREDIT), encoding="utf-8")
    (root / "copy.txt").write_text(story(0, CREDIT), encoding="utf-8")
    (root / "line.txt").write_text(
        " ".join(story(7, CREDIT).split()) + " " + "The work went on. " * 60, encoding="utf-8"
    )
    rows = [
        {"id": f"n{number}", "text": story(20 + number, NO_COMMENT), "source": "The Planet"}
        for number in range(4)
    ]
    rows += [
        {"id": "n0", "text": story(30), "source": "The Moon"},
        {"id": "empty", "text": ""},
        {"id": "soon", "text": story(31), "url": "https://moon.example/2099/01/02/works.html"},
    ]
    write_rows(root / "export.jsonl", rows)
    (root / "binary.txt").write_bytes(b"\0\1")
    return root


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def change(root: Path) -> None:
    """Edit, add, rename, delete and touch; one more article makes a line recur in the export."""
    (root / "1.txt").write_text(story(1, CREDIT).replace("Monday", "Friday"), encoding="utf-8")
    (root / "2.txt").rename(root / "renamed.txt")
    (root / "3.txt").unlink()
    (root / "new.txt").write_text(story(40, CREDIT, PUZZLE), encoding="utf-8")
    (root / "4.txt").touch()
    rows = [json.loads(line) for line in (root / "export.jsonl").read_text().splitlines()]
    rows += [{"id": "n9", "text": story(29, CREDIT), "source": "The Planet"}]
    write_rows(root / "export.jsonl", rows[1:])


def folder_of(index: Path) -> Path:
    return generation_folder(index, read_manifest(index).generation)


def tables(index: Path) -> dict[str, list[tuple[object, ...]]]:
    query = "SELECT * FROM {} ORDER BY 1"
    connection = sqlite3.connect(folder_of(index) / CATALOG_FILE)
    try:
        return {table: connection.execute(query.format(table)).fetchall() for table in TABLES}
    finally:
        connection.close()


def lasting(index: Path) -> dict[str, object]:
    """What the manifest says of the articles, not of this build."""
    of_this_build = {"generation", "built_at", "files"}
    manifest = asdict(read_manifest(index))
    return {name: value for name, value in manifest.items() if name not in of_this_build}


def scores(index: Path, name: str) -> list[list[tuple[int, float]]]:
    bm25 = TantivyIndex(folder_of(index), name)
    return [bm25.search([term], 100) for term in ("council", "ferri", "winter", "northport")]


def assert_same(index: Path, fresh: Path) -> None:
    ours, theirs = tables(index), tables(fresh)
    for table in TABLES:
        assert ours[table] == theirs[table], table
    assert lasting(index) == lasting(fresh)
    for name in (BM25_FOLDER, ARTICLES_FOLDER):
        assert scores(index, name) == scores(fresh, name)
    vectors = [(folder_of(each) / "vectors.faiss").read_bytes() for each in (index, fresh)]
    assert vectors[0] == vectors[1]
    assert verify(index) == []


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, BuildReport]:
    """A corpus and its index; a test copies both."""
    folder = tmp_path_factory.mktemp("before")
    corpus = write_corpus(folder / "corpus")
    return corpus, folder / "index", build(corpus, folder / "index", ONE_THREAD)


@pytest.fixture
def copied(before: tuple[Path, Path, BuildReport], tmp_path: Path) -> tuple[Path, Path]:
    """The same, to change; the corpus has its times still."""
    corpus, index, _ = before
    return (
        Path(shutil.copytree(corpus, tmp_path / "corpus")),
        Path(shutil.copytree(index, tmp_path / "index")),
    )


def test_a_build_over_another_gives_what_a_fresh_build_gives(
    copied: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = copied
    change(corpus)
    report = build(corpus, index, ONE_THREAD)
    fresh = build(corpus, tmp_path / "fresh", ONE_THREAD)
    assert 0 < report.encoded < fresh.encoded
    assert report.skipped == fresh.skipped
    assert_same(index, tmp_path / "fresh")


def test_other_settings_are_not_served_from_what_was_made_under_the_old_ones(
    copied: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = copied
    whole = IndexConfig(threads=1, replace=True, settings=ReadSettings(clean=False))
    build(corpus, index, whole)
    build(corpus, tmp_path / "fresh", whole)
    assert_same(index, tmp_path / "fresh")
    build(corpus, index, ONE_THREAD)  # the lines are learned although none were before
    build(corpus, tmp_path / "fresh", IndexConfig(threads=1, force=True))
    assert_same(index, tmp_path / "fresh")


def staged_entries(corpus: Path, index: Path, previous: Previous | None, folder: Path) -> set[str]:
    """Return the doc_ids of the articles that are taken over."""
    log = ReadingLog()
    with Staging(folder, previous) as staging, Workers(1) as workers:
        read_corpus(scan(corpus, SUFFIXES), staging, log)
        maker = EntryMaker(tokenizer_file(), workers, learn_lines(staging, workers))
        entries = list(maker.entries(staging, log))
        assert len(entries) == staging.count
    return {entry.doc_id for entry in entries if isinstance(entry, ReusedEntry)}


def test_only_what_has_changed_is_made_anew(copied: tuple[Path, Path], tmp_path: Path) -> None:
    corpus, index = copied
    previous = previous_in(folder_of(index), articles=True, files=True)
    known = {row[1] for row in tables(index)["documents"]}
    (soon,) = (row[1] for row in tables(index)["documents"] if str(row[2]).endswith("#soon"))
    # An address that names a day to come is asked again each time.
    assert staged_entries(corpus, index, previous, tmp_path) == known - {soon}
    edited = corpus / "5.txt"
    edited.write_text(edited.read_text().replace("Monday", "Friday"), encoding="utf-8")
    taken = staged_entries(corpus, index, previous, tmp_path)
    assert len(known - {soon} - taken) == 1
    assert staged_entries(corpus, index, None, tmp_path) == set()


def test_a_file_with_the_same_bytes_is_not_parsed_again_unless_something_was_left_out(
    copied: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = copied
    folder = folder_of(index)
    connection = sqlite3.connect(folder / CATALOG_FILE)
    connection.execute("UPDATE documents SET text = 'Taken over.'")
    connection.commit()
    connection.close()
    (corpus / "4.txt").write_text("Parsed.", encoding="utf-8")
    with Staging(tmp_path, previous_in(folder, articles=True, files=True)) as staging:
        read_corpus(scan(corpus, SUFFIXES), staging, log := ReadingLog())
        texts = {article.path: article.text for article in staged(staging)}
    assert texts["4.txt"] == "Parsed."
    assert texts["5.txt"] == "Taken over."
    assert texts["export.jsonl#n1"] == story(21, NO_COMMENT)  # an id is there twice
    assert log.whole_files == sorted(path for path in texts if not path.startswith("export"))


def test_a_file_is_parsed_again_when_another_has_the_path_of_its_article_now(
    tmp_path: Path,
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write_rows(corpus / "b.jsonl", [{"id": "x.txt", "text": story(1)}])
    build(corpus, tmp_path / "index", ONE_THREAD)
    (corpus / "b.jsonl#x.txt").write_text(story(2), encoding="utf-8")
    build(corpus, tmp_path / "index", ONE_THREAD)
    build(corpus, tmp_path / "fresh", ONE_THREAD)
    assert_same(tmp_path / "index", tmp_path / "fresh")
    paths = [row[2] for row in tables(tmp_path / "index")["documents"]]
    assert sorted(map(str, paths)) == ["b.jsonl#x.txt", "b.jsonl#x.txt#1"]


def test_workers_make_the_same_entries_as_one_process(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    found = []
    for count in (1, 2):
        log = ReadingLog()
        with Staging(tmp_path) as staging, Workers(count) as workers:
            read_corpus(scan(corpus, SUFFIXES), staging, log)
            maker = EntryMaker(tokenizer_file(), workers, learn_lines(staging, workers))
            found.append(list(maker.entries(staging, log)))
    assert found[0] == found[1]
    assert len(found[0]) == 14
    with Staging(tmp_path) as staging:
        read_corpus(scan(corpus, SUFFIXES), staging, log)
        plain = [
            make_entry(article, log.files[article.file], count_words, NO_LINES)
            for article in staged(staging)
        ]
    assert [entry.document.doc_id for entry in plain] == [entry.doc_id for entry in found[1]]
