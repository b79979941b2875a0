"""A corpus file is loaded in a worker, from memory or from its place, within its budget."""

import gzip
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import loading
from indexer.build.loading import load_file
from indexer.build.workers import Workers
from indexer.corpus.budget import TOO_MUCH_MEMORY
from indexer.corpus.scan import CHANGED, CorpusFile, SkippedFileError
from indexer.loaders.protocol import Loaded, LoadedArticle
from indexer.storage.read_settings import DEFAULT_SETTINGS

ROWS = b'{"text": "One."}\n{"text": "Two."}\n'
FILE = CorpusFile("x.jsonl", len(ROWS), 0)


def texts(loaded: Iterator[Loaded]) -> list[str]:
    return [each.text for each in loaded if isinstance(each, LoadedArticle)]


def test_a_worker_loads_what_this_process_would_from_memory_and_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(ROWS)
    file = CorpusFile("x.jsonl", len(ROWS), path.stat().st_mtime_ns)
    here = list(load_file(ROWS, FILE, DEFAULT_SETTINGS, 60.0))
    with Workers(1) as workers:
        for content in (ROWS, path):
            there = workers.stream(load_file, content, file, DEFAULT_SETTINGS, 60.0)
            assert list(there) == here
    assert texts(iter(here)) == ["One.", "Two."]


def test_a_file_that_has_changed_since_it_was_listed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(ROWS + b"\n")
    with pytest.raises(SkippedFileError, match=CHANGED):
        list(load_file(path, FILE, DEFAULT_SETTINGS, 60.0))


def test_a_memory_error_in_a_file_is_its_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> Iterator[Loaded]:
        yield LoadedArticle("One.", "utf-8", "1")
        raise MemoryError

    monkeypatch.setattr(loading, "load", greedy)
    loaded = load_file(ROWS, FILE, DEFAULT_SETTINGS, 60.0)
    assert texts(iter([next(loaded)])) == ["One."]
    with pytest.raises(SkippedFileError, match=TOO_MUCH_MEMORY):
        next(loaded)


def test_a_small_file_cannot_become_more_articles_than_it_has_bytes() -> None:
    rows = b"text\n" + b"a\n" * 12_000
    plain = CorpusFile("x.csv", len(rows), 0)
    assert len(list(load_file(rows, plain, DEFAULT_SETTINGS, 60.0))) == 12_000
    packed = gzip.compress(rows)
    bomb = load_file(packed, CorpusFile("x.csv.gz", len(packed), 0), DEFAULT_SETTINGS, 60.0)
    with pytest.raises(SkippedFileError, match=f"more articles than its {len(packed)} bytes"):
        list(bomb)


def pids(number: int) -> Iterator[int]:
    """Yield the number of the process, and end it when it is asked for more."""
    for _ in range(number):
        yield os.getpid()
    signal.raise_signal(signal.SIGSEGV)


def test_a_stream_that_crashes_keeps_what_came_before_and_the_next_has_a_new_process() -> None:
    with Workers(1) as workers:
        found = workers.stream(pids, 1)
        pid = next(found)
        with pytest.raises(SkippedFileError, match="a library crashed on it"):
            next(found)
        assert workers.submit(os.getpid).result() != pid


def test_a_stream_that_is_left_early_is_not_read_to_its_end() -> None:
    with Workers(1) as workers:
        found = workers.stream(pids, 10**9)
        pid = next(found)
        del found
        assert workers.submit(os.getpid).result() != pid
