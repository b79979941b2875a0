"""Rows of a catalog mean what they were made from, and a damaged one is noticed."""

import pytest

from indexer.catalog.rows import (
    days_of,
    metadata_json,
    metadata_of,
    name_key,
    passage_of,
    regions_of,
    rows_of,
)
from indexer.documents import NO_METADATA, Finding, Metadata
from tests.support.builders import entry

ARTICLE = entry("a.txt", "One. Two.\n\nThree.", source="The Post", published="2023", title="One")


@pytest.mark.parametrize(
    ("published", "days"),
    [
        ("2023-10-26T20:42", ("2023-10-26", "2023-10-26")),
        ("2023-10-26", ("2023-10-26", "2023-10-26")),
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023-12", ("2023-12-01", "2023-12-31")),
        ("2023", ("2023-01-01", "2023-12-31")),
        (None, (None, None)),
    ],
)
def test_a_partial_date_means_every_day_it_may_be(
    published: str | None, days: tuple[str | None, str | None]
) -> None:
    assert days_of(published) == days


def test_the_key_of_an_outlet_is_its_folded_words_between_spaces() -> None:
    assert name_key("The U.S.’s News-Post") == " the usa news post "


@pytest.mark.parametrize(
    "metadata",
    [
        NO_METADATA,
        Metadata(
            title=Finding("Fähre sinkt \ud83d", "first line", 0, 11, 0.75),
            authors=(Finding("Jane Doe", "byline"), Finding("Ann Poe", "byline", 20, 27)),
            language=Finding("de", "text", confidence=1.0),
        ),
    ],
)
def test_metadata_is_restored(metadata: Metadata) -> None:
    assert metadata_of(metadata_json(metadata)) == metadata


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"authors": [{}]}', '{"authors": [], "x": 1}'])
def test_damaged_metadata_is_noticed(stored: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        metadata_of(stored)


def test_regions_and_passages_are_restored() -> None:
    rows, document = rows_of(ARTICLE), ARTICLE.document
    assert regions_of(str(rows.columns[-1])) == ARTICLE.regions
    for passage, (start, end, kind, sentences) in zip(ARTICLE.passages, rows.passages, strict=True):
        text = document.text[start:end]
        shown = ("One", "The Post", "2023")
        row = ("", document.doc_id, start, end, kind, text, sentences.hex(), *shown)
        stored = passage_of(row)
        assert (stored.passage, stored.text) == (passage, text)
        assert (stored.title, stored.source, stored.published) == shown


@pytest.mark.parametrize(
    ("sentences", "text"), [("xy", "One."), ("00000000", "One."), ("", None), ("", b"One.")]
)
def test_a_damaged_passage_is_noticed(sentences: str, text: object) -> None:
    row = ("", "5c94e0bec44148f0", 0, 4, "body", text, sentences, None, None, None)
    with pytest.raises((ValueError, TypeError)):
        passage_of(row)
