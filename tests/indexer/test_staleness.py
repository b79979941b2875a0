"""What changed since the build is counted: cheaply by size and time, exactly by hash."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from indexer import staleness as module
from indexer.catalog import FileState
from indexer.loaders import SUFFIXES, scan
from indexer.staleness import Staleness, check_source, compare_hashes, staleness

CURRENT = Staleness(changed=0, added=0, deleted=0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"About {name}.")
    (folder / "empty.txt").touch()
    return folder


def known(root: Path) -> list[FileState]:
    return [FileState(file.path, file.size, file.mtime_ns) for file in scan(root, SUFFIXES).files]


def skipped(states: list[FileState]) -> list[FileState]:
    return [file for file in states if file.path == "empty.txt"]


def hashes(root: Path) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in root.iterdir()
        if path.stat().st_size
    }


def test_an_untouched_corpus_is_current(root: Path, tmp_path: Path) -> None:
    before = known(root)
    assert staleness(root, tmp_path / "index", before) == CURRENT
    assert compare_hashes(root, tmp_path / "index", hashes(root), skipped(before)) == CURRENT
    assert CURRENT.is_current


def test_changed_added_and_deleted_files_are_counted(root: Path, tmp_path: Path) -> None:
    before, hashed = known(root), hashes(root)
    (root / "a.txt").write_text("Something else.")
    (root / "b.txt").unlink()
    (root / "d.txt").write_text("New.")
    (root / "e.md").write_text("New.")
    (root / "f.jpg").write_text("No article.")
    expected = Staleness(changed=1, added=2, deleted=1)
    assert staleness(root, tmp_path / "index", before) == expected
    assert compare_hashes(root, tmp_path / "index", hashed, skipped(before)) == expected
    assert not expected.is_current


@pytest.mark.parametrize("field", ["changed", "added", "deleted"])
def test_one_difference_is_enough_to_be_stale(field: str) -> None:
    assert not Staleness(**{"changed": 0, "added": 0, "deleted": 0, field: 1}).is_current


def test_a_touched_file_is_changed_by_time_but_not_by_hash(root: Path, tmp_path: Path) -> None:
    before = known(root)
    os.utime(root / "a.txt", ns=(1, 1))
    assert staleness(root, tmp_path / "index", before) == Staleness(1, 0, 0)
    assert compare_hashes(root, tmp_path / "index", hashes(root), skipped(before)) == CURRENT


def test_a_change_that_keeps_size_and_time_is_found_by_hash(root: Path, tmp_path: Path) -> None:
    before, hashed = known(root), hashes(root)
    status = (root / "a.txt").stat()
    (root / "a.txt").write_text("abouT a.txt.")
    os.utime(root / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert staleness(root, tmp_path / "index", before) == CURRENT
    found = compare_hashes(root, tmp_path / "index", hashed, skipped(before))
    assert found == Staleness(1, 0, 0)


def test_in_a_missing_folder_every_file_is_deleted(root: Path, tmp_path: Path) -> None:
    before, hashed = known(root), hashes(root)
    missing = tmp_path / "elsewhere"
    assert staleness(missing, tmp_path / "index", before) == Staleness(0, 0, 4)
    assert compare_hashes(missing, tmp_path / "index", hashed, skipped(before)) == Staleness(
        0, 0, 4
    )


def test_a_skipped_file_that_was_mended_is_changed_both_ways(root: Path, tmp_path: Path) -> None:
    before, hashed = known(root), hashes(root)
    (root / "empty.txt").write_text("An article after all.")
    assert staleness(root, tmp_path / "index", before) == Staleness(1, 0, 0)
    found = compare_hashes(root, tmp_path / "index", hashed, skipped(before))
    assert found == Staleness(1, 0, 0)


def test_an_index_inside_the_corpus_is_not_counted(root: Path) -> None:
    before = known(root)
    (root / "index").mkdir()
    (root / "index" / "notes.txt").touch()
    assert staleness(root, root / "index", before) == CURRENT


def test_a_comparison_that_takes_too_long_is_not_waited_for(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: object) -> Staleness:
        time.sleep(10)
        return CURRENT

    monkeypatch.setattr(module, "_compare", slow)
    begun = time.perf_counter()
    assert staleness(root, tmp_path / "index", [], seconds=0.02) is None
    assert time.perf_counter() - begun < 5


def test_the_state_of_a_source_is_by_its_bytes(root: Path, tmp_path: Path) -> None:
    digest = hashes(root)["a.txt"]
    assert check_source(root, "a.txt", digest) == "same"
    assert check_source(root, "b.txt", digest) == "changed"
    assert check_source(root, "z.txt", digest) == "missing"
    assert check_source(root, ".", digest) == "missing"
    assert check_source(root, "n" * 300, digest) == "missing"
    assert check_source(tmp_path / "elsewhere", "a.txt", digest) == "missing"


def test_a_pipe_in_the_place_of_a_source_is_not_waited_for(root: Path) -> None:
    digest = hashes(root)["a.txt"]
    (root / "a.txt").unlink()
    os.mkfifo(root / "a.txt")
    assert check_source(root, "a.txt", digest) == "missing"
