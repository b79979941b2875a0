"""The values refuse what could not be cited."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.documents import (
    Document,
    Finding,
    Metadata,
    Passage,
    SourceFile,
    Span,
    doc_id_of,
)

FILE = SourceFile("a.txt", 4, 1, "0" * 64)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (4, 3), (-1, 2)])
def test_an_empty_or_negative_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"0 <= start < end, got \[{start}, {end}\)"):
        Span(start, end)


def test_a_span_counts_code_points() -> None:
    assert Span(2, 4).slice("👍🏽ab😀") == "ab"


def test_a_span_contains_itself_and_what_lies_inside_but_nothing_that_sticks_out() -> None:
    outer = Span(2, 6)
    assert outer.contains(outer)
    assert outer.contains(Span(3, 5))
    assert not outer.contains(Span(1, 3))
    assert not outer.contains(Span(5, 7))


def test_spans_sort_by_start_then_end() -> None:
    assert sorted([Span(2, 3), Span(0, 9), Span(0, 1)]) == [Span(0, 1), Span(0, 9), Span(2, 3)]


@pytest.mark.parametrize(
    "sentences",
    [
        (Span(9, 12),),  # before the passage
        (Span(18, 21),),  # runs out of it
        (Span(15, 18), Span(10, 14)),  # in the wrong order
        (Span(10, 15), Span(14, 18)),  # overlapping
    ],
)
def test_a_passage_refuses_sentences_out_of_order_or_outside(sentences: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match=r"outside passage \[10, 20\) of doc"):
        Passage("doc", 10, 20, "body", sentences)


def test_a_passage_refuses_an_empty_range() -> None:
    with pytest.raises(ValueError, match="start < end"):
        Passage("doc", 10, 10, "body", ())


def test_a_passage_is_named_by_its_document_and_start() -> None:
    passage = Passage("5c94e0bec44148f0", 120, 260, "body", (Span(120, 200), Span(201, 260)))
    assert passage.passage_id == "5c94e0bec44148f0:120"
    assert passage.span == Span(120, 260)


def test_the_id_of_a_document_is_the_start_of_the_hash_of_its_path() -> None:
    expected = sha256("news/Zürich.txt".encode()).hexdigest()[:16]
    assert doc_id_of("news/Zürich.txt") == expected


@settings(deadline=None)
@given(st.text(), st.text())
def test_different_paths_have_different_ids(one: str, other: str) -> None:
    assert (doc_id_of(one) == doc_id_of(other)) == (one == other)


def test_what_is_unknown_of_a_document_is_none() -> None:
    document = Document("d", "a.txt", FILE, "utf-8", "text")
    assert (document.title, document.source, document.published) == (None, None, None)
    assert document.authors == ()


def test_a_document_gives_the_values_of_its_findings() -> None:
    metadata = Metadata(
        title=Finding("Head", "first line", 0, 4),
        source=Finding("The Post", "credit line"),
        published=Finding("2023-10", "date line"),
        authors=(Finding("A. Smith", "byline"), Finding("B. Jones", "byline")),
    )
    document = Document("d", "a.txt", FILE, "utf-8", "Head", metadata)
    assert document.title == "Head"
    assert document.source == "The Post"
    assert document.published == "2023-10"
    assert document.authors == ("A. Smith", "B. Jones")


def test_the_text_of_a_document_is_not_in_its_representation() -> None:
    assert "secret" not in repr(Document("d", "a.txt", FILE, "utf-8", "secret words"))
