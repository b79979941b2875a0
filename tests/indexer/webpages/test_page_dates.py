from datetime import date

import pytest

from indexer.documents import Finding
from indexer.errors import PageError
from indexer.webpages.page_dates import CONFIRMED, DECLARED, LABELLED, PageDates, find_page_dates
from tests.support.pages import BRIDGE, DETOUR, MAYOR

TODAY = date(2024, 6, 1)
JSON = '<script type="application/ld+json">%s</script>'
PUBLISHED_META = '<meta property="article:published_time" content="%s">'


def page(head: str = "", top: str = "", bottom: str = "") -> bytes:
    story = f"<p>{BRIDGE}</p><p>{DETOUR}</p><p>{MAYOR}</p>"
    body = f"<article><h1>Old bridge closes for repairs</h1>{top}{story}{bottom}</article>"
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def found(content: bytes, url: str | None = None) -> PageDates:
    return find_page_dates(content, url, TODAY)


def published(content: bytes, url: str | None = None) -> Finding | None:
    return found(content, url).published


def test_a_declared_date_is_read_with_its_time_and_zone() -> None:
    content = page(PUBLISHED_META % "2023-05-04T07:30:00+02:00")
    expected = Finding("2023-05-04T07:30+02:00", "meta article:published_time", confidence=DECLARED)
    assert published(content) == expected


@pytest.mark.parametrize("clock", ["T00:00:00.000Z", "T00:00:00+02:00", " 00:00", "T00:00:00"])
def test_midnight_is_a_day_without_a_time(clock: str) -> None:
    top = f'<time datetime="2023-05-04{clock}" itemprop="datePublished">May 4</time>'
    for content in (page(PUBLISHED_META % f"2023-05-04{clock}"), page(top=top)):
        date_ = published(content)
        assert date_ is not None
        assert date_.value == "2023-05-04"


@pytest.mark.parametrize(
    ("declared", "line"),
    [("1402-02-14", "۱۴۰۲/۰۲/۱۴"), ("1444-10-13", "١٣ شوال ١٤٤٤"), ("2566-05-04", "4 พ.ค. 2566")],
)
def test_a_year_of_another_calendar_is_not_taken_for_one_of_ours(declared: str, line: str) -> None:
    assert found(page(PUBLISHED_META % declared, f'<p class="date">{line}</p>')) == PageDates()


def test_an_address_of_the_same_day_makes_a_declared_date_surer() -> None:
    date_ = published(page(PUBLISHED_META % "2023-05-04"), "https://example.org/2023/05/04/bridge")
    assert date_ is not None
    assert (date_.value, date_.found_in, date_.confidence) == (
        "2023-05-04", "meta article:published_time", CONFIRMED,
    )  # fmt: skip


def test_an_address_keeps_the_first_day_when_a_later_one_is_declared() -> None:
    date_ = published(page(PUBLISHED_META % "2023-09-09"), "https://example.org/2023/05/04/bridge")
    assert date_ is not None
    assert (date_.value, date_.found_in) == ("2023-05-04", "URL")


def test_a_label_mends_the_day_of_a_date_declared_in_utc() -> None:
    content = page(PUBLISHED_META % "2023-05-05T03:10:00Z", "<p>Published: May 4, 2023</p>")
    date_ = published(content)
    assert date_ is not None
    assert (date_.value, date_.found_in) == ("2023-05-04", "published line")


def test_json_is_read_for_the_article_and_not_for_its_comments_and_videos() -> None:
    data = (
        '{"@graph": [{"@type": "WebSite", "comment": [{"datePublished": "2023-06-01"}],'
        ' "video": {"datePublished": "2020-01-01"}},'
        ' {"@type": "NewsArticle", "datePublished": "2023-05-04", "dateModified": "2023-05-06"}]}'
    )
    dates = found(page(JSON % data))
    assert dates.published == Finding("2023-05-04", "JSON-LD datePublished", confidence=DECLARED)
    assert dates.modified == Finding("2023-05-06", "JSON-LD dateModified", confidence=DECLARED)


@pytest.mark.parametrize(
    "data",
    ['{"datePublished": ', '{"a":' * 5000, "[" * 5000, '{"datePublished": ["2023-05-04"]}', "7"],
)
def test_broken_json_is_passed_over(data: str) -> None:
    assert published(page(JSON % data)) is None


def test_microdata_is_read() -> None:
    top = '<span itemprop="datePublished" content="2023-05-04T18:00">yesterday</span>'
    date_ = published(page(top=top))
    assert date_ is not None
    assert (date_.value, date_.found_in) == ("2023-05-04T18:00", "itemprop datePublished")


def test_a_labelled_line_is_found_anywhere_on_the_page() -> None:
    date_ = published(page(bottom="<p>Published on May 4, 2023</p>"))
    assert date_ == Finding("2023-05-04", "published line", confidence=LABELLED)


def test_a_date_under_the_headline_is_found_without_a_label() -> None:
    date_ = published(page(top='<div class="dateline">4 May 2023</div>'))
    assert date_ is not None
    assert (date_.value, date_.confidence) == ("2023-05-04", 0.95)


def test_a_date_of_a_change_is_not_the_day_of_publication() -> None:
    dates = found(page(bottom="<p>This page was last edited on 4 May 2023.</p>"))
    assert dates.published is None
    assert dates.modified == Finding("2023-05-04", "updated line", confidence=0.95)


def test_a_change_before_publication_is_not_believed() -> None:
    head = PUBLISHED_META % "2023-05-04"
    head += '<meta property="article:modified_time" content="2023-05-01">'
    assert found(page(head)).modified is None


def test_the_day_of_another_story_far_from_the_headline_is_not_taken() -> None:
    teasers = "<p>1 March 2023: Ferry sinks</p><p>9 April 2023: Ferry raised</p>"
    assert published(page(bottom=f"<p>{MAYOR * 5}</p>{teasers}")) is None


def test_a_year_alone_is_not_completed_to_a_day() -> None:
    assert published(page(bottom="<footer>© 2023 The Example</footer>")) is None


@pytest.mark.parametrize("declared", ["2024-06-02", "2999-01-01", "2024-06-01T23:59:00-99:00"])
def test_a_date_in_the_future_is_never_accepted(declared: str) -> None:
    dates = find_page_dates(
        page(PUBLISHED_META % declared + f'<meta name="lastmod" content="{declared}">'),
        "https://example.org/2024/06/02/bridge",
        date(2024, 5, 31),
    )
    assert dates == PageDates()
    text = page(top='<p class="date">2 June 2024</p>', bottom="<p>Published: 2 June 2024</p>")
    assert published(text) is None


def test_the_next_evidence_serves_when_the_first_is_in_the_future() -> None:
    date_ = published(page(PUBLISHED_META % "2025-01-01"), "https://example.org/2023-05-04-bridge")
    assert date_ is not None
    assert (date_.value, date_.found_in) == ("2023-05-04", "URL")


def test_a_page_made_of_dates_is_answered_in_seconds() -> None:
    lines = "".join(f"<p>{i % 28 + 1} quibbles 20{i % 23:02d}</p>" for i in range(3000))
    assert published(page(bottom=lines)) is None


def test_bytes_that_are_no_page_are_said_to_be_none() -> None:
    with pytest.raises(PageError, match=r"^no web page: 12 bytes without the markup of one"):
        find_page_dates(b"5 March 2021", None, TODAY)
