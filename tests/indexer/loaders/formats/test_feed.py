"""Each entry of a saved feed is an article; nothing that a feed names is opened or fetched."""

import random
from pathlib import Path

import pytest

from tests.support.reading_helpers import read, values

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Daily Planet</title><language>en-gb</language>
<item><title>Ferry &amp;amp; bridge</title><link>https://planet.example/ferry</link>
<guid>planet-7</guid><dc:creator>Ann Other</dc:creator>
<pubDate>Thu, 26 Oct 2023 20:42:00 +0200</pubDate>
<description>Short.</description>
<content:encoded><![CDATA[<p>The ferry sank.</p><script>x()</script><p>Nobody was hurt.</p>]]>
</content:encoded></item>
<item><title>Summary only</title><link>https://planet.example/two</link>
<description>Two ships &lt;b&gt;waited&lt;/b&gt;.</description></item>
<item><title>Nothing</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title>
<entry><id>tag:1</id><title type="text">A &lt; B</title><author><name>Ann</name></author>
<published>2023-10-26T20:42:00Z</published><updated>2023-10-27T08:00:00Z</updated>
<link href="https://planet.example/a"/>
<content type="html">&lt;p&gt;It sank.&lt;/p&gt;</content><summary>It.</summary></entry></feed>"""


def test_entries_of_rss_are_articles_with_what_feed_and_entry_say() -> None:
    found = read(RSS.encode(), "x.rss")
    assert found.texts == {
        "planet-7": "Ferry & bridge\n\nThe ferry sank.\n\nNobody was hurt.",
        "https://planet.example/two": "Summary only\n\nTwo ships waited.",
    }
    assert found.reasons == {"3": "no text in it"}
    assert values(found.articles[0].given) == {
        "title": "Ferry & bridge",
        "source": "The Daily Planet",
        "authors": ["Ann Other"],
        "published": "2023-10-26T20:42:00+02:00",
        "url": "https://planet.example/ferry",
        "language": "en",
    }


def test_entries_of_atom_are_articles_and_both_their_dates_are_kept() -> None:
    found = read(ATOM.encode(), "x.xml").only
    assert (found.key, found.text) == ("tag:1", "A < B\n\nIt sank.")
    assert values(found.given) == {
        "title": "A < B",
        "source": "Planet",
        "authors": ["Ann"],
        "published": "2023-10-26T20:42:00+00:00",
        "modified": "2023-10-27T08:00:00+00:00",
        "url": "https://planet.example/a",
    }


def test_a_feed_in_another_encoding_is_read_as_it_declares() -> None:
    content = RSS.replace("utf-8", "iso-8859-1").replace("sank", "sänk").encode("latin-1")
    assert "The ferry sänk." in read(content, "x.rss").texts["planet-7"]


def test_a_feed_that_is_cut_off_keeps_its_entries_and_is_told() -> None:
    found = read(RSS[: RSS.index("<title>Nothing")].encode(), "x.rss")
    assert list(found.texts)[:2] == ["planet-7", "https://planet.example/two"]
    assert found.why[0] == "damaged file"


def rss(items: str, channel: str = "<link>https://planet.example/</link>") -> bytes:
    spaces = "".join(
        f' xmlns:{prefix}="{space}"'
        for prefix, space in (
            ("dc", "http://purl.org/dc/elements/1.1/"),
            ("atom", "http://www.w3.org/2005/Atom"),
            ("prism", "http://prismstandard.org/namespaces/basic/2.0/"),
        )
    )
    head = f'<?xml version="1.0"?><rss version="2.0"{spaces}><channel><title>Planet</title>'
    return f"{head}{channel}{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("element", "published", "modified"),
    [
        ("<dc:date>2023-10-26T20:42:00Z</dc:date>", "2023-10-26T20:42:00+00:00", None),
        ("<prism:publicationDate>2023-10-26</prism:publicationDate>", "2023-10-26", None),
        ("<pubDate>Thu, 26 Oct 2023 20:42:00 PST</pubDate>", "2023-10-26T20:42:00-08:00", None),
        ("<atom:updated>2023-10-27</atom:updated>", None, "2023-10-27"),
    ],
)
def test_dates_under_other_names_are_of_publication_and_changes_are_not(
    element: str, published: str | None, modified: str | None
) -> None:
    item = f"<item><title>T</title><description>It sank.</description>{element}</item>"
    given = values(read(rss(item), "x.rss").only.given)
    assert (given.get("published"), given.get("modified")) == (published, modified)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a.html", "https://planet.example/a.html"),
        ("a.html?x=1&amp;y=2", "https://planet.example/news/a.html?x=1&y=2"),
        ("//other.example/a", "https://other.example/a"),
        ("https://other.example/a", "https://other.example/a"),
        ("http://[", None),
    ],
)
def test_a_relative_link_is_one_of_the_feed(link: str, url: str | None) -> None:
    item = f"<item><title>T</title><link>{link}</link><description>It sank.</description></item>"
    found = read(rss(item, "<link>https://planet.example/news/</link>"), "x.rss").only
    assert values(found.given).get("url") == url


def test_a_feed_with_bare_ampersands_and_entities_of_html_is_whole() -> None:
    content = rss(
        "<item><title>Fish &amp; R&D</title><guid>1</guid>"
        "<description>&ldquo;It sank,&rdquo;&nbsp;she\x0b said at A & B.</description></item>"
        "<item><title>T</title><guid>2</guid>"
        "<description><![CDATA[Law & order &hellip; <b>here</b>.]]></description></item>"
    )
    found = read(b"\n " + content, "x.xml")
    assert found.stopped is None
    assert found.texts == {
        "1": "Fish & R&D\n\n“It sank,”\xa0she said at A & B.",
        "2": "T\n\nLaw & order … here.",
    }


@pytest.mark.parametrize(
    "tail",
    [
        "<p>The post <a>Ferry sinks</a> appeared first on <a>Planet</a>.</p>",
        "<p>L’article Ferry sinks est apparu en premier sur Planet.</p>",
        "<p><a>Continue reading <span>“Ferry sinks”</span> →</a></p>",
        "<p>[&#8230;]</p><p>Comments</p>",
    ],
)
def test_what_a_publishing_system_adds_below_an_entry_is_left_out(tail: str) -> None:
    body = f"<p>It sank.</p><p>Ferry sinks often, Planet says.</p>{tail}"
    item = f"<item><title>Ferry sinks</title><description><![CDATA[{body}]]></description></item>"
    found = read(rss(item), "x.rss").only
    assert found.text == "Ferry sinks\n\nIt sank.\n\nFerry sinks often, Planet says."


def test_an_entry_that_was_escaped_twice_is_read_as_it_was_written() -> None:
    body = (
        "&amp;lt;p&amp;gt;A &amp;amp;amp; B.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;C.&amp;lt;/p&amp;gt;"
    )
    item = f"<item><title>T</title><description>{body}</description></item>"
    assert read(rss(item), "x.rss").only.text == "T\n\nA & B.\n\nC."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        ("just words", "no RSS or Atom feed"),
        ("<urlset><url><loc>https://x.example</loc></url></urlset>", "no RSS or Atom feed"),
        ('<rss version="2.0"><channel><title>T</title></channel></rss>', "no text in it"),
    ],
)
def test_what_is_no_feed_with_entries_says_so(content: str, reason: str) -> None:
    assert read(content.encode(), "x.xml").why[0] == reason


def test_a_file_that_is_a_path_or_an_address_opens_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.rss"
    secret.write_text(RSS, encoding="utf-8")
    for content in (str(secret), secret.as_uri(), "http://127.0.0.1:9/feed"):
        assert read(content.encode(), "x.rss").why[0] == "no RSS or Atom feed"


def test_entities_that_name_files_or_multiply_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    declared = f'<!DOCTYPE rss [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY l0 "ha">{lines}]>'
    for entity in ("&f;", "&l11;"):
        hostile = RSS.replace("<rss", f"{declared}<rss").replace("Short.", entity)
        found = read(hostile.encode(), "x.rss")
        assert not any("SECRET" in text or "haha" in text for text in found.texts.values())


def test_any_damage_is_articles_or_a_skip_and_never_a_crash() -> None:
    chance = random.Random(4)  # noqa: S311 - not for secrets
    pieces = (b"&#x110000;", b"<![", b"<!DOCTYPE", b"]]>", b"http://[", b"\0", b"</item>")
    for _ in range(100):
        content = bytearray(RSS.encode())
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(len(content))
            content[place : place + chance.randrange(3)] = chance.choice(pieces)
        assert len(read(bytes(content), "x.rss").articles) <= 3
