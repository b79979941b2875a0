"""After `compact` no byte of a deleted article is in the index folder."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import tantivy

from indexer.catalog.staging import STAGING_FILE
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cli.main import main
from indexer.errors import IndexFormatError, IndexNotFoundError, IndexWriteError
from indexer.lexical.index import TantivyIndex
from indexer.storage.local_store import LocalStore
from indexer.storage.lock import LOCK_FILE
from indexer.storage.manifest import MANIFEST_FILE, generation_folder, read_manifest
from indexer.storage.verify import verify
from indexer.store import Restriction
from indexer.text.analyzer import terms
from indexer.update.compact import compact
from indexer.update.update import update
from tests.scenarios.updates.conftest import ONE_THREAD, Archive, article, copied
from tests.support.builders import unit_rows
from tests.support.commands import REPOSITORY, without_privileges
from tests.support.scored_passages import rows

# Its words are in no other article.
SENTENCE = "The minister's cousin, one Zorblax Quennington, owns the quay."
WORD = "zorblax"
ONLY_THE_LIVE_ONE = {LOCK_FILE, MANIFEST_FILE}


@pytest.fixture
def archive(archive: Archive) -> Archive:
    """An index whose live generation has forgotten an article that the one before it knows."""
    archive.write("secret.txt", f"Owner of quay named\n\n{SENTENCE}\n")
    update(archive.index, ONE_THREAD)
    (archive.folder / "secret.txt").unlink()
    update(archive.index, ONE_THREAD)
    assert archive.generation == 3
    return archive


def _files_with(index: Path, sought: bytes) -> list[str]:
    """Search every byte of every file, and every name."""
    return sorted(
        str(path.relative_to(index))
        for path in index.rglob("*")
        if sought in str(path).encode() or (path.is_file() and sought in path.read_bytes())
    )


def _has_word(folder: Path) -> bool:
    """Ask the BM25 indexes: bytes do not show what their dictionaries hold."""
    (term,) = terms(WORD)
    return any(
        bool(TantivyIndex(folder, name).search([term], 1)) for name in ("bm25", "bm25-articles")
    )


def test_no_byte_of_a_deleted_article_is_left(archive: Archive) -> None:
    before = _files_with(archive.index, SENTENCE.encode())
    assert before == ["000002/catalog.sqlite"]  # the search finds what is there
    assert _has_word(generation_folder(archive.index, 2))
    report = compact(archive.index)
    assert report.removed == ("000002",)
    for sought in (SENTENCE, SENTENCE.lower(), "Zorblax", WORD, "Quennington", "secret.txt"):
        assert _files_with(archive.index, sought.encode()) == []
        assert _files_with(archive.index, sought.encode("utf-16-le")) == []
    assert not _has_word(generation_folder(archive.index, 3))
    assert {entry.name for entry in archive.index.iterdir()} == {*ONLY_THE_LIVE_ONE, "000003"}
    assert verify(archive.index) == []


def test_nothing_in_a_generation_is_packed_so_that_a_search_of_bytes_is_enough(
    archive: Archive,
) -> None:
    """tantivy packs what it stores, so it must store no text; SQLite packs nothing."""
    for name in ("bm25", "bm25-articles"):
        schema = json.loads((archive.index / "000003" / name / "meta.json").read_text())["schema"]
        stored = [field["name"] for field in schema if field["options"].get("stored")]
        assert stored == []
        assert tantivy.Index.exists(str(archive.index / "000003" / name))
    catalog = archive.index / "000003/catalog.sqlite"
    connection = sqlite3.connect(f"{catalog.as_uri()}?mode=ro&immutable=1", uri=True)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()
    assert b"Repairs in Brimo will take 7 weeks" in catalog.read_bytes()


def test_the_bytes_freed_are_counted_and_a_second_time_there_are_none(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    size = sum(p.stat().st_size for p in (archive.index / "000002").rglob("*") if p.is_file())
    (archive.index / CHECKPOINT_FILE).write_bytes(b"v" * 1000)
    report = compact(archive.index)
    assert report.bytes_freed == size + 1000
    assert report.removed == ("000002", CHECKPOINT_FILE)
    assert main(["compact", "--index", str(archive.index)]) == 0
    assert capsys.readouterr().out == f"{archive.index}: nothing to delete\n"


def test_what_the_live_generation_shares_is_not_counted_as_freed(
    archive: Archive,
) -> None:
    compact(archive.index)
    (archive.folder / "Ardel.txt").touch()
    update(archive.index, ONE_THREAD)
    size = (archive.index / "000003/catalog.sqlite").stat().st_size
    assert compact(archive.index).bytes_freed == size
    assert verify(archive.index) == []


def test_what_killed_writers_left_is_removed(archive: Archive) -> None:
    begun = archive.index / "000004"
    begun.mkdir()
    (begun / STAGING_FILE).write_text(SENTENCE)
    (begun / "catalog.sqlite-journal").write_text(SENTENCE)
    (archive.index / "000003" / STAGING_FILE).write_text(SENTENCE)
    (archive.index / f"{MANIFEST_FILE}.new").write_text(SENTENCE)
    (archive.index / f"{CHECKPOINT_FILE}-journal").write_text(SENTENCE)
    compact(archive.index)
    assert _files_with(archive.index, SENTENCE.encode()) == []
    assert {entry.name for entry in archive.index.iterdir()} == {*ONLY_THE_LIVE_ONE, "000003"}


def test_folders_of_others_are_left_and_named(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    (archive.index / "000007").mkdir()
    (archive.index / "000007/mine.txt").write_text("Mine.")
    assert main(["compact", "--index", str(archive.index)]) == 0
    assert "Note: left alone 000007, which holds unknown files" in capsys.readouterr().out
    assert (archive.index / "000007/mine.txt").read_text() == "Mine."


def test_what_was_deleted_since_the_last_update_is_named(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    (archive.folder / "Ardel.txt").unlink()
    assert main(["compact", "--index", str(archive.index)]) == 0
    assert f"Run first: python -m indexer update --index {archive.index}" in capsys.readouterr().out


def test_a_reader_that_has_the_older_generation_open_goes_on(
    built: Archive, tmp_path: Path
) -> None:
    archive = copied(built, tmp_path)
    anything = Restriction()
    with LocalStore(archive.index, read_manifest(archive.index)) as store:
        vector = unit_rows(1, 384)[0]
        before = [
            rows(store.match_terms(terms("boats in Ardel"), 5, anything)),
            rows(store.match_vector(vector, 5, anything)),
        ]
        archive.write("Gorm.txt", article("Gorm"))
        update(archive.index, ONE_THREAD)
        compact(archive.index)
        assert not (archive.index / "000001").exists()
        after = [
            rows(store.match_terms(terms("boats in Ardel"), 5, anything)),
            rows(store.match_vector(vector, 5, anything)),
        ]
        assert before == after
        assert "sank 3 boats" in store.document(after[0][0].passage_id.partition(":")[0]).text


def test_without_a_manifest_nothing_is_removed(archive: Archive) -> None:
    manifest = (archive.index / MANIFEST_FILE).read_bytes()
    (archive.index / MANIFEST_FILE).write_bytes(manifest[:-40])
    with pytest.raises(IndexFormatError, match=r"is damaged: .*manifest\.json"):
        compact(archive.index)
    (archive.index / MANIFEST_FILE).unlink()
    with pytest.raises(IndexNotFoundError, match="No index found at"):
        compact(archive.index)
    assert {"000002", "000003"} <= {entry.name for entry in archive.index.iterdir()}


def test_what_may_not_be_removed_is_an_error(archive: Archive, open_folder: Path) -> None:
    index = Path(shutil.copytree(archive.index, open_folder / "index"))
    for path in (index, *index.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (index / "000002").chmod(0o555)
    with (
        without_privileges(),
        pytest.raises(IndexWriteError, match=r"Could not remove .*\(Permission denied\)"),
    ):
        compact(index)
    (index / "000002").chmod(0o777)
    assert verify(index) == []
    compact(index)
    assert not (index / "000002").exists()


_FORK_AND_KILL = """
import json, os, signal, sys
from pathlib import Path
from indexer.update.compact import compact
from tests.support.scored_passages import rows

ended = []
for index, moment in json.loads(sys.argv[1]):
    pid = os.fork()
    if not pid:
        seen = 0
        def hook(event, _):
            global seen
            if event in ("os.remove", "os.rmdir", "shutil.rmtree"):
                seen += 1
                if seen == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        compact(Path(index))
        os._exit(0)
    ended.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print(json.dumps(ended))
"""


def test_killed_at_any_moment_the_index_is_whole_and_the_next_compact_completes(
    archive: Archive, tmp_path: Path
) -> None:
    (archive.index / CHECKPOINT_FILE).write_bytes(b"v" * 1000)
    moments = (1, 2, 3, 5, 8, 12, 16, 20)
    copies = [shutil.copytree(archive.index, tmp_path / f"{moment}") for moment in moments]
    plan = [(str(copy), moment) for copy, moment in zip(copies, moments, strict=True)]
    command = [sys.executable, "-c", _FORK_AND_KILL, json.dumps(plan)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    ended = json.loads(ran.stdout)
    assert ended.count(-signal.SIGKILL) >= 6
    assert set(ended) <= {-signal.SIGKILL, 0}
    for copy in copies:
        assert verify(copy) == []
        compact(copy)
        assert verify(copy) == []
        assert {entry.name for entry in copy.iterdir()} == {*ONLY_THE_LIVE_ONE, "000003"}
        assert _files_with(copy, SENTENCE.encode()) == []
