"""Every file of a corpus becomes one document or one counted skip, in the order of doc_id."""

import random
from hashlib import sha256
from pathlib import Path

from indexer.articles import ReadingLog, fingerprint, read_articles
from indexer.catalog_writer import CatalogEntry
from indexer.loaders import SUFFIXES, scan
from indexer.loaders.corpus import MAX_FILE_BYTES
from tests.builders import count_words

ARTICLES = {
    "ferry.txt": "The ferry sank on Monday. Nobody was hurt.",
    "port.md": "The port was shut.\n\nTwo ships waited outside.",
    "café.txt": "Ein Café wurde geöffnet.",
}


def corpus_at(root: Path, contents: dict[str, bytes]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (root / name).write_bytes(content)
    return root


def articles_at(root: Path) -> Path:
    return corpus_at(root, {name: text.encode() for name, text in ARTICLES.items()})


def read(root: Path, limit: int = MAX_FILE_BYTES) -> tuple[list[CatalogEntry | None], ReadingLog]:
    log = ReadingLog()
    return list(read_articles(scan(root, SUFFIXES), limit, count_words, log)), log


def test_each_file_becomes_a_document_in_the_order_of_doc_id(tmp_path: Path) -> None:
    entries, log = read(articles_at(tmp_path))
    documents = [entry.document for entry in entries if entry]
    assert {document.path: document.text for document in documents} == ARTICLES
    assert [d.doc_id for d in documents] == sorted(d.doc_id for d in documents)
    assert all(d.sha256 == sha256(ARTICLES[d.path].encode()).hexdigest() for d in documents)
    assert log.skips == []


def test_the_entry_of_a_file_has_its_size_time_and_passages(tmp_path: Path) -> None:
    root = corpus_at(tmp_path, {"a.txt": ARTICLES["ferry.txt"].encode("utf-16")})
    status = (root / "a.txt").stat()
    ((entry,), _) = read(root)
    assert entry is not None
    assert (entry.size, entry.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert entry.document.encoding == "utf-16-le"
    assert [(p.start, p.end) for p in entry.passages] == [(0, len(ARTICLES["ferry.txt"]))]


def test_skips_are_counted_with_reason_and_detail_and_others_are_still_read(tmp_path: Path) -> None:
    root = articles_at(tmp_path)
    corpus_at(root, {"empty.txt": b"", "nul.txt": b"a\0b", "long.txt": b"x" * 100})
    corpus_at(root, {"invisible.txt": "\u200b \u2060 …".encode()})
    entries, log = read(root, limit=60)
    assert sum(entry is not None for entry in entries) == 3
    assert entries.count(None) == 4
    assert {(skip.path, skip.reason, skip.detail, skip.size) for skip in log.skips} == {
        ("empty.txt", "empty file", "", 0),
        ("invisible.txt", "no letter and no digit in it", "", 11),
        ("nul.txt", "binary content", "a NUL at character 1", 3),
        ("long.txt", "larger than the limit", "100 bytes, the limit is 60", 100),
    }


def test_removed_characters_are_counted_by_reason(tmp_path: Path) -> None:
    paragraph = (
        "The ferry sank on Monday in the harbour of the old town, and nobody was hurt when it went."
    )
    ending = "Divers are at work, the mayor said on the day after, and the port will open again."
    root = corpus_at(
        tmp_path, {"a.txt": f"{paragraph}\n\n{ending}\n\n{paragraph}\n\nThe end.".encode()}
    )
    ((entry,), log) = read(root)
    assert entry is not None
    removed = [region for region in entry.regions if not region.kept]
    assert dict(log.removed) == {"repeated paragraph": len(paragraph)}
    assert [region.end - region.start for region in removed] == [len(paragraph)]


def test_the_fingerprint_of_hashing_equals_that_of_reading(tmp_path: Path) -> None:
    root = articles_at(tmp_path)
    corpus_at(root, {"empty.txt": b"", "long.txt": b"x" * 100})
    _, log = read(root, limit=60)
    assert fingerprint(scan(root, SUFFIXES), 60) == log.fingerprint


def test_the_fingerprint_ignores_times_and_the_order_of_files(tmp_path: Path) -> None:
    names = list(ARTICLES)
    random.Random(1).shuffle(names)  # noqa: S311 - not for secrets
    one = articles_at(tmp_path / "one")
    other = corpus_at(tmp_path / "other", {name: ARTICLES[name].encode() for name in names})
    assert fingerprint(scan(one, SUFFIXES), MAX_FILE_BYTES) == fingerprint(
        scan(other, SUFFIXES), MAX_FILE_BYTES
    )


def test_the_fingerprint_differs_when_a_file_changes_moves_or_is_added(tmp_path: Path) -> None:
    root = articles_at(tmp_path)
    found = {fingerprint(scan(root, SUFFIXES), MAX_FILE_BYTES)}
    corpus_at(root, {"ferry.txt": b"The ferry sank on Tuesday."})
    found.add(fingerprint(scan(root, SUFFIXES), MAX_FILE_BYTES))
    (root / "ferry.txt").rename(root / "ship.txt")
    found.add(fingerprint(scan(root, SUFFIXES), MAX_FILE_BYTES))
    corpus_at(root, {"empty.txt": b""})
    found.add(fingerprint(scan(root, SUFFIXES), MAX_FILE_BYTES))
    assert len(found) == 4
