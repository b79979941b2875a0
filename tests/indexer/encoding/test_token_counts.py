"""Tokens are counted word by word where that is the same as counting the text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from indexer.encoding.encoder import tokenizer_file
from indexer.encoding.token_counts import token_counter
from indexer.errors import EncoderError

PIECES = ["U.S.", "don't", "Mid-East", "1,234.5", "“quoted”", "—", "…", "café", "中文", "[SEP]"]
PIECES += ["unhappiness", "\x01", "a\x02b", "\u200b", "\xa0", "\n\t", " ", "x" * 120, "{}|~^_`\\"]

count = token_counter(tokenizer_file())
tokenizer = Tokenizer.from_file(str(tokenizer_file()))
tokenizer.no_truncation()
tokenizer.no_padding()


def counted_whole(text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False))


@given(st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=9)).map("".join)))
@settings(max_examples=200, deadline=None)
def test_every_text_has_the_count_that_the_tokenizer_gives_it_as_a_whole(texts: list[str]) -> None:
    assert count(texts) == [counted_whole(text) for text in texts]


def test_a_sentence_counts_its_pieces_and_its_punctuation() -> None:
    assert count(["Unpaid talks, he said.", "", "[SEP]"]) == [6, 0, 1]
    assert counted_whole("Unpaid talks, he said.") == 6


def test_words_known_from_before_and_long_ones_count_the_same_again() -> None:
    texts = ["Unpaid talks.", "Unpaid " + "x" * 101, "naïve " + "é" * 50, "talks"]
    expected = [counted_whole(text) for text in texts]
    assert count(texts) == expected
    assert count(texts[::-1]) == expected[::-1]


def test_a_file_that_is_no_tokenizer_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"Cannot read .*tokenizer\.json: .* Save the model"):
        token_counter(tmp_path / "tokenizer.json")
