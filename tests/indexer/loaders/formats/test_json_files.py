"""A list of objects, an object that holds one, one object, or objects that follow each other."""

import json

import pytest

from tests.support.reading_helpers import read, values

ONE = {"id": "a", "headline": "Ferry sinks", "body": "It sank.", "published_at": "2023-10-26"}
TWO = {"id": "b", "headline": "Port shut", "body": "It was shut.", "score": 1.5}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ONE, TWO]),
        json.dumps({"status": "ok", "total": {"n": 2}, "articles": [ONE, TWO], "next": None}),
        json.dumps({"Items": [ONE, TWO]}),
        f" \n{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
        "\ufeff" + json.dumps([ONE, TWO], indent=2),
        json.dumps({"meta": "x" * 40_000, "articles": [ONE, TWO]}),
    ],
)
def test_the_rows_are_found_wherever_the_list_stands(content: str) -> None:
    found = read(content.encode(), "x.json", seekable=False)
    assert found.texts == {"a": "Ferry sinks\n\nIt sank.", "b": "Port shut\n\nIt was shut."}
    assert values(found.articles[0].given) == {"title": "Ferry sinks", "published": "2023-10-26"}
    assert (found.skips, found.stopped) == ([], None)


def test_one_object_is_one_article_even_with_a_list_of_objects_in_it() -> None:
    row = ONE | {"items": [{"body": "No article."}]}
    assert read(json.dumps(row).encode(), "x.json").texts == {"a": "Ferry sinks\n\nIt sank."}
    tagged = {"tags": [{"name": "sea"}], "hits": [1, 2], "text": "It sank."}
    assert read(json.dumps(tagged).encode(), "x.json").texts == {"1": "It sank."}


def test_a_name_of_an_outlet_in_an_object_is_its_name() -> None:
    row = {"text": "It sank.", "source": {"id": None, "name": "The Daily Planet"}}
    assert values(read(json.dumps([row]).encode(), "x.json").only.given) == {
        "source": "The Daily Planet"
    }


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (b"", "no JSON", "premature EOF"),
        (b"[]", "no JSON", "it holds no list of objects"),
        (b"hello", "no JSON", "lexical error"),
        (b"<html></html>", "no JSON", "lexical error"),
        (b"\xff\xfe[\x00]\x00", "no JSON", "lexical error"),
        (b'{"articles": [{"te', "no JSON", "parse error"),
    ],
)
def test_what_is_no_json_says_what_was_found(content: bytes, reason: str, detail: str) -> None:
    found = read(content, "x.json")
    assert found.articles == []
    assert found.why[0] == reason
    assert detail in found.why[1]


def test_a_list_that_is_cut_off_keeps_the_rows_before_the_cut() -> None:
    content = json.dumps([ONE, TWO]).encode()[:-20]
    found = read(content, "x.json")
    assert list(found.texts) == ["a"]
    assert found.why[0] == "damaged file"


def test_values_of_the_wrong_type_are_counted() -> None:
    found = read(b'["a", 1, null, {"text": {"a": 1}}, {"text": 5}, {"text": "Yes."}]', "x.json")
    assert found.texts == {"6": "Yes."}
    assert list(found.reasons.values()) == ["row that is no object"] * 3 + ["row without text"] * 2


def test_lists_within_lists_without_end_are_no_crash() -> None:
    for brackets in (b"[" * 2_000_000, b'{"a":' * 400_000, b'[{"text": ' + b"[" * 2_000_000):
        found = read(brackets, "x.json", max_bytes=10_000_000)
        assert found.articles == []
        assert found.why == ("no JSON", "nested more than 100 times")
