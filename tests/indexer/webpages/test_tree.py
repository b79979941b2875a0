"""A page becomes a tree with the white space that a browser shows, or an error."""

import pytest

from indexer.errors import PageError
from indexer.webpages.tree import parse_page


def test_line_breaks_of_the_source_are_spaces_except_where_a_browser_keeps_them() -> None:
    page = parse_page(b"<p>One\r\n  two.<b>x</b>\nthree.</p><pre>a\nb</pre>\n<p>c</p>")
    text = page.root.text_content()
    assert text == "One two.x three.a\nb c"
    assert page.encoding == "utf-8"


def test_control_characters_are_spaces() -> None:
    root = parse_page(b"<html><p>One&#17;two<b>x</b>&#xFFFE;four</p></html>").root
    assert root.text_content() == "One twox four"


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n ", b"just words and no markup", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"],
    ids=["empty", "blank", "text", "picture"],
)
def test_bytes_without_markup_are_no_page(content: bytes) -> None:
    with pytest.raises(PageError, match=rf"^no web page: {len(content)} bytes without the markup"):
        parse_page(content)


def test_a_page_of_more_elements_than_a_page_has_is_refused() -> None:
    with pytest.raises(PageError, match=r"more than 60000 elements; expected one article"):
        parse_page(b"<html><body>" + b"<b>x</b>" * 70_000)
