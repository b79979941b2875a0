"""An update reads what has changed, encodes what is new, and says how many articles differ."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.encoding.passage_encoder import PassageEncoder
from indexer.loaders.field_names import Columns
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.storage.staleness import staleness
from indexer.storage.verify import verify
from indexer.update.changes import Changes, LostFile
from indexer.update.update import UpdateConfig, update
from tests.scenarios.updates.conftest import ONE_THREAD, Archive, article, row


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the encoder is given; it encodes them as ever."""
    seen: list[str] = []
    encode = PassageEncoder.encode

    def counted(self: PassageEncoder, texts: Sequence[str], *more: object) -> object:
        seen.extend(texts)
        return encode(self, texts, *more)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(PassageEncoder, "encode", counted)
    return seen


def _doc_ids(index: Path) -> dict[str, str]:
    with Catalog(generation_folder(index, read_manifest(index).generation)) as catalog:
        return dict(catalog.rows("SELECT path, doc_id FROM documents"))


def test_an_unchanged_corpus_makes_no_generation(archive: Archive) -> None:
    before = archive.state
    report = update(archive.index, ONE_THREAD)
    assert report.build.unchanged
    assert report.changes == Changes(before=9)
    assert archive.state == before


def test_each_kind_of_change_is_counted_in_articles(archive: Archive, encoded: list[str]) -> None:
    archive.write("Gorm.txt", article("Gorm"))
    archive.write("Ardel.txt", article("Ardel", boats=5))
    (archive.folder / "Brimo.txt").unlink()
    (archive.folder / "Cothen.txt").rename(archive.folder / "Renamed.txt")
    archive.write("votes.jsonl", "".join(row(i, f"Vale{i}") for i in range(1, 5)))
    report = update(archive.index, ONE_THREAD)
    # Of the export, row 0 has gone, 3 and 4 have come.
    assert report.changes == Changes(before=9, added=3, changed=1, deleted=2, renamed=1)
    assert report.build.manifest.documents == 10
    assert archive.generation == 2
    assert verify(archive.index) == []
    new_towns = ("Gorm", "5 boats", "9 weeks", "Vale3", "Vale4")
    assert encoded
    assert all(any(town in text for town in new_towns) for text in encoded)
    assert report.build.encoded == len(encoded)


def test_a_rename_encodes_nothing_and_gives_the_article_its_new_id(
    archive: Archive, encoded: list[str]
) -> None:
    before = _doc_ids(archive.index)
    (archive.folder / "2024").mkdir()
    for name in ("Ardel.txt", "Brimo.txt", "votes.jsonl"):
        (archive.folder / name).rename(archive.folder / "2024" / name)
    report = update(archive.index, ONE_THREAD)
    assert report.changes == Changes(before=9, renamed=5)
    assert encoded == []
    assert report.build.encoded == 0
    after = _doc_ids(archive.index)
    assert after["Duvin.txt"] == before["Duvin.txt"]
    assert "2024/Ardel.txt" in after
    assert "Ardel.txt" not in after


def test_a_second_copy_of_an_article_is_added_not_renamed(archive: Archive) -> None:
    shutil.copy(archive.folder / "Ardel.txt", archive.folder / "Again.txt")
    report = update(archive.index, ONE_THREAD)
    assert report.changes == Changes(before=9, added=1)
    assert report.build.manifest.copies == 1
    (archive.folder / "Ardel.txt").unlink()
    assert update(archive.index, ONE_THREAD).changes == Changes(before=10, deleted=1)


def test_an_article_of_which_only_the_date_is_another_has_changed(
    archive: Archive, encoded: list[str]
) -> None:
    rows = [row(i, f"Vale{i}") for i in range(3)]
    rows[1] = rows[1].replace("2024-05-03", "2024-05-04")
    archive.write("votes.jsonl", "".join(rows))
    assert update(archive.index, ONE_THREAD).changes == Changes(before=9, changed=1)
    assert encoded == []


def test_a_file_that_was_only_touched_changes_nothing_and_is_not_told_of_for_ever(
    archive: Archive,
) -> None:
    """Questions compare times: a generation with those of now shares all but the catalog."""
    before = archive.state
    (archive.folder / "Ardel.txt").touch()
    report = update(archive.index, ONE_THREAD)
    assert report.build.unchanged
    assert report.changes == Changes(before=9)
    assert archive.generation == 2
    assert _is_fresh(archive)
    after = archive.state
    for name in (each for each in before if each.startswith("000001/")):
        assert before[name] == after[name]
        twin = name.replace("000001", "000002")
        if not name.endswith(("catalog.sqlite", ".lock")):
            assert (archive.index / name).samefile(archive.index / twin)
    assert verify(archive.index) == []
    assert update(archive.index, ONE_THREAD).build.unchanged
    assert archive.generation == 2


def test_a_build_notes_the_times_of_now_too(archive: Archive) -> None:
    (archive.folder / "Ardel.txt").touch()
    assert build(archive.folder, archive.index, IndexConfig(threads=1)).unchanged
    assert (archive.generation, _is_fresh(archive)) == (2, True)


def test_where_a_disk_has_no_links_files_are_copied(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    (archive.folder / "Ardel.txt").touch()
    assert update(archive.index, ONE_THREAD).build.unchanged
    assert archive.generation == 2
    assert verify(archive.index) == []


def _is_fresh(archive: Archive) -> bool:
    manifest = read_manifest(archive.index)
    with Catalog(generation_folder(archive.index, manifest.generation)) as catalog:
        found = staleness(manifest.roots, archive.index, catalog.files())
    return found is not None and found.is_current


def test_a_change_of_equal_size_and_time_is_seen(archive: Archive) -> None:
    path = archive.folder / "Ardel.txt"
    status = path.stat()
    archive.write("Ardel.txt", article("Ardel").replace("Monday", "Sunday"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert update(archive.index, ONE_THREAD).changes == Changes(before=9, changed=1)


def test_a_clock_that_jumps_back_hides_no_change(archive: Archive) -> None:
    """Nothing is compared by order: not the times of files, nor the time of the build."""
    archive.write("Ardel.txt", article("Ardel", boats=7))
    archive.write("Gorm.txt", article("Gorm"))
    for name in ("Ardel.txt", "Gorm.txt"):
        os.utime(archive.folder / name, (1, 1))  # 1970, long before the build
    assert update(archive.index, ONE_THREAD).changes == Changes(before=9, added=1, changed=1)
    os.utime(archive.folder / "Ardel.txt", (2**33, 2**33))  # the year 2242
    assert update(archive.index, ONE_THREAD).build.unchanged
    assert verify(archive.index) == []


def test_a_corpus_that_has_moved_keeps_ids_and_vectors(
    archive: Archive, encoded: list[str], tmp_path: Path
) -> None:
    before = _doc_ids(archive.index)
    place = archive.folder.rename(tmp_path / "moved")
    report = update(archive.index, UpdateConfig(corpus=(place,), threads=1))
    assert report.changes == Changes(before=9)
    assert encoded == []
    assert _doc_ids(archive.index) == before
    assert read_manifest(archive.index).roots.paths == (str(place),)
    assert update(archive.index, ONE_THREAD).build.unchanged


def test_an_update_keeps_how_the_index_was_built(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.csv").write_text('id,said\n1,"The mill burned."\n2,"The well dried."\n')
    settings = ReadSettings(Columns.parse("text=said"), limit=3, clean=False)
    config = IndexConfig(threads=1, bm25="rank-bm25", settings=settings)
    build(folder, tmp_path / "index", config)
    (folder / "b.csv").write_text('id,said\n3,"The dam broke."\n4,"The road flooded."\n')
    report = update(tmp_path / "index", ONE_THREAD)
    manifest = read_manifest(tmp_path / "index")
    assert (manifest.settings, manifest.bm25) == (settings, "rank-bm25")
    assert (report.changes, manifest.documents) == (Changes(before=2, added=1), 3)
    assert build(folder, tmp_path / "index", config).unchanged


def test_articles_of_a_file_that_cannot_be_read_any_more_are_named(archive: Archive) -> None:
    (archive.folder / "Ardel.txt").write_bytes(b"\x00\x01\x02" * 50)
    content = (archive.folder / "votes.jsonl").read_bytes()
    (archive.folder / "votes.jsonl").write_bytes(content[: len(content) // 2])
    report = update(archive.index, ONE_THREAD)
    assert report.changes.deleted == 3
    assert report.changes.lost[0] == LostFile("Ardel.txt", report.changes.lost[0].reason, 1)


def test_a_folder_that_cannot_be_entered_is_named(archive: Archive) -> None:
    (archive.folder / "closed").mkdir()
    (archive.folder / "Ardel.txt").rename(archive.folder / "closed/Ardel.txt")
    update(archive.index, ONE_THREAD)
    shutil.rmtree(archive.folder / "closed")
    (archive.folder / "closed").symlink_to("elsewhere")
    report = update(archive.index, ONE_THREAD)
    assert report.changes.lost == (LostFile("closed", "symbolic link that leads nowhere", 1),)
    assert report.changes.deleted == 1
