"""A saved web page is one article; without a reader of pages it is counted, never guessed at."""

import importlib.util
from importlib.machinery import ModuleSpec

import pytest

from indexer.loaders import page
from tests.indexer.loaders.page_material import PAGE, PAGE_SENTENCE, PAGE_TITLE, needs_pages
from tests.indexer.loaders.reading_helpers import read, values

URL = "https://planet.example/ferry"
MHTML = (
    f"From: <Saved by a browser>\r\nSnapshot-Content-Location: {URL}\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="cut"\r\n\r\n'
    f"--cut\r\nContent-Type: text/html\r\nContent-Location: {URL}\r\n\r\n"
).encode() + (PAGE + b"\r\n--cut\r\nContent-Type: image/png\r\n\r\nx\r\n--cut--\r\n")


@needs_pages
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


@needs_pages
@pytest.mark.parametrize("content", [b"\0\1\2\3", b"<html><body></body></html>"])
def test_a_page_without_an_article_is_a_skip(content: bytes) -> None:
    assert read(content, "x.html").why[0] == "no text in it"


def test_an_empty_page_and_an_archive_without_a_page_are_skips() -> None:
    assert read(b" \n", "x.html").why == ("empty file", "")
    assert read(b"", "x.mhtml").why == ("empty file", "")
    picture = b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx"
    assert read(picture, "x.mht").why == ("no text in it", "it holds no web page")


def test_without_a_reader_of_pages_each_page_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> ModuleSpec | None:
        return None if name == "indexer.web_page" else importlib.util.find_spec(name)

    monkeypatch.setattr(page, "find_spec", found)
    for name, content in (("x.html", PAGE), ("x.mhtml", MHTML)):
        assert read(content, name).why == ("web page, which this version does not read", "")
