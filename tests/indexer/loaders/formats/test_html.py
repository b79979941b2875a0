"""A saved web page is one article; without the library it is counted, never guessed at."""

import random

import pytest

from indexer.loaders.optional import missing
from tests.indexer.loaders.test_optional import without
from tests.support.page_material import PAGE, PAGE_SENTENCE, PAGE_TITLE
from tests.support.reading_helpers import read, values

URL = "https://planet.example/ferry"
MHTML = (
    f"From: <Saved by a browser>\r\nSnapshot-Content-Location: {URL}\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="cut"\r\n\r\n'
    f"--cut\r\nContent-Type: text/html\r\nContent-Location: {URL}\r\n\r\n"
).encode() + (PAGE + b"\r\n--cut\r\nContent-Type: image/png\r\n\r\nx\r\n--cut--\r\n")


@pytest.mark.parametrize(
    ("name", "content"), [("x.html", PAGE), ("x.HTM", PAGE), ("x.mhtml", MHTML)]
)
def test_the_article_of_a_page_is_read_with_its_title_on_top(name: str, content: bytes) -> None:
    article = read(content, name).only
    assert article.text.startswith(f"{PAGE_TITLE}\n\n{PAGE_SENTENCE}")
    assert "Weather" not in article.text
    found = values(article.given)
    assert found.pop("url", URL) == URL
    assert found == {
        "title": PAGE_TITLE,
        "source": "The Daily Planet",
        "published": "2023-10-26",
        "language": "en",
    }


@pytest.mark.parametrize("content", [b"\0\1\2\3", b"<html><body></body></html>"])
def test_a_page_without_an_article_is_a_skip(content: bytes) -> None:
    assert read(content, "x.html").why[0] == "no text in it"


def test_an_empty_page_and_an_archive_without_a_page_are_skips() -> None:
    assert read(b" \n", "x.html").why == ("empty file", "")
    assert read(b"", "x.mhtml").why == ("empty file", "")
    picture = b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx"
    assert read(picture, "x.mht").why == ("no text in it", "it holds no web page")


@pytest.mark.parametrize(("name", "content"), [("x.html", PAGE), ("x.mhtml", MHTML)])
def test_any_damage_to_a_page_is_an_article_or_a_skip_and_never_a_crash(
    name: str, content: bytes
) -> None:
    chance = random.Random(5)  # noqa: S311 - not for secrets
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(3)] = chance.choice(
                [b"&#17;", b"\x11", b"<!--", b"<script>", b"<table><tr>", b"]]>", b"\xff", b"=A"]
            )
        assert len(read(bytes(damaged), name).articles) <= 1


def test_without_the_library_that_reads_pages_each_page_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without("trafilatura", monkeypatch)
    for name, content in (("x.html", PAGE), ("x.mhtml", MHTML)):
        assert read(content, name).why == (missing("trafilatura"), "")
