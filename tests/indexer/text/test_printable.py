"""Nothing of an article or a file name is obeyed by a terminal."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.printable import printable, printable_line

_BIDI = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("over\rwritten", r"over\rwritten"),
        ("Windows\r\nlines\r\r\n", "Windows\nlines\\r\n"),
        ("a\x08b\x7f", r"a\x08b\x7f"),
        ("\u202etxt.exe", r"\u202etxt.exe"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\ud800", r"\ud800"),
        ("plain – “text” 😀 中\n\tnew line", "plain – “text” 😀 中\n\tnew line"),
    ],
)
def test_control_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_line_stays_one_line() -> None:
    assert printable_line("two\nlines\tand a tab\r") == r"two\nlines\tand a tab\r"


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(codec=None)) | st.text(alphabet=[*map(chr, range(160)), *_BIDI])
)
def test_no_control_character_and_no_reordering_is_left(text: str) -> None:
    shown = printable(text)
    assert not set(_BIDI) & set(shown)
    kinds = {unicodedata.category(character) for character in shown if character not in "\n\t"}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert printable(shown) == shown
    assert not {"\n", "\t"} & set(printable_line(text))
    shown.encode()
