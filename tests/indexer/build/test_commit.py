"""A new generation becomes live in whole, or nothing of it is left."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build.commit import committing, refresh_file_stats
from indexer.build.reuse import LiveGeneration
from indexer.catalog.reader import Catalog
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import Corpus, CorpusFile
from indexer.errors import IndexWriteError
from indexer.storage.manifest import generation_folder, read_manifest, write_manifest
from indexer.storage.verify import verify
from tests.support.builders import entry, write_index


@pytest.fixture
def live(tmp_path: Path) -> LiveGeneration:
    index = tmp_path / "index"
    articles = [entry(name, f"The {name} ferry sank.") for name in ("a.txt", "b.txt")]
    return LiveGeneration(index, write_index(index, articles))


def corpus_of(live: LiveGeneration, **mtimes: int) -> Corpus:
    """The files of an index, some with another mtime."""
    files = live.source_files.values()
    listed = (CorpusFile(f.path, f.size, mtimes.get(f.path[0], f.mtime_ns)) for f in files)
    return Corpus(live.manifest.roots, tuple(listed), ())


def test_a_new_generation_is_numbered_above_every_folder(live: LiveGeneration) -> None:
    generation_folder(live.index, 7).mkdir()
    with committing(live.index, live) as generation:
        assert generation == 8


def fail_to_build(live: LiveGeneration, error: BaseException, *, committed: bool) -> None:
    """Begin the next generation, commit it or not, and fail."""
    with committing(live.index, live) as generation:
        (generation_folder(live.index, generation) / "bm25").mkdir(parents=True)
        if committed:
            write_manifest(live.index, replace(live.manifest, generation=generation))
        raise error


def test_a_failure_before_the_commit_leaves_nothing_and_names_the_folder(
    live: LiveGeneration,
) -> None:
    with pytest.raises(IndexWriteError, match=r"000002 could not be written .*disk full"):
        fail_to_build(live, OSError("disk full"), committed=False)
    assert not generation_folder(live.index, 2).exists()
    assert read_manifest(live.index) == live.manifest


def test_a_failure_after_the_commit_keeps_the_generation(live: LiveGeneration) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail_to_build(live, KeyboardInterrupt(), committed=True)
    assert generation_folder(live.index, 2).is_dir()


def test_unchanged_file_stats_make_no_generation(live: LiveGeneration) -> None:
    assert refresh_file_stats(live, corpus_of(live)) is live.manifest
    assert read_manifest(live.index).generation == 1


def test_new_mtimes_and_roots_are_committed_and_every_other_file_is_shared(
    live: LiveGeneration,
) -> None:
    moved = CorpusRoots.of(live.index)
    corpus = replace(corpus_of(live, b=99), roots=moved)
    manifest = refresh_file_stats(live, corpus)
    assert (manifest.generation, manifest.roots) == (2, moved)
    assert verify(live.index) == []
    with Catalog(generation_folder(live.index, 2)) as catalog:
        now = {file.path: file for file in catalog.files()}
    before = live.source_files
    assert now == {**before, "b.txt": replace(before["b.txt"], mtime_ns=99)}
    linked = {file.path: (live.folder / file.path).stat().st_nlink for file in manifest.files}
    assert linked.pop("catalog.sqlite") == 1
    assert set(linked.values()) == {2}
