"""A citation cannot exist unless its quote is in the article, at its place."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.documents import Document, Finding, Metadata, SourceFile, Span
from indexer.errors import CitationError
from retrieval.answering.citations import cite

TEXT = "😀 The U.S. asked Iran to wait.\r\nIran refused."
DOCUMENT = Document(
    "d" * 16,
    "news/a.txt",
    SourceFile("news/a.txt", 50, 1, "f" * 64),
    "utf-8",
    TEXT,
    Metadata(
        title=Finding("Head", "first line"), source=None, published=Finding("2023-10", "date line")
    ),
)
QUOTE = Span(2, 30)
HIGHLIGHT = Span(17, 21)


def spans(start: int, end: int) -> st.SearchStrategy[Span]:
    ends = st.lists(st.integers(start, end), min_size=2, max_size=2, unique=True)
    return ends.map(lambda pair: Span(min(pair), max(pair)))


def test_a_citation_names_the_place_and_the_file() -> None:
    citation = cite(DOCUMENT, QUOTE, HIGHLIGHT, "changed")
    assert citation.quote == "The U.S. asked Iran to wait."
    assert TEXT[citation.start : citation.end] == citation.quote
    assert citation.highlight == "Iran"
    assert (citation.doc_id, citation.path, citation.sha256, citation.encoding) == (
        "d" * 16,
        "news/a.txt",
        "f" * 64,
        "utf-8",
    )
    assert (citation.title, citation.source, citation.published) == ("Head", None, "2023-10")
    assert citation.source_state == "changed"


def test_a_citation_does_not_hold_the_whole_text() -> None:
    citation = cite(DOCUMENT, QUOTE, HIGHLIGHT, "same")
    assert "refused" not in repr(citation)
    with pytest.raises(FrozenInstanceError, match="start"):
        citation.start = 0  # type: ignore[misc] # what is tested


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("Iran to", "Iraq to"),
        TEXT.replace("😀", "😀😀"),
        TEXT.upper(),
    ],
)
def test_a_quote_that_is_not_at_its_place_is_refused(changed: str) -> None:
    citation = cite(DOCUMENT, QUOTE, HIGHLIGHT, "same")
    with pytest.raises(CitationError, match=r"does not match the article: found .* expected 'The"):
        replace(citation, document_text=changed)


@pytest.mark.parametrize(("start", "end"), [(32, 400), (400, 500)])
def test_a_quote_that_runs_out_of_the_article_is_refused(start: int, end: int) -> None:
    with pytest.raises(CitationError, match=rf"{start}-{end} of .* outside .* \(45 characters\)"):
        cite(DOCUMENT, Span(start, end), Span(start, start + 1), "same")


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (-3, -1)])
def test_an_empty_or_negative_place_is_refused_even_where_the_slice_fits(
    start: int, end: int
) -> None:
    citation = cite(DOCUMENT, QUOTE, HIGHLIGHT, "same")
    with pytest.raises(CitationError, match="lies outside the article"):
        replace(citation, quote=TEXT[start:end], start=start, end=end, document_text=TEXT)


@pytest.mark.parametrize("highlight", [Span(1, 5), Span(25, 31), Span(33, 37)])
def test_a_highlight_outside_the_quote_is_refused(highlight: Span) -> None:
    with pytest.raises(CitationError, match=r"news/a\.txt lies outside its quote 2-30"):
        cite(DOCUMENT, QUOTE, highlight, "same")


def test_the_highlight_may_be_the_whole_quote() -> None:
    assert cite(DOCUMENT, QUOTE, QUOTE, "same").highlight == QUOTE.slice(TEXT)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=50), st.data())
def test_every_citation_that_exists_is_found_at_its_place(text: str, data: st.DataObject) -> None:
    document = replace(DOCUMENT, text=text)
    quote = data.draw(spans(0, 60))
    highlight = data.draw(spans(quote.start, quote.end))
    if quote.end <= len(text):
        citation = cite(document, quote, highlight, "same")
        assert text[citation.start : citation.end] == citation.quote
        assert text[citation.highlight_start : citation.highlight_end] == citation.highlight
    else:
        with pytest.raises(CitationError, match="lies outside the article"):
            cite(document, quote, highlight, "same")


def test_a_quote_that_was_read_otherwise_than_the_article_has_it_is_refused() -> None:
    read = QUOTE.slice(TEXT).swapcase()
    with pytest.raises(CitationError, match="does not match the article"):
        cite(DOCUMENT, QUOTE, HIGHLIGHT, "same", read=read)
