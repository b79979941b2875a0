"""One article of a file that the user names is read as a build would, or the error says why not."""

import json
from pathlib import Path

import pytest

from indexer.errors import CorpusError
from indexer.loaders.field_names import BY_CONVENTION
from indexer.loaders.named_file import load_named, read_article


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "week #43.jsonl"
    rows = [{"id": "a//b", "text": "One."}, {"title": "No text"}, {"text": "Three."}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_an_article_is_read_by_its_key_also_from_a_file_with_a_number_sign(export: Path) -> None:
    assert read_article(Path(f"{export}#3")).text == "Three."
    assert read_article(Path(f"{export}#a//b")).text == "One."
    with load_named(Path(f"{export}#3"), BY_CONVENTION) as (location, loaded):
        assert (location, [each.key for each in loaded]) == (export, ["3"])


def test_a_link_that_the_user_named_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    assert read_article(tmp_path / "link.txt").text == "One."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("week #43.jsonl", r"Cannot index .*several articles: #a//b, #3 …; add one of these"),
        ("week #43.jsonl#2", r"Cannot index .*no such article in the file \(#2\)"),
        ("empty.jsonl", r"Cannot index .*not one article \(it holds none\)"),
        ("binary.txt", r"Cannot index .*binary content \(100 control characters\)"),
        ("photo.jpg", r"Cannot index .*format not supported"),
        ("folder", r"Cannot index .*not a regular file\. Give a file of articles\.$"),
        ("missing.txt", r"Cannot read .*missing\.txt: No such file or directory\. Give a file"),
    ],
)
def test_what_is_not_one_article_is_an_error_that_says_why(
    name: str, message: str, export: Path
) -> None:
    (export.parent / "folder").mkdir()
    (export.parent / "empty.jsonl").touch()
    (export.parent / "binary.txt").write_bytes(b"\x7fELF\0\0\0" * 100)
    (export.parent / "photo.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(CorpusError, match=message):
        read_article(export.parent / name)
