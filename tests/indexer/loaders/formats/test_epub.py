"""Each chapter of an e-book is an article; what is damaged is counted or told."""

import pytest

from tests.support.document_files import FIRST, HEADLINE, SECOND, epub, page, zipped
from tests.support.reading_helpers import read, values

METADATA = (
    "<dc:title>The Daily Planet, week 43</dc:title><dc:publisher>The Daily Planet</dc:publisher>"
    "<dc:creator>Ann Other</dc:creator><dc:date>2023-10-26</dc:date><dc:language>en</dc:language>"
)


def test_each_chapter_is_an_article_with_its_heading_and_what_the_book_says() -> None:
    nav = '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    content = epub(
        {
            "text/one.xhtml": page(HEADLINE, FIRST),
            "text/two%20b.xhtml": page("Second", SECOND),
            "cover.xhtml": "<html><body><img src='cover.jpg'/></body></html>",
        },
        METADATA,
        nav,
    )
    found = read(content, "x.epub", seekable=False)
    assert found.texts == {
        "OPS/text/one.xhtml": f"{HEADLINE}\n\n{FIRST}",
        "OPS/text/two b.xhtml": f"Second\n\n{SECOND}",
    }
    assert (found.skips, found.stopped) == ([], None)
    assert values(found.articles[0].given) == {
        "title": HEADLINE,
        "source": "The Daily Planet",
        "authors": ["Ann Other"],
        "published": "2023-10-26",
        "language": "en",
    }


def test_entities_of_html_and_other_encodings_are_read() -> None:
    chapter = "<?xml version='1.0'?><html><body><p>Caf&eacute;&nbsp;au lait.</p></body></html>"
    assert read(epub({"a.xhtml": chapter}), "x.epub").only.text == "Café\xa0au lait."
    wide = epub({"a.xhtml": chapter.encode("utf-16")})
    assert read(wide, "x.epub").only.encoding == "utf-16-le"


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (b"no book", "damaged file", "File is not a zip file"),
        (zipped({"a.txt": "x"}), "damaged file", "it has no META-INF/container.xml"),
        (zipped({"META-INF/container.xml": "<a/>"}), "damaged file", "it has no "),
        (epub({}), "no text in it", "no chapter has any"),
        (epub({"a.xhtml": "<p> </p>"}), "no text in it", "no chapter has any"),
        (epub({"a.xhtml": page("T", FIRST)})[:-30], "damaged file", "File is not a zip file"),
    ],
)
def test_what_is_no_book_says_what_was_found(content: bytes, reason: str, detail: str) -> None:
    found = read(content, "x.epub")
    assert found.articles == []
    assert found.why[0] == reason
    assert detail in found.why[1]


def test_chapters_that_lead_out_or_are_no_page_are_counted_and_the_others_read() -> None:
    content = epub(
        {"../../etc/passwd": "x", "locked.xhtml": b"\x8f\x12" * 40, "b.xhtml": page("T", FIRST)}
    )
    found = read(content, "x.epub")
    assert found.texts == {"OPS/b.xhtml": f"T\n\n{FIRST}"}
    assert list(found.reasons.values()) == ["damaged file", "undecodable bytes"]
