"""An address names the outlet that published an article, unless anyone publishes there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.urls import url_date, url_outlet


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.example.com/2021/03/05/bridge", "example.com"),
        ("http://edition.example.co.uk:8080/world?id=1#top", "example.co.uk"),
        ("https://user:secret@news.example.org/", "example.org"),
        ("https://WWW.Example.COM/", "example.com"),
        ("https://www.gov.uk/news", "gov.uk"),
        ("https://münchen.example.de/", "example.de"),
        ("https://the-bridge.blogspot.com/2021/03/", "the-bridge.blogspot.com"),
        ("https://the-bridge.substack.com/p/1", "the-bridge.substack.com"),
        ("https://web.archive.org/web/20210305101112/http://example.org/a", "example.org"),
    ],
)
def test_the_registered_domain_is_the_outlet(url: str, outlet: str) -> None:
    assert url_outlet(url) == outlet


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/bridge/posts/1",
        "https://news.google.com/articles/1",
        "https://medium.com/@jane/bridge",
        "https://web.archive.org/about",
        "http://localhost:8000/a",
        "http://192.168.0.1/a",
        "http://[::1]/a",
        "http://[::1/a",
        "https://news.invalid-top-level/a",
        "https://com/",
        "https://exa mple.com/",
        "https://ex%20ample.com/",
        "file:///home/jane/a.html",
        "bridge.html",
        "",
    ],
)
def test_no_outlet_is_guessed_where_an_address_names_none(url: str) -> None:
    assert url_outlet(url) is None


@given(st.text() | st.text().map("https://{}/".format))
def test_no_address_raises(url: str) -> None:
    outlet = url_outlet(url)
    assert outlet is None or "." in outlet


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/2023/05/04/bridge", date(2023, 5, 4)),
        ("https://example.org/2023/may/04/bridge", date(2023, 5, 4)),
        ("https://example.org/news/20230504-bridge.html", date(2023, 5, 4)),
        ("https://example.org/news/24-05-2023", date(2023, 5, 24)),
        (
            "https://archive.example/web/20220101120000/http://example.org/2023/05/04/",
            date(2023, 5, 4),
        ),
        ("https://archive.example/web/20220101120000/http://example.org/bridge", None),
        ("https://example.org/news/04-05-2023", None),
        ("https://example.org/2023/02/30/", None),
        ("https://example.org/item/120230504", None),
        ("", None),
    ],
)
def test_a_day_in_an_address(url: str, day: date | None) -> None:
    assert url_date(url) == day
