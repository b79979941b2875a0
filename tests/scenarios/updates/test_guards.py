"""An update that would lose something is refused in one line, and the live index stays as it is."""

import fcntl
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cli.main import main
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.errors import (
    CorpusError,
    EncoderError,
    IndexFormatError,
    IndexLockedError,
    IndexNotFoundError,
    IndexWriteError,
)
from indexer.progress import NoProgress
from indexer.storage.lock import LOCK_FILE
from indexer.storage.manifest import MANIFEST_FILE, read_manifest
from indexer.storage.verify import verify
from indexer.update.changes import Changes
from indexer.update.update import UpdateConfig, update
from retrieval import SearchEngine
from retrieval.ranking.ranker import MODES
from tests.scenarios.updates.conftest import ONE_THREAD, TOWNS, Archive, article
from tests.support.commands import REPOSITORY, without_privileges


@pytest.fixture
def untouched(archive: Archive) -> Iterator[Archive]:
    """An archive of whose index not one byte may change."""
    before = archive.state
    yield archive
    after = {name: content for name, content in archive.state.items() if name != LOCK_FILE}
    assert after == {name: content for name, content in before.items() if name != LOCK_FILE}


def _remove(archive: Archive, count: int) -> None:
    for town in TOWNS[:count]:
        (archive.folder / f"{town}.txt").unlink(missing_ok=True)


def test_where_there_is_no_index_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"No index found at .* Build it: python -m"):
        update(tmp_path / "none")
    with pytest.raises(IndexNotFoundError, match="No index found at"):
        update(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_index_of_an_older_format_says_how_to_rebuild(archive: Archive) -> None:
    (archive.index / MANIFEST_FILE).write_text('{"format": 2}', encoding="utf-8")
    before = archive.state
    with pytest.raises(
        IndexFormatError, match=r"has format 2; .* Rebuild it: python -m indexer bu"
    ):
        update(archive.index)
    assert archive.state == before


@pytest.mark.parametrize("file", ["catalog.sqlite", "vectors.faiss"])
def test_a_damaged_index_is_refused(file: str, archive: Archive) -> None:
    path = archive.index / "000001" / file
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    archive.write("new.txt", article("Gorm"))
    with pytest.raises(IndexFormatError, match=f"damaged: {file} has .* Build it again: python -m"):
        update(archive.index)
    assert archive.generation == 1


def test_a_corpus_that_vanished_is_refused_even_if_it_may_be_empty(untouched: Archive) -> None:
    untouched.folder.rename(untouched.folder.with_name("elsewhere"))
    for config in (ONE_THREAD, UpdateConfig(allow_empty=True, allow_deletions=True)):
        with pytest.raises(CorpusError, match=r"Folder not found: .*/news \(.* --corpus"):
            update(untouched.index, config)


def test_as_many_places_must_be_named_as_were_built(untouched: Archive, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"built from 1 paths .* but --corpus gives 2"):
        update(untouched.index, UpdateConfig(corpus=(tmp_path, untouched.folder)))


def test_a_corpus_without_any_article_is_refused(untouched: Archive) -> None:
    shutil.rmtree(untouched.folder)
    untouched.folder.mkdir()
    with pytest.raises(CorpusError, match=r"no article is left .*9 of 9 .* add --allow-empty"):
        update(untouched.index, UpdateConfig(allow_deletions=True))


@pytest.mark.parametrize("engine", ["tantivy", "rank-bm25"])
def test_an_empty_corpus_that_is_allowed_gives_an_index_that_finds_nothing(
    engine: str, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    if engine == "rank-bm25":
        build(archive.folder, archive.index, IndexConfig(threads=1, bm25="rank-bm25"))
    kept = shutil.copytree(archive.folder, archive.folder.with_name("kept"))
    for path in archive.folder.iterdir():
        path.unlink()
    index = ["--index", str(archive.index)]
    assert main(["update", *index, "--allow-empty", "--quiet"]) == 0
    assert verify(archive.index) == []
    assert main(["info", *index]) == 0
    assert "articles     0 in 0 files" in capsys.readouterr().out
    assert main(["doctor", *index]) == 0
    with SearchEngine.open(archive.index) as engine_of_none:
        assert (engine_of_none.info.documents, engine_of_none.info.passages) == (0, 0)
        for mode in MODES:
            assert engine_of_none.search("which harbour is closed?", mode=mode).hits == ()
        assert engine_of_none.answer('"harbour" source:x after:2020').state == "not_found"
    assert update(archive.index, ONE_THREAD).build.unchanged
    shutil.copytree(kept, archive.folder, dirs_exist_ok=True)
    report = update(archive.index, ONE_THREAD)
    assert report.changes == Changes(before=0, added=9)
    with SearchEngine.open(archive.index) as again:
        assert again.answer("how many boats sank in Ardel?").state == "answered"


def test_half_of_the_articles_may_go_but_no_more(archive: Archive) -> None:
    (archive.folder / "votes.jsonl").unlink()  # 3 of 9
    _remove(archive, 1)
    assert update(archive.index, ONE_THREAD).changes == Changes(before=9, deleted=4)
    _remove(archive, 4)
    with pytest.raises(CorpusError, match=r"more than half .*3 of 5 articles are .* --yes"):
        update(archive.index, ONE_THREAD)
    assert archive.generation == 2
    assert {entry.name for entry in archive.index.iterdir()} == {
        "000001",
        "000002",
        MANIFEST_FILE,
        LOCK_FILE,
    }
    report = update(archive.index, UpdateConfig(allow_deletions=True, threads=1))
    assert report.changes == Changes(before=5, deleted=3)


def test_renames_and_changes_are_no_deletions(archive: Archive) -> None:
    for town in TOWNS:
        (archive.folder / f"{town}.txt").rename(archive.folder / f"new-{town}.txt")
    archive.write("votes.jsonl", (archive.folder / "votes.jsonl").read_text().replace("boats", "b"))
    assert update(archive.index, ONE_THREAD).changes == Changes(before=9, changed=3, renamed=6)


def test_what_cannot_be_read_counts_as_deleted_and_is_named(untouched: Archive) -> None:
    for town in TOWNS[:5]:
        (untouched.folder / f"{town}.txt").write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(CorpusError, match=r"5 of 9 .*, 5 of them unread, the first in Ardel\.txt"):
        update(untouched.index, ONE_THREAD)


def _at_terminal(index: Path, answer: bytes) -> tuple[int, bytes]:
    """Run an update whose standard streams are a terminal, and type an answer."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "indexer", "update", "--index", str(index), "--threads", "1"]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
            if b"[y/N] " in seen and answer:
                os.write(ours, answer)
                answer = b""
    except OSError:  # how a terminal ends
        pass
    os.close(ours)
    return process.wait(timeout=60), seen


class _WhileReading(NoProgress):
    """Changes a file while the first article is read."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        self._is_reading = False

    def stage(self, name: str, total: int | None) -> None:
        self._is_reading = name == "read"

    def advance(self, steps: int = 1) -> None:
        if self._is_reading:
            self._path.write_text(self._text, encoding="utf-8")


def test_a_file_that_changes_while_it_is_read_is_not_lost_in_silence(archive: Archive) -> None:
    archive.write("Ardel.txt", article("Ardel", boats=5))
    path, text = archive.folder / "Fjelle.txt", article("Fjelle", boats=8) + "And more.\n"
    report = update(archive.index, ONE_THREAD, progress=_WhileReading(path, text))
    lost = report.changes.lost
    assert report.changes.deleted == sum(each.articles for each in lost)
    assert {each.path for each in lost} <= {"Fjelle.txt"}
    again = update(archive.index, ONE_THREAD)
    assert again.changes.added + again.changes.changed == 1
    with Catalog(archive.index / "000003") as catalog:
        (doc_id,) = catalog.doc_ids_of("Fjelle.txt")
        assert catalog.document(doc_id).text == text


def test_on_a_terminal_it_asks(archive: Archive) -> None:
    _remove(archive, 5)
    code, seen = _at_terminal(archive.index, b"\n")
    assert (code, archive.generation) == (2, 1)
    assert b"5 of 9 articles are missing. Delete them? [y/N] " in seen
    code, seen = _at_terminal(archive.index, b"y\n")
    assert (code, archive.generation) == (0, 2)
    assert b"5 deleted" in seen


def test_a_model_that_is_altered_or_missing_is_an_error(
    untouched: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched.write("Gorm.txt", article("Gorm"))
    monkeypatch.setattr("indexer.encoding.model_files.BUNDLED_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match=DEFAULT_ENCODER):
        update(untouched.index, ONE_THREAD)


def test_the_second_of_two_updates_is_told_who_writes(untouched: Archive) -> None:
    untouched.write("Gorm.txt", article("Gorm"))
    with (untouched.index / LOCK_FILE).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexLockedError, match="is being written by another process"):
            update(untouched.index, ONE_THREAD)


def test_an_index_on_a_disk_that_is_read_only_is_refused(
    archive: Archive, open_folder: Path
) -> None:
    index = Path(shutil.copytree(archive.index, open_folder / "index"))
    folder = Path(shutil.copytree(archive.folder, open_folder / "news"))
    for path in (index, *index.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    config = UpdateConfig(corpus=(folder,))
    with (
        without_privileges(),
        pytest.raises(IndexWriteError, match=r"could not be written \(.*Permission denied"),
    ):
        update(index, config)
    assert read_manifest(index).generation == 1


class _CtrlC(NoProgress):
    def __init__(self, stage: str) -> None:
        self._stage = stage

    def stage(self, name: str, total: int | None) -> None:
        if name == self._stage:
            raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["read", "learn", "encode", "store"])
def test_ctrl_c_leaves_the_live_index(stage: str, archive: Archive) -> None:
    archive.write("Gorm.txt", article("Gorm"))
    with pytest.raises(KeyboardInterrupt):
        update(archive.index, ONE_THREAD, progress=_CtrlC(stage))
    left = {entry.name for entry in archive.index.iterdir()} - {CHECKPOINT_FILE}
    assert left == {"000001", MANIFEST_FILE, LOCK_FILE}
    assert verify(archive.index) == []
    again = update(archive.index, ONE_THREAD)
    assert again.changes == Changes(before=9, added=1)
    assert (again.build.encoded == 0) == (stage == "store")  # what was encoded is kept


def test_the_command_prints_one_line_and_returns_2(
    untouched: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    _remove(untouched, 6)
    assert main(["update", "--index", str(untouched.index)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: Not updated: more than half of the articles would be deleted")
    assert "(6 of 9 articles are missing" in error
    assert error.count("\n") == 1
    assert main(["update", "--index", str(untouched.index), "--every", "3"]) == 2
    assert "--every needs --watch" in capsys.readouterr().err
    assert main(["update", "--index", str(untouched.index), "--watch", "--strict"]) == 2
    assert "use one of them" in capsys.readouterr().err


def test_an_update_that_ctrl_c_cuts_short_while_watching_returns_130(
    untouched: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    untouched.write("Gorm.txt", article("Gorm"))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.catalog.staging.Staging.doc_ids", interrupted)
    arguments = ["--index", str(untouched.index), "--watch", "--every", "0.1", "--threads", "1"]
    assert main(["update", *arguments]) == 130
    assert "Interrupted. The existing index is unchanged." in capsys.readouterr().err


def test_the_command_reports_an_update_as_json(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.write("Gorm.txt", article("Gorm"))
    assert main(["update", "--index", str(archive.index), "--json", "--threads", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") > 0
    assert told.pop("encoded") > 0
    assert told == {
        "unchanged": False,
        "generation": 2,
        "documents": 10,
        "passages": read_manifest(archive.index).passages,
        "before": 9,
        "added": 1,
        "changed": 0,
        "deleted": 0,
        "renamed": 0,
        "lost": [],
        "recleaned": 0,
        "skipped": {},
        "guessed_encodings": {},
        "notes": [],
    }


def _watching(archive: Archive) -> "subprocess.Popen[str]":
    arguments = ["update", "--watch", "--every", "0.1", "--index", str(archive.index)]
    return subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments, "--threads", "1"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def test_ctrl_c_is_how_watching_ends(archive: Archive) -> None:
    watching = _watching(archive)
    (archive.folder / "Ardel.txt").unlink()
    deadline = time.monotonic() + 60
    while archive.generation == 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    watching.send_signal(signal.SIGINT)
    printed, errors = watching.communicate(timeout=30)
    assert watching.returncode == 0, errors
    assert "1 deleted; 8 articles" in printed
    assert printed.count("\n") == 1
    assert errors.endswith("Stopped watching.\n")
