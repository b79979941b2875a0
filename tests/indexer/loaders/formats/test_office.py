"""The paragraphs of a Word document as they read with every change accepted."""

import pytest

from indexer.loaders.limits import UnpackingLimits
from tests.support.document_files import FIRST, HEADLINE, SECOND, docx, word, zipped
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
