"""A file that does not answer is skipped in time, and what was known of it is kept.

A stalled network folder is simulated by a named pipe that lies where a file was listed: opening it
blocks until somebody writes, reading it until they write more, just as a read of a dead share does.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.build.reading import AS_BEFORE, ReadingLog, fingerprint, read_corpus
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.corpus.files import READ_ERROR, STALLED, FileReader
from indexer.corpus.scan import Corpus, CorpusFile, SkippedFileError, scan
from indexer.loaders.formats.registry import SUFFIXES
from indexer.progress import NoProgress
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.read_settings import DEFAULT_SETTINGS
from tests.support.builders import staged
from tests.support.stories import story

SECONDS = 0.2
CONFIG = IndexConfig(threads=1, file_seconds=SECONDS)


@contextmanager
def stalled(path: Path) -> Iterator[None]:
    """Put a pipe in the place of a file; in the end whoever waits for it is released."""
    content = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    yield
    with path.open("r+b", buffering=0):  # opening both ends of a pipe blocks nobody
        time.sleep(0.05)
    path.unlink()
    path.write_bytes(content)


def corpus_of(root: Path, *names: str) -> Corpus:
    root.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        (root / name).write_text(story(number), encoding="utf-8")
    return scan(root, SUFFIXES)


def test_a_file_that_does_not_answer_is_skipped_and_the_others_are_read(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", "a.txt", "b.txt", "c.txt")
    log = ReadingLog()
    with stalled(tmp_path / "corpus" / "b.txt"), Staging(tmp_path) as staging:
        begun = time.monotonic()
        read_corpus(corpus, staging, log, seconds=SECONDS)
        assert time.monotonic() - begun < 10 * SECONDS
        assert {article.path for article in staged(staging)} == {"a.txt", "c.txt"}
        expected = fingerprint(corpus, DEFAULT_SETTINGS, seconds=SECONDS)
    assert [(skip.path, skip.reason, skip.detail) for skip in log.skips] == [
        ("b.txt", STALLED, "0.2 s")
    ]
    assert log.fingerprint == expected
    assert log.files["b.txt"].sha256 == ""


def test_a_file_that_stops_answering_while_it_is_read_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    os.write(writer, b"The beginning of an article")
    for size in (100, 100_000_000):  # read at once, and piece by piece
        file = CorpusFile("a.txt", size, 0)
        with (
            FileReader(SECONDS) as reader,
            pytest.raises(SkippedFileError, match=f"{STALLED} .0.2 s."),
            reader.open(path, file) as stream,
        ):
            stream.read()
    os.write(writer, b"released")
    os.close(writer)


def test_after_three_in_a_row_the_others_of_the_same_root_are_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    file = CorpusFile("a.txt", 1, 0)
    with FileReader(0.05) as reader:
        for expected in ("0.05 s", "0.05 s", "0.05 s", "nor did 3 files before it"):
            with (
                pytest.raises(SkippedFileError, match=expected),
                reader.open(path, file, "share"),
            ):
                raise AssertionError
        other = tmp_path / "b.txt"
        other.write_bytes(b"B.")
        status = other.stat()
        listed = CorpusFile("b.txt", status.st_size, status.st_mtime_ns)
        with reader.open(other, listed, "here") as stream:
            assert stream.read() == b"B."
    os.close(os.open(path, os.O_RDWR))


def test_the_articles_of_a_share_that_stalls_stay_and_the_next_build_tries_again(
    tmp_path: Path,
) -> None:
    root, index = tmp_path / "corpus", tmp_path / "index"
    corpus_of(root, "a.txt", "b.txt", "c.txt")
    first = build(root, index, CONFIG)
    (root / "a.txt").write_text(story(9), encoding="utf-8")

    class AtReading(NoProgress):
        """The share stalls once its files are listed: a listing has regular files only."""

        def stage(self, name: str, total: int | None) -> None:
            if name == "read":
                stack.enter_context(stalled(root / "b.txt"))

    with ExitStack() as stack:
        during = build(root, index, CONFIG, progress=AtReading())
    assert during.skipped == {STALLED + AS_BEFORE: 1}
    assert [(skip.path, skip.detail) for skip in during.skips] == [("b.txt", "0.2 s")]
    assert (first.manifest.documents, during.manifest.documents) == (3, 3)
    assert contents(index) == {"a.txt": story(9), "b.txt": story(1), "c.txt": story(2)}
    (root / "b.txt").write_text(story(8), encoding="utf-8")
    after = build(root, index, CONFIG)
    assert (after.unchanged, after.skipped) == (False, {})
    assert contents(index)["b.txt"] == story(8)


def contents(index: Path) -> dict[str, str]:
    with Catalog(generation_folder(index, read_manifest(index).generation)) as catalog:
        documents = map(catalog.document, catalog.doc_ids())
        return {document.path: document.text for document in documents}


def test_an_error_of_the_network_is_no_missing_file_but_a_missing_permission_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The errors are simulated: what a disk or share raises cannot be had from a healthy one."""
    corpus = corpus_of(tmp_path / "corpus", "a.txt")
    reasons: list[str] = []
    for number in (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES):

        def failing(*_: object, number: int = number) -> bytes:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("indexer.corpus.files.os.read", failing)
        with Staging(tmp_path) as staging:
            read_corpus(corpus, staging, log := ReadingLog(), seconds=SECONDS)
        reasons += log.reasons
        monkeypatch.undo()
    assert reasons == [READ_ERROR, READ_ERROR, READ_ERROR, "no permission to read"]
