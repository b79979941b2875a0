"""Every file of a corpus is read once: each article is staged, whatever is none is counted."""

import json
import random
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from indexer.build.reading import (
    LISTED_SKIPS,
    SAME_ARTICLE,
    SAME_ID,
    ReadingLog,
    fingerprint,
    read_corpus,
)
from indexer.catalog.staging import StagedArticle, Staging
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import scan
from indexer.loaders.formats.registry import SUFFIXES
from indexer.storage.read_settings import DEFAULT_SETTINGS, ReadSettings
from tests.support.builders import staged

ARTICLES = {
    "ferry.txt": "The ferry sank on Monday. Nobody was hurt.",
    "port.md": "The port was shut.\n\nTwo ships waited outside.",
    "café.txt": "Ein Café wurde geöffnet.",
}


def corpus_at(root: Path, contents: Mapping[str, bytes]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (root / name).write_bytes(content)
    return root


def articles_at(root: Path) -> Path:
    return corpus_at(root, {name: text.encode() for name, text in ARTICLES.items()})


def rows(*values: object) -> bytes:
    return "\n".join(json.dumps(value) for value in values).encode()


def read(
    root: Path, settings: ReadSettings = DEFAULT_SETTINGS
) -> tuple[dict[str, StagedArticle], ReadingLog]:
    log = ReadingLog()
    (root.parent / "staging").mkdir(exist_ok=True)
    with Staging(root.parent / "staging") as staging:
        read_corpus(scan(root, SUFFIXES), staging, log, settings)
        return {article.path: article for article in staged(staging)}, log


def fingerprint_of(root: Path, settings: ReadSettings = DEFAULT_SETTINGS) -> str:
    return fingerprint(scan(root, SUFFIXES), settings)


def test_each_text_file_is_one_article_and_its_state_is_recorded(tmp_path: Path) -> None:
    root = articles_at(tmp_path / "corpus")
    found, log = read(root)
    assert {path: article.text for path, article in found.items()} == ARTICLES
    status = (root / "port.md").stat()
    file = log.files["port.md"]
    assert (file.size, file.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert file.sha256 == sha256(ARTICLES["port.md"].encode()).hexdigest()
    assert log.skips == []


def test_skips_are_counted_with_reason_and_detail_and_others_are_still_read(tmp_path: Path) -> None:
    root = articles_at(tmp_path / "corpus")
    corpus_at(root, {"empty.txt": b"", "nul.txt": b"a\0b", "long.txt": b"x" * 100})
    corpus_at(root, {"invisible.txt": "\u200b \u2060 …".encode()})
    found, log = read(root, ReadSettings(max_bytes=60))
    assert found.keys() == ARTICLES.keys()
    assert {(skip.path, skip.reason, skip.detail) for skip in log.skips} == {
        ("empty.txt", "empty file", ""),
        ("invisible.txt", "no letter and no digit in it", ""),
        ("nul.txt", "binary content", "a NUL at character 1"),
        ("long.txt", "larger than the limit", "100 bytes, the limit is 60"),
    }
    assert {file.path for file in log.files.values() if not file.sha256} == {"long.txt"}
    assert log.reasons.total() == 4


def test_each_row_is_an_article_under_the_path_of_its_file(tmp_path: Path) -> None:
    content = rows({"id": "a 1", "text": "One."}, {"text": "Two."}, {"id": 9, "text": "Nine."})
    found, log = read(corpus_at(tmp_path / "corpus", {"x.jsonl": content}))
    assert {path: article.text for path, article in found.items()} == {
        "x.jsonl#a 1": "One.",
        "x.jsonl#2": "Two.",
        "x.jsonl#9": "Nine.",
    }
    assert {article.file for article in found.values()} == {"x.jsonl"}
    assert list(log.files) == ["x.jsonl"]
    assert log.files["x.jsonl"].sha256 == sha256(content).hexdigest()


def test_an_id_used_twice_loses_no_text_and_the_same_text_twice_is_kept_once(
    tmp_path: Path,
) -> None:
    content = rows(
        {"id": "a", "text": "One."},
        {"id": "a", "text": "Another one."},
        {"id": "a", "text": "One."},
        {"id": "2", "text": "Two."},
    )
    found, log = read(corpus_at(tmp_path / "corpus", {"x.jsonl": content}))
    assert {path: article.text for path, article in found.items()} == {
        "x.jsonl#a": "One.",
        "x.jsonl#a#2": "Another one.",
        "x.jsonl#2": "Two.",
    }
    assert [(skip.path, skip.reason) for skip in log.skips] == [
        ("x.jsonl#a#2", SAME_ID),
        ("x.jsonl#a#3", SAME_ARTICLE),
    ]


def test_rows_that_are_no_article_are_counted_one_by_one_and_listed_up_to_a_limit(
    tmp_path: Path,
) -> None:
    content = rows(*({"id": f"r{n}", "text": " "} for n in range(LISTED_SKIPS + 5)), {"text": "A."})
    found, log = read(corpus_at(tmp_path / "corpus", {"x.jsonl": content}))
    assert len(found) == 1
    assert dict(log.reasons) == {"row without text": LISTED_SKIPS + 5}
    assert len(log.skips) == LISTED_SKIPS
    assert log.skips[0].path == "x.jsonl#r0"


def test_half_a_surrogate_pair_is_replaced_since_no_encoding_can_store_it(tmp_path: Path) -> None:
    content = b'{"id": "\\ud83d", "title": "T\\udc00", "text": "A \\ud800 b \\ud83d\\ude00."}'
    ((path, article),) = read(corpus_at(tmp_path / "corpus", {"x.jsonl": content}))[0].items()
    assert path == "x.jsonl#\ufffd"
    assert article.text == "T\ufffd\n\nA \ufffd b 😀."
    assert article.given.title is not None
    assert article.given.title.value == "T\ufffd"


def test_a_limit_stops_in_the_middle_of_a_file_and_later_files_are_not_read(tmp_path: Path) -> None:
    root = corpus_at(tmp_path / "corpus", {"b.jsonl": rows(*({"text": f"{n}."} for n in range(9)))})
    corpus_at(root, {"a.txt": b"First.", "c.txt": b"Last.", "d.txt": b"Last."})
    log = ReadingLog()
    settings = ReadSettings(limit=4)
    with Staging(tmp_path) as staging:
        read_corpus(scan(root, SUFFIXES), staging, log, settings)
        paths = {article.path for article in staged(staging)}
    assert paths == {"a.txt", "b.jsonl#1", "b.jsonl#2", "b.jsonl#3"}
    assert log.files_read == 2
    assert [file.path for file in log.files.values() if file.sha256] == ["a.txt", "b.jsonl"]
    assert list(log.files) == ["a.txt", "b.jsonl", "c.txt", "d.txt"]
    before = fingerprint(scan(root, SUFFIXES), settings, files=2)
    assert before == log.fingerprint
    corpus_at(root, {"d.txt": b"Changed, but not read."})
    assert fingerprint(scan(root, SUFFIXES), settings, files=2) == before


def test_of_a_file_that_changes_while_it_is_read_nothing_counts(tmp_path: Path) -> None:
    root = corpus_at(tmp_path / "corpus", {"x.jsonl": rows({"text": "One."}, {"text": "Two."})})
    corpus, log = scan(root, SUFFIXES), ReadingLog()

    def grow() -> None:
        with (root / "x.jsonl").open("ab") as stream:
            stream.write(b"\n")

    with Staging(tmp_path) as staging:
        read_corpus(corpus, staging, log, on_article=grow)
        assert (staging.count, list(staged(staging))) == (0, [])
    assert [(skip.path, skip.reason) for skip in log.skips] == [
        ("x.jsonl", "changed during the build")
    ]
    assert log.files["x.jsonl"].sha256 == ""
    assert fingerprint_of(root) != log.fingerprint


def test_several_roots_are_read_under_their_labels(tmp_path: Path) -> None:
    one = corpus_at(tmp_path / "one" / "news", {"a.txt": b"One."})
    other = corpus_at(tmp_path / "other" / "news", {"a.txt": b"Other."})
    file = corpus_at(tmp_path / "files", {"x.jsonl": rows({"text": "Row."})}) / "x.jsonl"
    log = ReadingLog()
    with Staging(tmp_path) as staging:
        read_corpus(scan(CorpusRoots.of([one, file, other]), SUFFIXES), staging, log)
        found = {article.path: article.text for article in staged(staging)}
    assert found == {"news/a.txt": "One.", "x.jsonl#1": "Row.", "news-2/a.txt": "Other."}


def test_the_fingerprint_of_hashing_equals_that_of_reading(tmp_path: Path) -> None:
    root = articles_at(tmp_path / "corpus")
    corpus_at(root, {"empty.txt": b"", "long.txt": b"x" * 100, "x.jsonl": b"{}\n" * 50})
    settings = ReadSettings(max_bytes=60)
    _, log = read(root, settings)
    assert fingerprint_of(root, settings) == log.fingerprint


def test_the_fingerprint_ignores_times_and_the_order_of_files(tmp_path: Path) -> None:
    names = list(ARTICLES)
    random.Random(1).shuffle(names)  # noqa: S311 - not for secrets
    one = articles_at(tmp_path / "one")
    other = corpus_at(tmp_path / "other", {name: ARTICLES[name].encode() for name in names})
    assert fingerprint_of(one) == fingerprint_of(other)


def test_the_fingerprint_differs_when_a_file_changes_moves_or_is_added(tmp_path: Path) -> None:
    root = articles_at(tmp_path)
    found = {fingerprint_of(root)}
    corpus_at(root, {"ferry.txt": b"The ferry sank on Tuesday."})
    found.add(fingerprint_of(root))
    (root / "ferry.txt").rename(root / "ship.txt")
    found.add(fingerprint_of(root))
    corpus_at(root, {"empty.txt": b""})
    found.add(fingerprint_of(root))
    assert len(found) == 4
