"""Watching: an index follows its folder, whatever happens to either. Each wait is one round."""

import fcntl
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer.cli.update_run import format_changes
from indexer.errors import DatelineError, IndexNotFoundError
from indexer.storage.lock import LOCK_FILE
from indexer.storage.manifest import read_manifest
from indexer.storage.verify import verify
from indexer.update.update import UpdateConfig, UpdateReport, update
from indexer.update.watch import Watcher, watch
from tests.scenarios.updates.conftest import ONE_THREAD, TOWNS, Archive, article

Act = Callable[[], object]


def _followed(archive: Archive, *acts: Act, config: UpdateConfig = ONE_THREAD) -> list[str]:
    """Watch; do one thing in each wait, then look two times more. Return what was told."""
    told: list[str] = []

    def tell(happened: UpdateReport | DatelineError) -> None:
        if isinstance(happened, DatelineError):
            told.append(str(happened))
        else:
            told.append(format_changes(happened.changes))

    pending: list[Act] = [*acts, lambda: None, lambda: None]

    def wait(seconds: float) -> None:
        assert seconds == 7
        if not pending:
            raise KeyboardInterrupt
        pending.pop(0)()

    watcher = Watcher(archive.index, config, tell)
    with pytest.raises(KeyboardInterrupt):
        watch(watcher, 7, wait=wait)
    assert not watcher.is_updating
    return told


def _nothing() -> None:
    pass


def test_a_change_is_followed_once_the_folder_is_quiet(archive: Archive) -> None:
    path = archive.folder / "Gorm.txt"
    text = article("Gorm")

    def generation_is(expected: int) -> Act:
        def check() -> None:
            assert archive.generation == expected

        return check

    told = _followed(
        archive,
        _nothing,
        lambda: path.write_text(text[:40]),  # a file that is being copied
        lambda: path.write_text(text),
        generation_is(1),  # seen, but perhaps not over
        generation_is(2),
        path.unlink,
    )
    assert told == ["1 added", "1 deleted"]
    assert archive.generation == 3
    assert verify(archive.index) == []


def test_what_happened_before_watching_began_is_followed_too(archive: Archive) -> None:
    archive.write("Gorm.txt", article("Gorm"))
    assert _followed(archive) == ["1 added"]


def test_a_file_that_is_only_touched_is_hashed_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: list[Path] = []

    def counted(index: Path, config: UpdateConfig) -> UpdateReport:
        updates.append(index)
        return update(index, config)

    monkeypatch.setattr("indexer.update.watch.update", counted)
    told = _followed(archive, (archive.folder / "Ardel.txt").touch, *[_nothing] * 5)
    assert (told, updates) == ([], [archive.index])
    assert archive.generation == 2  # with the time of now


def test_a_corpus_that_vanishes_is_told_once_and_followed_again(archive: Archive) -> None:
    away = archive.folder.with_name("away")
    told = _followed(
        archive,
        lambda: archive.folder.rename(away),
        *[_nothing] * 3,
        lambda: away.rename(archive.folder),
        lambda: archive.write("Gorm.txt", article("Gorm")),
    )
    assert told == [told[0], "1 added"]
    assert told[0].startswith("Folder not found: ")
    assert "--corpus" in told[0]


def test_too_many_deletions_are_told_once_and_mended_by_their_return(archive: Archive) -> None:
    away = archive.folder.with_name("away")
    away.mkdir()

    def move(source: Path, target: Path) -> None:
        for town in TOWNS:
            (source / f"{town}.txt").rename(target / f"{town}.txt")

    told = _followed(
        archive,
        lambda: move(archive.folder, away),
        *[_nothing] * 4,
        lambda: move(away, archive.folder),
        *[_nothing] * 2,
        (archive.folder / "votes.jsonl").unlink,
    )
    assert told == [told[0], "3 deleted"]
    assert "(6 of 9 articles are missing" in told[0]


def test_deletions_that_are_allowed_are_followed(archive: Archive) -> None:
    for town in TOWNS:
        (archive.folder / f"{town}.txt").unlink()
    config = UpdateConfig(allow_deletions=True, threads=1)
    assert _followed(archive, config=config) == ["6 deleted"]


def test_another_writer_is_waited_for(archive: Archive) -> None:
    archive.write("Gorm.txt", article("Gorm"))
    with ExitStack() as holding:
        held = holding.enter_context((archive.index / LOCK_FILE).open("w"))
        fcntl.flock(held, fcntl.LOCK_EX)
        told = _followed(archive, *[_nothing] * 3, holding.close)
    assert told == [told[0], "1 added"]
    assert "is being written by another process" in told[0]


def test_an_index_that_is_removed_and_put_back_is_followed_again(archive: Archive) -> None:
    away = archive.index.with_name("away")
    told = _followed(
        archive,
        lambda: archive.index.rename(away),
        _nothing,
        lambda: shutil.copytree(away, archive.index),
        lambda: archive.write("Gorm.txt", article("Gorm")),
    )
    assert told == [told[0], "1 added"]
    assert told[0].startswith("No index found at ")


def test_a_corpus_that_has_moved_is_followed_at_its_new_place(archive: Archive) -> None:
    place = archive.folder.rename(archive.folder.with_name("moved"))
    config = UpdateConfig(corpus=(place,), threads=1)
    assert _followed(archive, config=config) == []
    assert read_manifest(archive.index).roots.paths == (str(place),)


def test_without_an_index_there_is_nothing_to_follow(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path, ONE_THREAD, lambda _: None)
    with pytest.raises(IndexNotFoundError, match="No index found at"):
        watch(watcher)
