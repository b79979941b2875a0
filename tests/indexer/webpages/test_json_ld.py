"""JSON-LD is read in its wrappings, and the article is told from what it mentions."""

import json
from time import process_time

import pytest

from indexer.webpages.json_ld import is_article, json_ld
from indexer.webpages.tree import parse_page

PLAIN = '{"@type": "NewsArticle", "headline": "Ferry, delayed ,] //x", "tags": ["a", "b"]}'
THING = json.loads(PLAIN)


def things(script: str, kind: str = "application/ld+json") -> list[dict[str, object]]:
    page = f'<html><head><script type="{kind}">{script}</script></head><p>Text.</p></html>'
    return list(json_ld(parse_page(page.encode()).root))


@pytest.mark.parametrize(
    "script",
    [
        PLAIN,
        f"\n<![CDATA[\n{PLAIN}\n]]>\n",
        f"<![CDATA[{PLAIN}]]>",
        f"//<![CDATA[\n{PLAIN}\n//]]>",
        f"// <![CDATA[ {PLAIN} // ]]>",
        f"/*<![CDATA[*/{PLAIN}/*]]>*/",
        f"/* <![CDATA[ */ {PLAIN} /* ]]> */",
        f"<!-- {PLAIN} -->",
        f"<!--\n{PLAIN}\n//-->",
        f"/* for search engines */ {PLAIN};",
        f"// for search engines\n{PLAIN}",
        PLAIN.replace('"b"]', '"b",]'),
        PLAIN.replace('"b"]}', '"b", , ],\n }'),
        PLAIN.replace('"a",', ', "a",,'),
        PLAIN.replace("{", "{,", 1) + ",",
    ],
)
def test_wrappings_comments_and_commas_too_many_are_passed_over(script: str) -> None:
    assert things(script) == [THING]


def test_a_list_that_ends_where_its_section_ends_keeps_its_brackets() -> None:
    assert things(f"<![CDATA[[[{PLAIN}]]]]>") == [THING]


def test_the_type_may_have_a_character_set() -> None:
    assert things(PLAIN, "application/ld+json; charset=utf-8") == [THING]
    assert things(PLAIN, "text/javascript") == []


@pytest.mark.parametrize("script", ["", "{", '{"a" 1}', '{"a": "b', "[" * 5000, "]]>", ",,,"])
def test_what_is_broken_otherwise_is_nothing(script: str) -> None:
    assert things(script) == []


@pytest.mark.parametrize(
    "key", ["liveBlogUpdate", "itemListElement", "comment", "mentions", "citation", "hasPart"]
)
def test_what_is_published_on_its_own_is_not_of_this_page(key: str) -> None:
    inner = '{"@type": "NewsArticle", "datePublished": "2020-01-02"}'
    found = things(f'{{"@type": "WebPage", "{key}": [{inner}], "mainEntity": {PLAIN}}}')
    assert [each["@type"] for each in found] == ["WebPage", "NewsArticle"]
    assert found[1] == THING


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("NewsArticle", True),
        (["Thing", "LiveBlogPosting"], True),
        ("BlogPosting", True),
        ("JobPosting", False),
        ("WebPage", False),
        (None, False),
    ],
)
def test_an_article_is_told_by_its_type(kind: object, expected: bool) -> None:
    assert is_article({"@type": kind}) is expected


@pytest.mark.parametrize("part", ["/*", '"\\', ", ", "<!--", '\\"', "// "])
def test_the_time_grows_with_the_length(part: str) -> None:
    start = process_time()
    assert things("{" + part * 200_000) == []
    assert process_time() - start < 5
