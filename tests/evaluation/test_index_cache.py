"""The documents as files and their index: safe names, one encoding, nothing half-written."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collection import Collection, CollectionDocument
from evaluation.index_cache import article_name, encode_collection
from indexer.build.pipeline import IndexConfig
from indexer.errors import IndexLockedError, IndexWriteError
from indexer.progress import NoProgress
from indexer.storage.lock import writer_lock
from tests.evaluation.collection_builders import BREAD, MUSEUM, collection

CONFIG = IndexConfig(threads=1)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_cache: Path) -> Path:
    """A cache of this test's own, with the encoder that the whole run shares."""
    folder = tmp_path / "cache"
    folder.mkdir()
    (encoder_cache / "encoders-1").mkdir(exist_ok=True)
    (folder / "encoders-1").symlink_to(encoder_cache / "encoders-1")
    monkeypatch.setenv("DATELINE_CACHE", str(folder))
    return folder


class StoppedAtSecondFile(NoProgress):
    """Progress that is interrupted as by Ctrl-C."""

    def __init__(self) -> None:
        self.steps = 0

    def advance(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps == 2:
            raise KeyboardInterrupt


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_id_gives_a_safe_name_of_its_own(one: str, other: str) -> None:
    name = article_name(one)
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name) < 100
    assert name.isascii()
    assert (name.casefold() == article_name(other).casefold()) is (one == other)


@pytest.mark.parametrize("id_", ["../../etc/passwd", "..", "/", "a\0b", "\ud800", "CON", ""])
def test_no_id_leaves_the_folder(id_: str) -> None:
    assert set(article_name(id_)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%_-."
    )
    assert article_name(id_).count(".") == 1


def test_documents_become_articles_with_title_and_text(cache: Path) -> None:
    encoded = encode_collection(collection(), CONFIG)
    assert encoded.articles.is_relative_to(cache / "evaluation-1")
    assert (encoded.articles / article_name("../bread")).read_text("utf-8") == (
        f"Bread prices rise\n\n{BREAD}\n"
    )
    assert (encoded.articles / article_name("museum")).read_text("utf-8") == f"{MUSEUM}\n"
    assert sorted(encoded.ids.values()) == ["../bread", "Port", "ferry", "museum"]
    assert encoded.build.manifest.documents == 4
    assert encoded.build.skips == ()


def test_an_unchanged_collection_is_encoded_once(cache: Path) -> None:
    first = encode_collection(collection(), CONFIG)
    times = {path: path.stat().st_mtime_ns for path in first.articles.iterdir()}
    again = encode_collection(collection(), CONFIG)
    assert (first.build.unchanged, again.build.unchanged) == (False, True)
    assert {path: path.stat().st_mtime_ns for path in again.articles.iterdir()} == times


def test_other_documents_have_another_index(cache: Path) -> None:
    altered = replace(collection(), documents=collection().documents[:3])
    one, other = encode_collection(collection(), CONFIG), encode_collection(altered, CONFIG)
    assert one.index != other.index
    assert (one.build.manifest.documents, other.build.manifest.documents) == (4, 3)


def test_an_interrupted_run_leaves_no_half_written_folder_and_the_next_one_goes_on(
    cache: Path,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        encode_collection(collection(), CONFIG, progress=StoppedAtSecondFile())
    (folder,) = (cache / "evaluation-1").iterdir()
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []
    killed = folder / "articles-killed"
    killed.mkdir()
    (killed / "part.txt").write_text("what a killed run left")
    encoded = encode_collection(collection(), CONFIG)
    assert encoded.articles.parent == folder
    assert not killed.exists()
    assert encoded.build.manifest.documents == 4


def test_two_processes_do_not_write_the_same_folder(cache: Path) -> None:
    made = encode_collection(collection(), CONFIG).articles.parent
    errors: list[Exception] = []

    def encode() -> None:
        try:
            encode_collection(collection(), CONFIG)
        except IndexLockedError as error:
            errors.append(error)

    with writer_lock(made):
        other = threading.Thread(target=encode)
        other.start()
        other.join()
    assert "is being written by" in str(errors[0])


def test_what_the_build_skips_is_counted(cache: Path) -> None:
    documents = (
        *collection().documents,
        CollectionDocument("empty", "", " "),
        CollectionDocument("binary", "", "\0"),
    )
    made = Collection("odd", documents, collection().queries)
    encoded = encode_collection(made, CONFIG)
    assert {skip.path for skip in encoded.build.skips} == {
        article_name("empty"),
        article_name("binary"),
    }


def test_a_place_that_cannot_be_written_is_named(cache: Path) -> None:
    taken = cache / "evaluation-1" / f"own-{collection().fingerprint()[:16]}"
    taken.parent.mkdir()
    taken.write_text("a file in its place")
    with pytest.raises(IndexWriteError, match=r"cannot write .*articles .*DATELINE_CACHE"):
        encode_collection(collection(), CONFIG)
