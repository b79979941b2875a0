"""Each page of a web archive is an article; what is no page is counted or passed over."""

import gzip
import io
import random
from collections.abc import Sequence

import pyarrow as pa
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.support.page_material import PAGE, PAGE_TITLE
from tests.support.reading_helpers import read, values

PLAIN = "The ferry sank on Monday. Nobody was hurt."


def archive(
    *records: tuple[str, str, str, bytes],
    packed: bool = True,
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return a WARC of records: type, address, status and content type (`200 text/html`), bytes.

    `headers` are more HTTP headers of every response.
    """
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    for kind, url, said, content in records:
        status, _, content_type = said.partition(" ")
        http = None
        if kind == "response":
            lines = [("Content-Type", content_type)] if content_type else []
            lines += headers
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


def test_an_archive_that_is_gzipped_as_a_whole_is_read_as_any_other() -> None:
    content = gzip.compress(archive(*WET, packed=False))
    assert list(read(content, "x.warc.gz").texts.values()) == [PLAIN, "Two ships waited."]


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("br", pa.compress(PAGE, codec="brotli", asbytes=True)),
        ("zstd", pa.compress(PAGE, codec="zstd", asbytes=True)),
        ("gzip", gzip.compress(PAGE)),
        ("X-GZIP", gzip.compress(PAGE)),
        ("identity", PAGE),
        ("br", PAGE),
        ("gzip", PAGE),
    ],
)
def test_bodies_are_unpacked_unless_the_crawler_has_done_so(coding: str, packed: bytes) -> None:
    said = "200 text/html; charset=utf-8"
    record = ("response", "https://planet.example/a", said, packed)
    plain = read(archive((*record[:3], PAGE)), "x.warc").only.text
    for headers, body in (
        ([], packed),
        ([("Transfer-Encoding", "Chunked")], b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)),
    ):
        headers = [("Content-Encoding", coding), *headers]
        found = read(archive((*record[:3], body), headers=headers), "x.warc")
        assert found.only.text == plain


def test_a_packed_body_that_is_cut_off_or_a_bomb_costs_no_other_record() -> None:
    cut = pa.compress(PAGE, codec="brotli", asbytes=True)[:-20]
    bomb = pa.compress(b" " * 3_000_000, codec="brotli", asbytes=True)
    url, said = "https://planet.example/", "200 text/html"
    content = archive(
        ("response", f"{url}cut", said, cut),
        ("response", f"{url}bomb", said, bomb),
        headers=[("Content-Encoding", "br")],
    )
    found = read(content + archive(*WET), "x.warc.gz", max_bytes=1_000_000)
    assert list(found.texts.values()) == [PLAIN, "Two ships waited."]
    assert found.reasons == {
        f"{url}cut": "no text in it",
        f"{url}bomb": "larger than the limit",
    }


def test_a_page_is_known_without_a_type_and_from_a_proxy() -> None:
    url = "https://planet.example/a"
    with_type = read(archive(("response", url, "203 text/html", PAGE)), "x.warc").only
    for said in ("200 ", "203 application/octet-stream", "200 text/plain"):
        found = read(archive(("response", url, said, PAGE)), "x.warc").only
        assert found.text == with_type.text
    other = read(archive(("response", url, "200 ", b"\x89PNG <html>")), "x.warc")
    assert list(other.reasons.values()) == ["format not supported"]


@pytest.mark.parametrize(
    "url",
    [
        "metadata://gnu.org/software/wget/warc/wget.log",
        "urn:text:https://planet.example/a",
        "urn:X-wpull:log",
        "screenshot:https://planet.example/a",
        "https://planet.example/robots.txt",
        "https://planet.example/ads.txt?x=1",
        "file:///var/log/crawl.log",
        "https://planet.example/site.css",
    ],
)
def test_what_a_crawler_or_a_program_reads_is_no_article(url: str) -> None:
    record = ("resource", url, "200 text/plain", b"Resolving planet.example. Saved.")
    assert read(archive(record), "x.warc").why == ("no text in it", "")
    kind = ("response", url, "200 text/plain", b"User-agent: all. Disallow: no.")
    assert list(read(archive(kind, *WET[:1]), "x.warc").texts.values()) == [PLAIN]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.warc", b"", "empty file"),
        ("x.warc", b"no archive\r\n\r\n", "damaged file"),
        ("x.warc.gz", b"\x1f\x8b\x08no archive", "damaged file"),
        ("x.warc", b"WARC/1.0\r\nContent-Length: many\r\n\r\n", "no text in it"),
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
