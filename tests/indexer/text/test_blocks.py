"""What every rule asks of a block is what patterns over its text say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.blocks import TITLE_MAX_CHARS, Block, block_of

MARKUP = re.compile(r"^[\s#*_•·▪◦|>+-]+|[\s#*_|]+$")
SENTENCE_END = re.compile(r"[.!?。！？؟۔।॥။።…‥]\W{0,6}$")
TEASER_END = re.compile(r"(?:…|\.\.\.?|\[…\]|\[\.\.\.\])$")
PIECES = ["He left", ".", "..", "…", "[…]", "[...]", "”", ")", "?", "# ", "* ", "_", "|", "-", " "]


def block(text: str) -> Block:
    return block_of(text, 0, len(text) or 1)


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join))
def test_a_block_knows_its_end_and_its_marks(raw: str) -> None:
    text = " ".join(raw.split())
    assert block(text).bare == MARKUP.sub("", text)
    assert block(text).ends_sentence == bool(SENTENCE_END.search(text[-8:]))
    assert block(text).is_teaser == bool(TEASER_END.search(text[-5:]))


@pytest.mark.parametrize(("length", "bare"), [(TITLE_MAX_CHARS, "a"), (TITLE_MAX_CHARS + 1, "*")])
def test_marks_stay_where_the_text_is_no_title(length: int, bare: str) -> None:
    assert block("*" + "a" * (length - 1)).bare[0] == bare
