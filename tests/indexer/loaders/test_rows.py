"""A row of any format becomes an article with a title on top, under its own id or number."""

import json

import pytest

from tests.indexer.loaders.formats.test_json_files import lines
from tests.support.reading_helpers import read, values

FERRY = {
    "id": "n7",
    "title": "Ferry  sinks\n off Northport",
    "text": "The ferry sank on Monday.\n\nNobody was hurt.",
    "date": "2023-10-26",
    "source": "planet.example",
    "url": "https://planet.example/ferry",
    "authors": ["Ann Other", {"name": "Bo Writer"}, 7],
    "updated": "2023-10-27T08:00:00Z",
    "lang": "en-GB",
}


def test_a_row_becomes_an_article_with_its_title_on_top_and_what_the_columns_say() -> None:
    article = read(lines(FERRY), "x.jsonl").only
    assert article.key == "n7"
    assert article.text == (
        "Ferry sinks off Northport\n\nThe ferry sank on Monday.\n\nNobody was hurt."
    )
    assert values(article.given) == {
        "title": "Ferry sinks off Northport",
        "source": "planet.example",
        "published": "2023-10-26",
        "url": "https://planet.example/ferry",
        "modified": "2023-10-27T08:00:00+00:00",
        "language": "en",
        "authors": ["Ann Other", "Bo Writer"],
    }
    title = article.given.title
    assert title is not None
    assert (title.found_in, title.start, title.end) == ("column title", 0, 25)


def test_a_title_that_the_text_begins_with_is_not_put_there_twice() -> None:
    row = {"headline": "Ferry sinks", "body": "Ferry\nsinks\n\nIt sank on Monday."}
    article = read(lines(row), "x.ndjson").only
    assert article.text == "Ferry\nsinks\n\nIt sank on Monday."
    title = article.given.title
    assert title is not None
    assert (title.value, title.start, title.end) == ("Ferry sinks", 0, 11)
    longer = read(lines({"title": "Ferry", "text": " \nFerry sinks.\nIt sank."}), "x.jsonl").only
    assert longer.text == "Ferry\n\n \nFerry sinks.\nIt sank."


def test_columns_are_found_by_convention_or_as_the_user_names_them() -> None:
    row = {"Story_Text": "One.", "Publication Date": "3 March 2021", "kop": "T", "auteur": "Ann"}
    assert values(read(lines(row), "x.jsonl").only.given) == {"published": "2021-03-03"}
    found = read(lines(row), "x.jsonl", columns="title=kop,authors=auteur").only
    assert found.text == "T\n\nOne."
    assert values(found.given)["authors"] == ["Ann"]
    swapped = read(lines({"a": "No.", "text": "Yes."}), "x.jsonl", columns="text=a").only
    assert swapped.text == "No."


def test_paragraphs_in_a_list_and_html_become_text() -> None:
    listed = read(lines({"text": ["One.", None, "Two."]}), "x.jsonl").only
    assert listed.text == "One.\n\nTwo."
    html = {"content_html": "<p>One &amp; two.</p><script>x()</script><p>Three<br>four.</p>"}
    assert read(lines(html), "x.jsonl").only.text == "One & two.\n\nThree\nfour."
    assert read(lines({"text": "a < b </p> c"}), "x.jsonl").only.text == "a < b </p> c"
    blocks = [{"type": "p", "text": "One."}, {"type": "image"}, {"data": {"text": "Two."}}]
    assert read(lines({"text": blocks}), "x.jsonl").only.text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("&lt;p&gt;A &amp;amp; B&lt;/p&gt;&lt;p&gt;C.&lt;/p&gt;", "A & B\n\nC."),
        ("&amp;lt;div&amp;gt;It sank.&amp;lt;/div&amp;gt;", "It sank."),
        ("Mayor&#8217;s offer &amp; more &hellip;", "Mayor’s offer & more …"),
        ("see x?a=1&copy=2 & AT&T; 1 &lt 2", "see x?a=1&copy=2 & AT&T; 1 &lt 2"),
    ],
)
def test_text_that_was_escaped_is_read_as_it_was_written(written: str, text: str) -> None:
    assert read(lines({"text": written}), "x.jsonl").only.text == text
    titled = read(lines({"title": written.partition(";/p")[0], "text": "It."}), "x.jsonl").only
    assert "&amp;" not in titled.text


def test_an_empty_column_gives_way_to_the_next_one() -> None:
    row = {"content": None, "title": "Ferry sinks", "body": "", "description": "It sank."}
    assert read(lines(row), "x.jsonl").only.text == "Ferry sinks\n\nIt sank."


def test_lists_within_lists_are_no_text_and_no_crash() -> None:
    content = b'{"text": ' + b"[" * 400 + b'"a"' + b"]" * 400 + b"}\n"
    assert read(content, "x.jsonl").reasons == {"1": "row without text"}


def test_ids_that_are_no_short_text_give_way_to_the_number_of_the_row() -> None:
    bad: tuple[object, ...] = ({}, True, "", "x" * 501, None, 1.5)
    rows = [{"id": value, "text": "A."} for value in bad]
    assert list(read(lines(*rows), "x.jsonl").texts) == ["1", "2", "3", "4", "5", "6"]


def test_a_name_of_an_outlet_in_an_object_is_its_name() -> None:
    row = {"text": "It sank.", "source": {"id": None, "name": "The Daily Planet"}}
    assert values(read(json.dumps([row]).encode(), "x.json").only.given) == {
        "source": "The Daily Planet"
    }
