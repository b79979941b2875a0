"""The text of an article survives marking, and nothing of it becomes markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.page.marking import as_html, escape, segments
from indexer.documents import Region, Span

TEXT = "Head\nKept one. Kept two.\nMenu"
REGIONS = (Region(0, 24, kept=True), Region(25, 29, kept=False, reason="navigation"))

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "**bold**",
    "[x](javascript:alert(1))",
    "$\\LaTeX$",
    ":smile: :red[x]",
    "</mark></main><script>x</script>",
    "&lt;b&gt; &#60;",
    "' onclick='x' \" onclick=\"x",
]


class _Page(HTMLParser):
    """Reads HTML as a browser does: which elements, and which text in which of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.text = ""
        self.marked = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.elements.count("mark") > self.elements.count("/mark"):
            self.marked += data


def read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def ordered_span(length: int) -> st.SearchStrategy[Span]:
    return (
        st.tuples(st.integers(0, length), st.integers(0, length))
        .map(sorted)
        .filter(lambda pair: pair[0] < pair[1])
        .map(lambda pair: Span(*pair))
    )


@given(text=st.text(min_size=1), data=st.data())
def test_segments_joined_are_the_text_and_the_quoted_ones_are_the_quote(
    text: str, data: st.DataObject
) -> None:
    quote = data.draw(ordered_span(len(text)))
    highlight = data.draw(ordered_span(len(text)))
    removed = data.draw(ordered_span(len(text)))
    region = Region(removed.start, removed.end, kept=False, reason="footer")
    parts = segments(text, [region], quote=quote, highlight=highlight)
    assert "".join(part.text for part in parts) == text
    assert "".join(part.text for part in parts if part.quoted) == quote.slice(text)
    assert "".join(part.text for part in parts if part.highlighted) == highlight.slice(text)
    assert "".join(part.text for part in parts if part.removed) == removed.slice(text)


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\r\n\t")
    )
)
def test_a_browser_reads_back_the_escaped_text(text: str) -> None:
    assert read(escape(text)).text == text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_an_article_is_only_text(hostile: str) -> None:
    page = read(as_html(segments(hostile, quote=Span(0, len(hostile)))))
    assert page.elements == ["mark", "/mark"]
    assert page.marked == hostile


def test_the_quote_is_one_mark_with_the_answering_words_bold() -> None:
    html = as_html(segments(TEXT, quote=Span(5, 14), highlight=Span(5, 9)))
    assert '<mark id="quote"><b>Kept</b> one.</mark>' in html
    assert html.count("<mark") == 1


def test_a_quote_that_is_not_confirmed_is_marked_as_possible() -> None:
    parts = segments(TEXT, quote=Span(5, 14), highlight=Span(5, 9))
    html = as_html(parts, confirmed=False)
    assert '<mark id="quote" class="possible"><b>Kept</b> one.</mark>' in html
    assert '<mark class="possible">' in as_html(parts, name="", confirmed=False)


def test_the_headline_is_a_heading() -> None:
    html = as_html(segments(TEXT, title=Span(0, 4)))
    assert html.startswith('<span class="title" role="heading" aria-level="2">Head</span>')


def test_a_removed_region_is_greyed_out_when_it_is_shown() -> None:
    page = as_html(segments(TEXT, REGIONS))
    assert '<span class="removed" data-reason="Not searched: navigation">Menu</span>' in page
    assert read(page).text == TEXT


def test_a_removed_region_stands_as_one_line_when_it_is_hidden() -> None:
    page = as_html(segments(TEXT, REGIONS), show_removed=False)
    assert "Menu" not in page
    assert '<span class="gap" role="note">[navigation removed]</span>' in page


def test_a_quote_without_a_name_has_no_id() -> None:
    assert as_html(segments("word", quote=Span(0, 4)), name="") == "<mark>word</mark>"


def test_line_ends_are_kept_as_they_are() -> None:
    assert escape("a\r\n \nb") == "a&#13;&#10; &#10;b"


def test_an_override_is_isolated_and_labelled_and_still_there() -> None:
    assert escape("\u202ecba") == '<bdi class="control" data-code="U+202E">\u202e</bdi>cba'


def test_a_control_character_that_cannot_be_shown_is_replaced_by_its_label() -> None:
    assert escape("a\x00\x9b") == (
        'a<bdi class="control" data-code="U+0000"></bdi>'
        '<bdi class="control" data-code="U+009B"></bdi>'
    )


def test_the_marks_that_persian_and_emoji_are_written_with_are_left_alone() -> None:
    text = "می\u200cخواهم \u200f 👩\u200d💻"
    assert escape(text) == text
