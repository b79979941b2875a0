"""What of a file is indexed? The same command for every format and number of articles."""

import json
from pathlib import Path

import pytest

import indexer.cli.main
from indexer.cleaning.cleaner import clean
from indexer.cli.clean import clean_file
from indexer.errors import CorpusError
from tests.contracts.test_loader_contract import GOOD
from tests.support.document_files import FIRST, SECOND
from tests.support.reading_helpers import read


@pytest.mark.parametrize("name", GOOD)
def test_every_format_gives_one_object_an_article_whose_regions_cover_its_text(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    assert indexer.cli.main.main(["clean", "--json", str(tmp_path / name)]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    articles = read(GOOD[name], name).articles
    assert [(each["article"], each["text"]) for each in printed] == [
        (f"{name}#{article.key}" if article.key else name, article.text) for article in articles
    ]
    for each in printed:
        bare = "".join(each["text"].split())
        covered = "".join(each["text"][r["start"] : r["end"]] for r in each["regions"])
        assert "".join(covered.split()) == bare
        assert any(region["kept"] for region in each["regions"])


@pytest.mark.parametrize("name", GOOD)
def test_every_format_is_printed_for_people_with_a_mark_for_each_region(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    assert indexer.cli.main.main(["clean", str(tmp_path / name)]) == 0
    articles = read(GOOD[name], name).articles
    told = capsys.readouterr().out
    assert told.count("+++ kept [") == sum(
        region.kept for article in articles for region in clean(article.text).regions
    )
    assert told.count(f"=== {name}#") == sum(bool(article.key) for article in articles)


@pytest.mark.parametrize("name", [name for name in GOOD if read(GOOD[name], name).articles[0].key])
def test_one_article_of_many_is_named_by_its_key(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    last = read(GOOD[name], name).articles[-1]
    (found,) = clean_file(tmp_path / f"{name}#{last.key}")
    assert (found.name, found.text) == (f"{name}#{last.key}", last.text)


def test_rows_that_are_no_article_are_told_of_and_the_others_cleaned(tmp_path: Path) -> None:
    rows = [{"text": FIRST}, {"title": "No text"}, {"text": "\0" * 9}, {"text": SECOND}]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    skipped: list[str] = []
    found = [article.text for article in clean_file(path, on_skip=skipped.append)]
    assert found == [FIRST, SECOND]
    assert [skip.partition(":")[0] for skip in skipped] == ["rows.jsonl#2", "rows.jsonl#3"]
    assert "row without text" in skipped[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"title": "No text"}', r"Cannot index .*: row without text"),
        ("", r"Cannot index "),
        ("{", r"Cannot index "),
    ],
)
def test_a_file_without_an_article_is_an_error_that_says_why(
    content: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        list(clean_file(path))
