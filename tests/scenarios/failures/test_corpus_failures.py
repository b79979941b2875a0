"""A corpus that is not there, or not what it seems: a clear error or a counted skip."""

import os
from collections import Counter
from pathlib import Path

import pytest

from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.cli.main import main
from indexer.errors import CorpusError
from indexer.progress import NoProgress
from retrieval import SearchEngine
from tests.scenarios.failures.conftest import BRIDGE, HARBOUR
from tests.support.commands import without_privileges

TWO_THREADS = IndexConfig(threads=2)
ODD_NAMES = ("line\nbreak.txt", 'quo\'te "s".txt', "\u202eright-to-left.txt", "news 📰.md")


@pytest.fixture(scope="module")
def odd_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles under every odd name, among everything that must be left out."""
    folder = tmp_path_factory.mktemp("odd") / "corpus"
    folder.mkdir()
    for number, name in enumerate(ODD_NAMES):
        text = HARBOUR.replace("three weeks", f"{number + 3} weeks")
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "white.txt").write_bytes(b" \n\t\n")
    (folder / "binary.txt").write_bytes(b"\x7fELF\0\0\0" * 100)
    (folder / "undecodable.txt").write_bytes(b"caf\xe9 \x81\x8d " * 20)
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(200_000_000)
    outside = folder.parent / "outside.txt"
    outside.write_text(BRIDGE, encoding="utf-8")
    (folder / "out.txt").symlink_to(outside)
    (folder / "folder-out").symlink_to(folder.parent)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "inside").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/bytes\xff.txt")).write_text(BRIDGE, encoding="utf-8")
    bad_folder = Path(os.fsdecode(os.fsencode(folder) + b"/folder\xff"))
    bad_folder.mkdir()
    (bad_folder / "fine.txt").write_text(BRIDGE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def odd_build(odd_corpus: Path) -> tuple[Path, BuildReport]:
    index = odd_corpus.parent / "index"
    return index, build(odd_corpus, index, TWO_THREADS)


def test_a_missing_folder_is_an_error_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert main(["build", str(missing), "--index", str(tmp_path / "index")]) == 2
    assert capsys.readouterr().err == (
        f"error: Not found: {missing}. Give a folder or a file of articles.\n"
    )
    assert not (tmp_path / "index").exists()


def test_a_file_of_another_format_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(CorpusError, match=r"Unsupported file type: .*photo\.jpg\. Give a folder"):
        build(tmp_path / "photo.jpg", tmp_path / "index")


def test_a_folder_name_that_no_file_system_takes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"Cannot list .*: File name too long"):
        build(tmp_path / ("a" * 300), tmp_path / "index")


def test_an_empty_folder_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "corpus").mkdir()
    assert main(["build", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: No articles in {tmp_path / 'corpus'}: the folder is empty. ")
    assert "Supported file types: " in error
    assert " .txt" in error


def test_a_folder_without_any_article_says_what_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/empty.txt").touch()
    (tmp_path / "corpus/photo.jpg").touch()
    with pytest.raises(CorpusError, match=r"\(1 empty file, 1 format not supported\)"):
        build(tmp_path / "corpus", tmp_path / "index")
    assert [entry.name for entry in (tmp_path / "index").iterdir() if entry.is_dir()] == []


def test_everything_that_is_no_article_is_counted_by_reason(
    odd_build: tuple[Path, BuildReport],
) -> None:
    _, report = odd_build
    expected = {
        "binary content": 1,
        "empty file": 2,
        "file name is not valid Unicode": 2,
        "larger than the limit": 1,
        "not a regular file": 1,
        "symbolic link out of the corpus": 2,
        "symbolic link that leads nowhere": 1,
        "symbolic link to a file or folder of the corpus": 1,
        "undecodable bytes": 1,
    }
    assert report.skipped == expected
    assert Counter(skip.reason for skip in report.skips) == expected


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("empty.txt", "empty file", ""),
        ("white.txt", "empty file", ""),
        ("binary.txt", "binary content", "100 control characters"),
        ("undecodable.txt", "undecodable bytes", "byte 0x81 at 5 is not windows-1252"),
        ("huge.txt", "larger than the limit", "200,000,000 bytes, the limit is 50,000,000"),
        ("out.txt", "symbolic link out of the corpus", ""),
        ("folder-out", "symbolic link out of the corpus", ""),
        ("loop", "symbolic link that leads nowhere", ""),
        ("inside", "symbolic link to a file or folder of the corpus", ""),
        ("pipe.txt", "not a regular file", ""),
        ("bytes\\xff.txt", "file name is not valid Unicode", ""),
        ("folder\\xff/fine.txt", "file name is not valid Unicode", ""),
    ],
)
def test_each_skip_names_its_file_its_reason_and_what_was_found(
    path: str, reason: str, detail: str, odd_build: tuple[Path, BuildReport]
) -> None:
    (skip,) = [skip for skip in odd_build[1].skips if skip.path == path]
    assert (skip.reason, skip.detail) == (reason, detail)


def test_articles_under_odd_names_are_indexed_and_cited_under_them(
    odd_build: tuple[Path, BuildReport],
) -> None:
    index, report = odd_build
    assert report.manifest.documents == len(ODD_NAMES)
    with SearchEngine.open(index) as engine:
        found = engine.search("how many weeks will repairs take?", k=40).hits
        paths = {engine.document(hit.found.passage.doc_id).path for hit in found}
        quotes = engine.answer("how long will the repairs take?").quotes
        states = {quote.citation.source_state for quote in quotes}
    assert paths == set(ODD_NAMES)
    assert states == {"same"}


def test_what_was_skipped_is_not_new_each_time(
    odd_corpus: Path, odd_build: tuple[Path, BuildReport]
) -> None:
    index, first = odd_build
    again = build(odd_corpus, index, TWO_THREADS)
    assert again.unchanged
    assert again.skips == first.skips
    with SearchEngine.open(index) as engine:
        assert engine.info.stale is not None
        assert engine.info.stale.is_current


def test_the_summary_shows_odd_names_without_obeying_them(
    odd_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "index")
    (odd_corpus / "bad\nname \u202e.txt").touch()
    try:
        assert main(["build", str(odd_corpus), "--index", index, "--strict", "--threads=2"]) == 1
    finally:
        (odd_corpus / "bad\nname \u202e.txt").unlink()
    printed = capsys.readouterr().out
    assert "bad\\nname \\u202e.txt: empty file" in printed
    assert "        3  empty file" in printed
    assert "\u202e" not in printed


def test_a_file_and_a_folder_without_read_permission_are_counted(
    open_folder: Path, news_index: Path
) -> None:
    corpus, index = open_folder / "corpus", open_folder / "index"
    (corpus / "locked").mkdir(parents=True)
    (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (corpus / "secret.txt").write_text(BRIDGE, encoding="utf-8")
    (corpus / "secret.txt").chmod(0)
    (corpus / "locked").chmod(0)
    with without_privileges():
        report = build(corpus, index, TWO_THREADS)
    assert report.manifest.documents == 1
    assert {skip.path: skip.reason for skip in report.skips} == {
        "locked": "no permission to read",
        "secret.txt": "no permission to read",
    }


def test_a_corpus_that_may_not_be_listed_or_entered_is_an_error(open_folder: Path) -> None:
    (open_folder / "private/corpus").mkdir(parents=True)
    (open_folder / "private").chmod(0)
    for corpus in (open_folder / "private", open_folder / "private/corpus"):
        with (
            without_privileges(),
            pytest.raises(CorpusError, match=r"Cannot list .*: Permission denied\. Grant read"),
        ):
            build(corpus, open_folder / "index")


class _Meddler(NoProgress):
    """Changes, removes and adds articles after the folder was listed, before they are read."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus

    def stage(self, name: str, total: int | None) -> None:
        if name == "read":
            with (self._corpus / "changed.txt").open("a", encoding="utf-8") as stream:
                stream.write("One more line.\n")
            (self._corpus / "vanished.txt").unlink()
            (self._corpus / "swapped.txt").unlink()
            (self._corpus / "swapped.txt").symlink_to("/etc/passwd")
            (self._corpus / "late.txt").write_text(BRIDGE, encoding="utf-8")


def test_files_that_change_or_vanish_during_the_build_are_counted_and_read_next_time(
    corpus: Path, tmp_path: Path
) -> None:
    for name in ("changed.txt", "vanished.txt", "swapped.txt"):
        (corpus / name).write_text(HARBOUR, encoding="utf-8")
    report = build(corpus, tmp_path / "index", TWO_THREADS, progress=_Meddler(corpus))
    assert {skip.path: skip.reason for skip in report.skips} == {
        "changed.txt": "changed during the build",
        "swapped.txt": "changed during the build",
        "vanished.txt": "vanished during the build",
    }
    assert report.manifest.documents == 2

    again = build(corpus, tmp_path / "index", TWO_THREADS)
    assert not again.unchanged
    assert again.manifest.documents == 4
    assert {skip.path: skip.reason for skip in again.skips} == {
        "swapped.txt": "symbolic link out of the corpus"
    }
