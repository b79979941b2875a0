"""No query of a collection restricts what may be found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import Restriction
from indexer.text.analyzer import words
from retrieval.evaluation.plain_query import as_plain_text
from retrieval.query.parse import parse

SYNTAX = st.sampled_from(
    ['"', "“", "„", "«", "-", "--", " ", "source:", "lang:", "before:", "2023", "de", "x", ":"]
)


@pytest.mark.parametrize(
    "text",
    [
        'the "safe" dose',
        "-5 degrees -x --y",
        "source:Reuters after:2023 before:2024",
        "-source:x source:source:x -before:2024",
        '"-a" a"-b" -"c d"',
        "source:”x” «after:2023»",
        "lang:de author:Doe",
    ],
)
def test_what_a_user_would_mean_as_a_limit_is_text(text: str) -> None:
    assert parse(text).restriction != Restriction() or text.startswith("-source"), "else no test"
    query = parse(as_plain_text(text))
    assert query.restriction == Restriction()
    assert query.warnings == ()


@given(st.lists(SYNTAX).map("".join) | st.text(max_size=60))
def test_every_text_restricts_nothing_and_keeps_its_words(text: str) -> None:
    query = parse(as_plain_text(text))
    assert query.restriction == Restriction()
    assert words(query.text) == words(text)


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "US-Iran talks: who said “no”?".replace("“", "").replace("”", "")
    assert as_plain_text(text) == text
