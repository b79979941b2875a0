"""What is reused of a live generation, which is hashed and read at most once."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build.generation import BUILT_BY, VERSIONS, IndexConfig
from indexer.build.reuse import (
    LiveGeneration,
    is_same_encoder,
    live_generation,
    reusable_articles,
    reusable_vectors,
)
from indexer.encoding.model_files import DEFAULT_ENCODER, locate, model_sha256
from indexer.metadata.told import Told
from indexer.storage.manifest import MANIFEST_FILE
from indexer.storage.read_settings import ReadSettings
from tests.support.builders import ENCODER, entry, write_index


@pytest.fixture
def live(tmp_path: Path) -> LiveGeneration:
    """A generation that could be one of this version's."""
    manifest = write_index(tmp_path / "index", [entry("a.txt", "The ferry sank.")])
    return LiveGeneration(
        tmp_path / "index", replace(manifest, versions=VERSIONS, built_by=BUILT_BY)
    )


def test_without_a_readable_manifest_nothing_is_live(live: LiveGeneration) -> None:
    assert live_generation(live.index / "none") is None
    (live.index / MANIFEST_FILE).write_text("{", encoding="utf-8")
    assert live_generation(live.index) is None


def test_files_are_hashed_and_listed_once(live: LiveGeneration) -> None:
    assert live.damage == []
    assert list(live.source_files) == ["a.txt"]
    (live.folder / "catalog.sqlite").unlink()
    assert live.damage == []
    assert list(live.source_files) == ["a.txt"]
    assert LiveGeneration(live.index, live.manifest).damage == ["catalog.sqlite is missing"]


@pytest.mark.parametrize(
    ("config", "articles", "files"),
    [
        (IndexConfig(), True, True),
        (IndexConfig(settings=ReadSettings(clean=False)), True, True),
        (IndexConfig(settings=ReadSettings(limit=3)), True, True),
        (IndexConfig(settings=ReadSettings(max_bytes=9)), True, False),
        (IndexConfig(settings=ReadSettings(told=Told(outlet_from="folder"))), True, True),
        (IndexConfig(settings=ReadSettings(told=Told(lists=("sources.csv",)))), True, False),
        (IndexConfig(settings=ReadSettings(encoding="koi8-r")), True, True),
        (IndexConfig(force=True), False, False),
    ],
)
def test_articles_are_reused_unless_forced_and_files_where_they_are_read_alike(
    config: IndexConfig, live: LiveGeneration, *, articles: bool, files: bool
) -> None:
    previous = reusable_articles(live, config)
    assert previous is not None
    assert (previous.folder, previous.articles, previous.files) == (live.folder, articles, files)


def test_articles_of_another_version_or_files_of_a_limited_build_are_not_reused(
    live: LiveGeneration,
) -> None:
    older = replace(live.manifest, built_by="Dateline 0")
    limited = replace(live.manifest, settings=ReadSettings(limit=3))
    for manifest, articles in ((older, False), (limited, True)):
        previous = reusable_articles(LiveGeneration(live.index, manifest), IndexConfig())
        assert previous is not None
        assert (previous.articles, previous.files) == (articles, False)


def test_vectors_of_another_encoder_are_not_reused(live: LiveGeneration) -> None:
    assert not is_same_encoder(ENCODER, DEFAULT_ENCODER)
    assert reusable_vectors(live, IndexConfig()) is None


def test_vectors_of_the_same_encoder_are_reused_unless_forced(live: LiveGeneration) -> None:
    files = locate(DEFAULT_ENCODER)
    spec = replace(ENCODER, name=files.name, sha256=model_sha256(files))
    same = LiveGeneration(live.index, replace(live.manifest, encoder=spec))
    vectors = reusable_vectors(same, IndexConfig())
    assert vectors is not None
    assert list(vectors.rows_of(["The ferry sank.", "Another."])) == [0, -1]
    assert reusable_vectors(same, IndexConfig(force=True)) is None
