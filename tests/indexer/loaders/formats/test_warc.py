"""Each page of a web archive is an article; what is no page is counted or passed over."""

import gzip
import io
import random

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.support.page_material import PAGE, PAGE_TITLE
from tests.support.reading_helpers import read, values

PLAIN = "The ferry sank on Monday. Nobody was hurt."


def archive(*records: tuple[str, str, str, bytes], packed: bool = True) -> bytes:
    """Return a WARC of records: type, address, status and content type (`200 text/html`), bytes."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    for kind, url, said, content in records:
        status, _, content_type = said.partition(" ")
        http = None
        if kind == "response":
            lines = [("Content-Type", content_type)]
            http = StatusAndHeaders(f"{status} OK", lines, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type="" if http else content_type,
            http_headers=http,
        )
        writer.write_record(record)
    return stream.getvalue()


WET = (
    ("conversion", "https://planet.example/a", "200 text/plain", PLAIN.encode()),
    ("conversion", "https://planet.example/b", "200 text/plain", b"Two ships waited."),
)


@pytest.mark.parametrize(
    ("name", "packed"), [("x.warc.gz", True), ("x.WARC", False), ("x.warc.wet.gz", True)]
)
def test_plain_text_is_an_article_under_its_address(name: str, packed: bool) -> None:
    found = read(archive(*WET, packed=packed), name, seekable=False)
    assert found.texts == {
        "https://planet.example/a": PLAIN,
        "https://planet.example/b": "Two ships waited.",
    }
    assert values(found.articles[0].given) == {"url": "https://planet.example/a"}
    assert (found.skips, found.stopped) == ([], None)


@pytest.mark.parametrize("said", ["charset=windows-1251", 'Charset="cp1251"'])
def test_the_http_header_names_the_characters_of_pages_and_of_text(said: str) -> None:
    story = "Паром отменён из-за шторма, пассажиры ждут объявления в порту. " * 5
    page = f'<meta charset="koi8-r"><h1>Шторм</h1><p>{story}</p>'.encode("cp1251")
    found = read(
        archive(
            ("response", "https://planet.example/a", f"200 text/html; {said}", page),
            (
                "response",
                "https://planet.example/b",
                f"200 text/plain; {said}",
                "шторм".encode("cp1251"),
            ),
        ),
        "x.warc",
    )
    assert found.texts["https://planet.example/a"].endswith(story.strip())
    assert found.texts["https://planet.example/b"] == "шторм"
    assert {article.encoding for article in found.articles} == {"cp1251"}


def test_a_page_is_an_article_with_what_it_says_of_itself() -> None:
    url = "https://planet.example/2023/10/26/ferry"
    found = read(archive(("response", url, "200 text/html; charset=utf-8", PAGE)), "x.warc.gz").only
    assert found.key == url
    assert found.text.startswith(f"{PAGE_TITLE}\n\n")
    assert values(found.given)["published"] == "2023-10-26"


def test_what_is_no_page_is_counted_and_what_was_not_fetched_is_passed_over() -> None:
    content = archive(
        ("metadata", "https://x.example/a", "200 text/html", b"about it"),
        ("response", "https://x.example/gone", "404 text/html", b"<p>Not found</p>"),
        ("response", "https://x.example/a.png", "200 image/png", b"\x89PNG"),
        ("conversion", "https://x.example/empty", "200 text/plain", b" \n"),
        ("conversion", "https://x.example/long", "200 text/plain", b"a" * 5_000),
        *WET[:1],
    )
    found = read(content, "x.warc.gz", max_bytes=4_000)
    assert list(found.texts) == ["https://planet.example/a"]
    assert found.reasons == {
        "https://x.example/a.png": "format not supported",
        "https://x.example/empty": "no text in it",
        "https://x.example/long": "larger than the limit",
    }


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.warc", b"", "empty file"),
        ("x.warc", b"no archive\r\n\r\n", "damaged file"),
        ("x.warc.gz", b"\x1f\x8b\x08no archive", "damaged file"),
        ("x.warc", b"WARC/1.0\r\nContent-Length: many\r\n\r\n", "no text in it"),
        ("x.warc.gz", gzip.compress(archive(*WET, packed=False)), "damaged file"),
    ],
)
def test_what_is_no_web_archive_says_so(name: str, content: bytes, reason: str) -> None:
    assert read(content, name).why[0] == reason


def test_an_archive_that_is_cut_off_keeps_its_pages_and_is_told() -> None:
    for packed, name in ((True, "x.warc.gz"), (False, "x.warc")):
        found = read(archive(*WET, packed=packed)[:-14], name)
        assert found.texts["https://planet.example/a"] == PLAIN
        assert found.why[0] == "damaged file"


def test_any_damage_is_articles_or_a_skip_and_never_a_crash(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for packed, name in ((True, "x.warc.gz"), (False, "x.warc")):
        good = archive(*WET, packed=packed)
        for _ in range(100):
            content = bytearray(good)
            for _ in range(chance.randrange(1, 6)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            assert len(read(bytes(content), name).articles) <= 2
    capsys.readouterr()  # warcio itself remarks on some
