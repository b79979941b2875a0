"""Lists of outlets as people write them, and the line of what is wrong."""

from pathlib import Path

import pytest

from indexer.errors import CorpusError
from indexer.metadata.sources_list import parse_sources, read_sources
from indexer.metadata.told import BY_LIST, Rule

HERALD = Rule("herald/**", "source", "The Herald", BY_LIST)


@pytest.mark.parametrize(
    "text",
    [
        "pattern,outlet\nherald/**,The Herald\n",
        "Path pattern;Outlet\r\nherald/**;The Herald\r\n",
        "herald/**,The Herald",
        '\ufeff# outlets\n\n"herald/**"\t" The  Herald "\n',
    ],
)
def test_a_list_is_read_however_it_is_written(text: str) -> None:
    assert parse_sources(text.encode(), "sources.csv") == (HERALD,)


def test_further_columns_tell_language_and_author_and_may_be_empty() -> None:
    text = "outlet,path,language,author\nThe Herald,herald/**,de,\n,kyiv/**,Ukrainian,Ivan Kozak\n"
    assert parse_sources(text.encode(), "s") == (
        HERALD,
        Rule("herald/**", "language", "de", BY_LIST),
        Rule("kyiv/**", "language", "Ukrainian", BY_LIST),
        Rule("kyiv/**", "author", "Ivan Kozak", BY_LIST),
    )


def test_a_list_in_a_legacy_encoding_is_read() -> None:
    content = "vesti/**,Вестник Порта\n".encode("cp1251")
    assert parse_sources(content, "s")[0].value == "Вестник Порта"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pattern,outlet\na/**,A\n\nb/**\n", r"my\.csv, line 4: 1 fields instead of 2"),
        ("a/**,A\nb/**,B,C\n", "line 2: 3 fields instead of 2"),
        ("pattern,outlet\na/**,\n", "line 2: nothing is told about 'a/\\*\\*'"),
        ("pattern,outlet\n,A\n", "line 2: '' is no pattern"),
        ("pattern,outlet,lang\n", "line 1: unknown column 'lang'"),
        ("pattern\na/**\n", "line 1: there is no column beside that of the patterns"),
        ("pattern,language\na/**,Elvish\n", "line 2: unknown language 'Elvish'"),
        ('a/**,"A\nb/**,B\n', "unexpected end of data"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse_sources(text.encode(), "my.csv")


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"Cannot read .*none\.csv: No such file"):
        read_sources(tmp_path / "none.csv")
