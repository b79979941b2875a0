"""Word documents with every change accepted, and e-books of which each chapter is an article."""

import pytest

from indexer.loaders.limits import UnpackingLimits
from tests.support.document_files import FIRST, HEADLINE, SECOND, docx, epub, page, word, zipped
from tests.support.reading_helpers import read, values


def test_paragraphs_become_the_text_and_confirmed_properties_are_kept() -> None:
    body = word(HEADLINE) + word("By Ann Other") + "<w:p/>" + word(FIRST)
    said = f"<dc:title>{HEADLINE}</dc:title><dc:creator>Ann Other</dc:creator>"
    article = read(docx(body, f"{said}<dc:language>en-US</dc:language>"), "x.docx").only
    assert article.text == f"{HEADLINE}\n\nBy Ann Other\n\n{FIRST}"
    assert values(article.given) == {
        "title": HEADLINE,
        "authors": ["Ann Other"],
        "language": "en",
    }
    template = docx(body, "<dc:title>Template 7</dc:title><dc:creator>jdoe</dc:creator>")
    assert values(read(template, "x.docx", seekable=False).only.given) == {}


def test_inserted_text_is_read_and_deleted_or_moved_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>It sank</w:t></w:r><w:ins><w:r><w:t> on Monday</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> on Friday</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t> moved</w:t></w:r></w:moveFrom>"
        "<w:hyperlink><w:r><w:t>, he said.</w:t></w:r></w:hyperlink></w:p>"
    )
    assert read(docx(body), "x.docx").only.text == "It sank on Monday, he said."


def test_tables_breaks_and_boxes_are_read_once_in_order() -> None:
    box = (
        f"<w:p><w:r><w:t>Around</w:t><mc:AlternateContent><mc:Choice>{word('Boxed.')}</mc:Choice>"
        f"<mc:Fallback>{word('Boxed.')}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    cells = f"<w:tbl><w:tr><w:tc>{word('One')}</w:tc><w:tc>{word('Two')}</w:tc></w:tr></w:tbl>"
    lines = "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
    found = read(docx(box + cells + lines), "x.docx").only.text
    assert found == "Around\n\nBoxed.\n\nOne\n\nTwo\n\na\nb\tc"


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (b"", "damaged file", "File is not a zip file"),
        (b"no document", "damaged file", "File is not a zip file"),
        (zipped({"other.xml": "<a/>"}), "damaged file", "it has no word/document.xml"),
        (docx("<w:p>"), "damaged file", "word/document.xml: mismatched tag"),
        (docx("<w:p/>"), "no text in it", ""),
        (docx(word(FIRST))[:-40], "damaged file", ""),
    ],
)
def test_what_is_no_document_says_what_was_found(content: bytes, reason: str, detail: str) -> None:
    found = read(content, "x.docx")
    assert found.articles == []
    assert found.why[0] == reason
    assert detail in found.why[1]


STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
USUAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="{target}" Type="{kind}/officeDocument"/></Relationships>'
)


@pytest.mark.parametrize("name", ["x.docx", "x.docm", "X.DOTX", "x.dotm"])
@pytest.mark.parametrize("namespace", [USUAL, STRICT])
@pytest.mark.parametrize("part", ["word/document.xml", "word/document2.xml", "Text/main.xml"])
def test_flavours_of_word_are_read_alike(name: str, namespace: str, part: str) -> None:
    document = f'<w:document xmlns:w="{namespace}"><w:body>{word(FIRST)}</w:body></w:document>'
    for target, stored in ((part, part), (f"/{part}", part.replace("/", "\\"))):
        kind = "http://purl.oclc.org/ooxml/officeDocument/relationships"
        relations = RELATIONS.format(target=target, kind=kind)
        content = zipped({"_rels/.rels": relations, stored: document})
        assert read(content, name).only.text == FIRST


def test_a_main_part_that_is_named_but_missing_is_looked_for_where_it_usually_is() -> None:
    relations = RELATIONS.format(target="word/gone.xml", kind="x")
    document = f'<w:document xmlns:w="{USUAL}"><w:body>{word(FIRST)}</w:body></w:document>'
    content = zipped({"_rels/.rels": relations, "word/document.xml": document})
    assert read(content, "x.docx").only.text == FIRST


def test_a_document_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>'
    found = read(zipped({"word/document.xml": bomb}), "x.docx")
    assert found.why == (
        "damaged file",
        "word/document.xml declares entities, which no document needs",
    )


def test_a_document_that_unpacks_to_too_much_is_refused() -> None:
    limits = UnpackingLimits(ratio=10, ratio_from=5_000)
    found = read(docx(word("a" * 50_000)), "x.docx", limits=limits)
    assert found.why[0] == "unpacks to more than the limit"
    assert read(docx(word("a " * 50_000)), "x.docx", max_bytes=9_000).why[0] == (
        "larger than the limit"
    )


def test_a_deeply_nested_document_is_no_crash() -> None:
    body = "<w:sdt>" * 20_000 + word(SECOND) + "</w:sdt>" * 20_000
    assert read(docx(body), "x.docx").only.text == SECOND


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


CHAPTERS = {
    "one.xhtml": page(HEADLINE, f'{FIRST} <a href="two.xhtml">Read on</a> <a href="#a">1</a>'),
    "two.xhtml": page("Second", SECOND),
}
LINKS = f'<p><a href="one.xhtml">{HEADLINE}</a> 3</p><p><a href="two.xhtml#b">Second</a> 5</p>'


@pytest.mark.parametrize(
    "contents",
    [
        f"<html><body><h1>Inhalt</h1>{LINKS}</body></html>",
        f"<html><body><ol>{LINKS}<li><a href='#top'>Top</a></ol></body></html>",
    ],
)
def test_a_contents_page_is_no_article(contents: str) -> None:
    found = read(epub({"contents.xhtml": contents, **CHAPTERS}), "x.epub")
    assert list(found.texts) == ["OPS/one.xhtml", "OPS/two.xhtml"]


def test_parts_that_the_guide_says_are_no_chapters_are_left_out() -> None:
    guide = '<reference type="{}" title="x" href="front.xhtml#a"/>'
    front = page("The Daily Planet", "All rights reserved by the publisher of this book.")
    for kind, chapters in (("copyright-page", 2), ("toc", 2), ("text", 3)):
        book = epub({"front.xhtml": front, **CHAPTERS}, guide.format(kind))
        assert len(read(book, "x.epub").articles) == chapters


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
    assert list(found.reasons.values()) == ["damaged file", "damaged file"]
