"""JSON in any arrangement, and JSON Lines whose invalid lines are skipped."""

import codecs
import json
import time

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


SHAPES: dict[str, object] = {
    "list two objects deeper": {"answer": {"page": {"results": [ONE, TWO]}}},
    "list under an unknown name": {"total": 2, "dispatches": [ONE, TWO]},
    "search engine": {"hits": {"hits": [{"_id": row["id"], "_source": row} for row in (ONE, TWO)]}},
    "graph": {"data": {"feed": {"edges": [{"node": ONE}, {"node": TWO}]}}},
    "content system": [
        {
            "id": row["id"],
            "title": {"rendered": row["headline"]},
            "content": {"rendered": f"<p>{row['body']}</p>", "protected": False},
            "date": "2023-10-26",
        }
        for row in (ONE, TWO)
    ],
    "fields beside the address": {
        "response": {
            "results": [
                {
                    "id": row["id"],
                    "webTitle": row["headline"],
                    "webPublicationDate": "2023-10-26",
                    "fields": {"bodyText": row["body"]},
                }
                for row in (ONE, TWO)
            ]
        }
    },
    "leads only": {
        "docs": [
            {
                "_id": {"$oid": row["id"]},
                "headline": {"main": row["headline"], "kicker": None},
                "lead_paragraph": row["body"],
                "pub_date": {"$date": {"$numberLong": "1698278400000"}},
            }
            for row in (ONE, TWO)
        ]
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_answers_of_news_apis_and_exports_of_databases_are_read(shape: object) -> None:
    found = read(json.dumps(shape).encode(), "x.json", seekable=False)
    assert found.texts == {"a": "Ferry sinks\n\nIt sank.", "b": "Port shut\n\nIt was shut."}
    assert values(found.articles[0].given) == {"title": "Ferry sinks", "published": "2023-10-26"}


def test_a_json_feed_says_who_published_its_items() -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "title": "Planet", "language": "en-GB"}
    item = {"id": "7", "content_html": "<p>It sank.</p>", "authors": [{"name": "Ann Other"}]}
    article = read(json.dumps(feed | {"items": [item]}).encode(), "x.json").only
    assert (article.key, article.text) == ("7", "It sank.")
    assert values(article.given) == {"source": "Planet", "language": "en", "authors": ["Ann Other"]}


def test_related_articles_above_the_body_of_an_article_are_not_articles() -> None:
    other = {"title": "Other", "text": "Another story."}
    row = {"headline": "Ferry sinks", "related": [other], "more": {"items": [other]}, "tags": []}
    article = read(json.dumps(row | {"body": "It sank."}).encode(), "x.json").only
    assert article.text == "Ferry sinks\n\nIt sank."


def test_a_description_without_a_title_is_no_article() -> None:
    assert read(b'{"name": "tool", "description": "Of use."}', "x.json").reasons == {
        "1": "row without text"
    }


def test_one_object_is_one_article_even_with_a_list_of_objects_in_it() -> None:
    row = ONE | {"items": [{"body": "No article."}]}
    assert read(json.dumps(row).encode(), "x.json").texts == {"a": "Ferry sinks\n\nIt sank."}
    tagged = {"tags": [{"name": "sea"}], "hits": [1, 2], "text": "It sank."}
    assert read(json.dumps(tagged).encode(), "x.json").texts == {"1": "It sank."}


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


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def test_what_is_no_article_is_counted_with_what_was_found_and_the_rest_is_read() -> None:
    content = b"".join(
        (
            lines({"id": 50}, {"text": " \n"}, {"text": 7}, [1], "words"),
            b"\n",
            b'{"text": "cut of',
            b"\n",
            b"[" * 100_000,
            b"\n",
            lines({"text": "Whole."}),
        )
    )
    found = read(content, "x.jsonl")
    assert found.texts == {"9": "Whole."}
    assert found.reasons == {
        "50": "row without text",
        "2": "row without text",
        "3": "row without text",
        "4": "row that is no object",
        "5": "row that is no object",
        "7": "line that is no JSON",
        "8": "line that is no JSON",
    }
    assert [skip.detail for skip in found.skips if skip.key in {"50", "5"}] == ["it has id", "str"]
    assert found.stopped is None


def test_each_line_is_decoded_by_itself_unless_a_mark_decides() -> None:
    row = {"text": "Café."}
    utf8 = json.dumps(row, ensure_ascii=False).encode()
    latin = json.dumps(row, ensure_ascii=False).encode("windows-1252")
    neither = b'{"text": "Caf\xe9 \x81."}'
    found = read(b"\n".join((codecs.BOM_UTF8 + utf8, latin, neither)), "x.jsonl")
    assert [(article.text, article.encoding) for article in found.articles] == [
        ("Café.", "utf-8"),
        ("Café.", "windows-1252"),
        ("Café \ufffd.", "windows-1252"),
    ]
    wide = read("\n".join(json.dumps(row) for _ in "12").encode("utf-16"), "x.jsonl")
    assert [(a.key, a.text, a.encoding) for a in wide.articles] == [
        ("1", "Café.", "utf-16"),
        ("2", "Café.", "utf-16"),
    ]
    assert read(codecs.BOM_UTF16_LE + b"a", "x.jsonl").why == (
        "damaged file",
        "its bytes are not utf-16",
    )


def test_an_endless_line_stops_the_file_and_keeps_what_was_before() -> None:
    found = read(lines({"text": "One."}) + b"x" * 5000, "x.jsonl", max_bytes=1000)
    assert found.texts == {"1": "One."}
    assert found.why == ("larger than the limit", "a line of more than 1,000 bytes")


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(row, indent=1) for row in (ONE, TWO)),
        "\n".join(json.dumps(row, indent="\t") + "," for row in (ONE, TWO))[:-1].replace("},", "}"),
        json.dumps([ONE, TWO], indent=2),
        f"[\n{json.dumps(ONE)},\n{json.dumps(TWO)}\n]\n",
        f"\x1e{json.dumps(ONE)}\n\x1e{json.dumps(TWO)}\n",
    ],
)
def test_lines_files_whose_values_span_lines_are_read_too(content: str) -> None:
    found = read(content.encode(), "x.jsonl", seekable=False)
    assert found.texts == {"a": "Ferry sinks\n\nIt sank.", "b": "Port shut\n\nIt was shut."}
    assert (found.skips, found.stopped) == ([], None)


def test_an_object_of_many_names_takes_time_in_proportion() -> None:
    def seconds(names: int) -> float:
        content = json.dumps({f"k{number}": [] for number in range(names)}).encode()
        begun = time.process_time()
        assert read(content, "x.json", max_bytes=10_000_000).articles == []
        return time.process_time() - begun

    seconds(1000)
    assert seconds(32_000) < 4 * 2.6 * seconds(8_000)
