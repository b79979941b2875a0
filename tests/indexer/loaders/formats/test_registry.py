"""A file is read by the loader for the longest ending of its name."""

import pytest

from indexer.corpus.scan import SkippedFileError
from indexer.loaders.formats.archives import PackedLoader, TarLoader
from indexer.loaders.formats.registry import SUFFIXES, loader_of
from indexer.loaders.formats.text import TextLoader
from indexer.loaders.formats.warc import WarcLoader
from tests.support.reading_helpers import read


def test_text_and_markdown_are_read_by_any_case_of_their_ending() -> None:
    assert isinstance(loader_of("a/B.TXT"), TextLoader)
    assert isinstance(loader_of("read.me.md"), TextLoader)
    with pytest.raises(SkippedFileError, match="format not supported"):
        loader_of("photo.jpg")


def test_the_longest_ending_counts_and_a_folder_is_listed_by_the_last() -> None:
    assert isinstance(loader_of("crawl.warc"), WarcLoader)
    assert isinstance(loader_of("news.tar"), TarLoader)
    assert isinstance(loader_of("export.jsonl.gz"), PackedLoader)
    assert {".gz", ".txt", ".jsonl"} <= SUFFIXES
    assert ".tar.gz" not in SUFFIXES


def test_an_article_that_is_longer_than_the_limit_when_it_is_decoded_is_skipped() -> None:
    found = read(
        b'[{"id": "a", "text": "' + b"long " * 30 + b'"}, {"text": "One."}]',
        "x.json",
        max_bytes=100,
    )
    assert found.texts == {"2": "One."}
    assert [(skip.key, skip.reason, skip.detail) for skip in found.skips] == [
        ("a", "larger than the limit", "150 characters, the limit is 100 bytes")
    ]
