"""A folder is listed whole: each file is an article or a skip with its reason."""

import inspect
import os
import sys
from pathlib import Path

import pytest

from indexer.corpus.files import FileReader, check_size
from indexer.corpus.scan import (
    BAD_NAME,
    CHANGED,
    HIDDEN,
    LINK_INSIDE,
    LINK_LOOP,
    OTHER_FORMAT,
    OUTSIDE,
    SPECIAL,
    TOO_LARGE,
    VANISHED,
    CorpusFile,
    SkippedFileError,
    scan,
)
from indexer.errors import CorpusError

TEXT = frozenset({".txt", ".md"})

on_macos = sys.platform == "darwin"


def write(path: Path, content: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def scanned(root: Path, ignored: Path | None = None) -> tuple[list[str], dict[str, str]]:
    corpus = scan(root, TEXT, ignored)
    return [file.path for file in corpus.files], {skip.path: skip.reason for skip in corpus.skips}


def test_files_are_listed_by_path_with_size_and_time(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "four")
    write(tmp_path / "a" / "z.MD", "é")
    write(tmp_path / "Z.txt", "")
    os.utime(tmp_path / "b.txt", ns=(0, 1_700_000_000_123_456_789))
    corpus = scan(tmp_path, TEXT)
    assert [(file.path, file.size) for file in corpus.files] == [
        ("Z.txt", 0),
        ("a/z.MD", 2),
        ("b.txt", 4),
    ]
    assert corpus.files[2].mtime_ns == 1_700_000_000_123_456_789
    assert corpus.skips == ()


def test_each_thing_that_is_no_article_is_a_skip_with_its_reason(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    write(root / "kept.txt")
    write(root / "photo.jpg")
    write(root / "noending")
    write(root / ".hidden.txt")
    write(root / ".git" / "inside.txt")
    os.mkfifo(root / "pipe.txt")
    files, skips = scanned(root)
    assert files == ["kept.txt"]
    assert skips == {
        ".git": HIDDEN,
        ".hidden.txt": HIDDEN,
        "noending": OTHER_FORMAT,
        "photo.jpg": OTHER_FORMAT,
        "pipe.txt": SPECIAL,
    }


def test_links_are_never_followed_and_say_where_they_lead(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    outside = write(tmp_path / "secret.txt")
    kept = write(root / "kept.txt")
    (root / "out.txt").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    (root / "twin.txt").symlink_to(kept)
    (root / "broken.txt").symlink_to(root / "nowhere")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "self").symlink_to(root)
    files, skips = scanned(root)
    assert files == ["kept.txt"]
    assert skips == {
        "broken.txt": LINK_LOOP,
        "folder": OUTSIDE,
        "loop.txt": LINK_LOOP,
        "out.txt": OUTSIDE,
        "self": LINK_INSIDE,
        "twin.txt": LINK_INSIDE,
    }


@pytest.mark.skipif(on_macos, reason="its file system refuses such names")
def test_a_name_that_is_no_text_is_skipped_in_a_file_and_in_a_folder(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    os.mkdir(root + b"/f\xff")  # noqa: PTH102 - pathlib takes no bytes
    for name in (b"/\xe9.txt", b"/f\xff/a.txt"):
        os.close(os.open(root + name, os.O_CREAT))
    files, skips = scanned(tmp_path)
    assert files == []
    assert skips == {"\\xe9.txt": BAD_NAME, "f\\xff/a.txt": BAD_NAME}


@pytest.mark.parametrize(
    "name", ["line\nbreak.txt", "q'\"u.txt", "\u202ertl.txt", "😀.txt", " .txt"]
)
def test_odd_names_that_are_text_are_articles(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    corpus = scan(tmp_path, TEXT)
    assert [file.path for file in corpus.files] == [name]
    assert read_file(tmp_path, corpus.files[0]) == b"text"


def test_an_index_inside_the_corpus_is_no_part_of_it(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    index = write(tmp_path / "index" / "notes.txt").parent
    assert scanned(tmp_path, index) == (["a.txt"], {})
    assert scanned(tmp_path)[0] == ["a.txt", "index/notes.txt"]


def test_folders_nested_deeper_than_the_stack_are_listed(tmp_path: Path) -> None:
    depth = 150
    write(tmp_path.joinpath(*["d"] * depth) / "a.txt")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + depth // 2)
    try:
        files, _ = scanned(tmp_path)
    finally:
        sys.setrecursionlimit(limit)
    assert files == ["d/" * depth + "a.txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "Not found: .*missing. Give a folder or a file of articles."),
        ("file.pdf", "Unsupported file type: .*file.pdf. .* that ends in one of .md .txt"),
        ("/dev/null", "Not a folder or regular file: /dev/null. Give a folder of articles."),
        ("file.txt/inside", "Not found: "),
        ("n" * 300, "Cannot list .*: File name too long"),
    ],
)
def test_a_corpus_that_is_no_folder_is_an_error_that_says_what_to_name(
    tmp_path: Path, name: str, message: str
) -> None:
    write(tmp_path / "file.txt")
    write(tmp_path / "file.pdf")
    with pytest.raises(CorpusError, match=message):
        scan(tmp_path / name, TEXT)


def read_file(root: Path, file: CorpusFile) -> bytes:
    with FileReader() as reader, reader.open(root / file.path, file) as stream:
        return stream.read()


def listed(root: Path) -> CorpusFile:
    (file,) = scan(root, TEXT).files
    return file


def test_a_file_at_the_limit_is_read_and_one_above_it_is_not(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "12345")
    check_size(listed(tmp_path), limit=5)
    with pytest.raises(SkippedFileError, match="5 bytes, the limit is 4") as skip:
        check_size(listed(tmp_path), limit=4)
    assert skip.value.reason == TOO_LARGE


def test_a_file_that_grew_after_the_scan_is_not_half_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "12345")
    file = listed(tmp_path)
    write(path, "123456789")
    with pytest.raises(SkippedFileError, match=CHANGED):
        read_file(tmp_path, file)


def test_a_file_that_vanished_after_the_scan_is_a_skip(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    file = listed(tmp_path)
    path.unlink()
    with pytest.raises(SkippedFileError, match=VANISHED):
        read_file(tmp_path, file)


def test_a_link_put_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "text")
    root = tmp_path / "corpus"
    path = write(root / "a.txt", "text")
    file = listed(root)
    path.unlink()
    path.symlink_to(secret)
    os.utime(secret, ns=(file.mtime_ns, file.mtime_ns))
    with pytest.raises(SkippedFileError, match=CHANGED):
        read_file(root, file)
