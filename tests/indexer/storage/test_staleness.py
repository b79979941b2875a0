"""What changed since the build is counted: cheaply by size and time, exactly by hash."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import CorpusFile, scan
from indexer.documents import Document, SourceFile
from indexer.loaders.formats.registry import SUFFIXES
from indexer.storage import staleness as module
from indexer.storage.staleness import Staleness, check_file, check_source, compare_hashes, staleness

CURRENT = Staleness(changed=0, added=0, deleted=0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"About {name}.")
    (folder / "empty.txt").touch()
    return folder


def known(*roots: Path, unread: str = "empty.txt") -> list[SourceFile]:
    """Return the files as a build would record them: all but one hashed."""
    corpus = scan(CorpusRoots.of(list(roots)), SUFFIXES)
    found = []
    for file in corpus.files:
        place = corpus.roots.locate(file.path)
        assert place
        digest = "" if file.path == unread else sha256(place.read_bytes()).hexdigest()
        found.append(SourceFile(file.path, file.size, file.mtime_ns, digest))
    return found


def both_ways(root: Path, index: Path, before: list[SourceFile]) -> list[Staleness | None]:
    """Compare by size and time, then by hash."""
    roots = CorpusRoots.of(root)
    return [staleness(roots, index, before), compare_hashes(roots, index, before)]


def test_an_untouched_corpus_is_current(root: Path, tmp_path: Path) -> None:
    assert both_ways(root, tmp_path / "index", known(root)) == [CURRENT, CURRENT]
    assert CURRENT.is_current


def test_changed_added_and_deleted_files_are_counted(root: Path, tmp_path: Path) -> None:
    before = known(root)
    (root / "a.txt").write_text("Something else.")
    (root / "b.txt").unlink()
    (root / "d.txt").write_text("New.")
    (root / "e.md").write_text("New.")
    (root / "f.jpg").write_text("No article.")
    expected = Staleness(changed=1, added=2, deleted=1)
    assert both_ways(root, tmp_path / "index", before) == [expected, expected]
    assert not expected.is_current


@pytest.mark.parametrize("field", ["changed", "added", "deleted"])
def test_one_difference_is_enough_to_be_stale(field: str) -> None:
    assert not Staleness(**{"changed": 0, "added": 0, "deleted": 0, field: 1}).is_current


def test_a_touched_file_is_changed_by_time_but_not_by_hash(root: Path, tmp_path: Path) -> None:
    before = known(root)
    os.utime(root / "a.txt", ns=(1, 1))
    assert both_ways(root, tmp_path / "index", before) == [Staleness(1, 0, 0), CURRENT]


def test_a_change_that_keeps_size_and_time_is_found_by_hash(root: Path, tmp_path: Path) -> None:
    before = known(root)
    rewrite(root / "a.txt", "abouT a.txt.")
    assert both_ways(root, tmp_path / "index", before) == [CURRENT, Staleness(1, 0, 0)]


def test_in_a_missing_folder_every_file_is_deleted(root: Path, tmp_path: Path) -> None:
    missing = tmp_path / "elsewhere"
    expected = Staleness(0, 0, 4)
    assert both_ways(missing, tmp_path / "index", known(root)) == [expected, expected]


def test_of_several_roots_only_the_files_of_the_missing_one_are_deleted(
    root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("Elsewhere.")
    roots, before = CorpusRoots.of([root, other]), known(root, other)
    assert [file.path for file in before][-1] == "other/x.txt"
    assert staleness(roots, tmp_path / "index", before) == CURRENT
    (other / "x.txt").unlink()
    other.rmdir()
    assert staleness(roots, tmp_path / "index", before) == Staleness(0, 0, 1)
    assert compare_hashes(roots, tmp_path / "index", before) == Staleness(0, 0, 1)


def test_a_file_that_was_not_read_is_changed_both_ways_once_it_is_another(
    root: Path, tmp_path: Path
) -> None:
    before = known(root)
    (root / "empty.txt").write_text("An article after all.")
    expected = Staleness(1, 0, 0)
    assert both_ways(root, tmp_path / "index", before) == [expected, expected]


def test_an_index_inside_the_corpus_is_not_counted(root: Path) -> None:
    before = known(root)
    (root / "index").mkdir()
    (root / "index" / "notes.txt").touch()
    assert staleness(CorpusRoots.of(root), root / "index", before) == CURRENT


def test_a_comparison_that_takes_too_long_is_not_waited_for(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: object) -> dict[str, CorpusFile]:
        time.sleep(10)
        return {}

    monkeypatch.setattr(module, "_files_now", slow)
    begun = time.perf_counter()
    assert staleness(CorpusRoots.of(root), tmp_path / "index", [], seconds=0.02) is None
    assert time.perf_counter() - begun < 5


def test_the_state_of_a_file_is_by_its_bytes(root: Path) -> None:
    file = SourceFile("a.txt", 1, 1, sha256(b"About a.txt.").hexdigest())
    assert check_file(root / "a.txt", file) == "same"
    assert check_file(root / "b.txt", file) == "changed"
    assert check_file(root / "z.txt", file) == "missing"
    assert check_file(root, file) == "missing"
    assert check_file(root / ("n" * 300), file) == "missing"
    assert check_file(None, file) == "missing"


def test_the_file_of_one_article_is_hashed_each_time(root: Path) -> None:
    roots = CorpusRoots.of(root)
    document = Document("d", "a.txt", known(root)[0], "utf-8", "About a.txt.")
    assert check_source(roots, document) == "same"
    rewrite(root / "a.txt", "abouT a.txt.")
    assert check_source(roots, document) == "changed"


def test_a_file_of_many_articles_is_hashed_when_its_size_or_time_differs(root: Path) -> None:
    roots = CorpusRoots.of(root)
    (root / "export.jsonl").write_text('{"text": "One."}')
    file = next(file for file in known(root) if file.path == "export.jsonl")
    document = Document("d", "export.jsonl#1", file, "utf-8", "One.")
    rewrite(root / "export.jsonl", '{"text": "Two."}')
    assert check_source(roots, document) == "same"
    os.utime(root / "export.jsonl", ns=(1, 1))
    assert check_source(roots, document) == "changed"
    (root / "export.jsonl").write_text('{"text": "One."}')
    assert check_source(roots, document) == "same"
    (root / "export.jsonl").unlink()
    assert check_source(roots, document) == "missing"


def test_a_pipe_in_the_place_of_a_source_is_not_waited_for(root: Path) -> None:
    file = known(root)[0]
    (root / "a.txt").unlink()
    os.mkfifo(root / "a.txt")
    assert check_file(root / "a.txt", file) == "missing"


def rewrite(path: Path, content: str) -> None:
    """Change a file and keep its size and time."""
    status = path.stat()
    path.write_text(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
