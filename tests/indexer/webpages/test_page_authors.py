"""Names of authors are as the page writes them, and nobody else's."""

import json

import pytest

from indexer.webpages.page_authors import page_authors
from indexer.webpages.tree import parse_page
from tests.support.pages import BRIDGE


def authors(author: object, given: tuple[str, ...] = (), top: str = "") -> tuple[str, ...]:
    thing = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "author": author,
        "publisher": {"@type": "Organization", "name": "Example"},
    }
    script = f'<script type="application/ld+json">{json.dumps(thing)}</script>'
    page = f"<html><head>{script}</head><body>{top}<p>{BRIDGE}</p></body></html>"
    return page_authors(parse_page(page.encode()).root, given, None)


def person(name: object) -> dict[str, object]:
    return {"@type": "Person", "name": name}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (person("A. B. Roe"), ("A. B. Roe",)),
        ([person("Jo R.T. Doe"), person("Li «Mo» Roe")], ("Jo R.T. Doe", "Li «Mo» Roe")),
        (person("Áine d'Arcy-O’Neil"), ("Áine d'Arcy-O’Neil",)),
        (person("Zazie"), ("Zazie",)),
        (person("王小明"), ("王小明",)),
        (person(["Jane Doe", "John Roe"]), ("Jane Doe", "John Roe")),
        (person("By Jane Doe and John Roe"), ("Jane Doe", "John Roe")),
        (person("Sam Doe, Jr."), ("Sam Doe, Jr.",)),
        ("Jane Q. Doe", ("Jane Q. Doe",)),
        ({"@type": "Person", "givenName": "Jane", "familyName": "Doe"}, ("Jane Doe",)),
    ],
)
def test_a_declared_name_keeps_its_signs(author: object, names: tuple[str, ...]) -> None:
    assert authors(author) == names


@pytest.mark.parametrize(
    "author",
    [
        *(person(name) for name in ("admin", "Example", "Example Staff", "AFP", "@jane", "", 7)),
        person("https://example.org/jane"),
        {"@type": "Organization", "name": "Harbour Watch"},
        "Reuters",
        None,
        [],
        [[person("Jane Doe")]],
    ],
)
def test_a_site_an_agency_or_an_account_is_no_author(author: object) -> None:
    assert authors(author) == ()


def test_a_reference_is_followed_to_the_person() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "author": {"@id": "#jane"}},
            {"@type": "Person", "@id": "#jane", "name": "Jane Q. Doe"},
        ]
    }
    page = f'<script type="application/ld+json">{json.dumps(graph)}</script><p>{BRIDGE}</p>'
    root = parse_page(f"<html><body>{page}</body></html>".encode()).root
    assert page_authors(root, ("Jane Q Doe",), None) == ("Jane Q. Doe",)


def test_a_name_found_in_the_markup_gets_its_signs_back() -> None:
    top = '<p class="byline">By J.R. Roe and Ann “Nan” Other</p>'
    found = authors(None, ("J R Roe", "Ann Other"), top)
    assert found == ("J.R. Roe", "Ann “Nan” Other")
    assert authors(None, ("Jane Doe",), top) == ("Jane Doe",)


def test_a_name_is_not_listed_in_two_forms() -> None:
    assert authors(person('Ann "Nan" Other'), ("Ann Other", "Jo Doe")) == (
        'Ann "Nan" Other',
        "Jo Doe",
    )
