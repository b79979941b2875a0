"""A text is kept code point for code point; what is no text is a counted skip."""

import codecs
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.corpus.scan import EMPTY, SkippedFileError
from indexer.loaders.decoding import BINARY, NO_WORDS, UNDECODABLE, check_text, decode
from indexer.loaders.formats.text import TextLoader
from indexer.loaders.protocol import LoadedArticle, Reading


def loaded(content: bytes) -> list[LoadedArticle]:
    """Read bytes as the build does: the loader, then the checks that every format shares."""
    articles = list(TextLoader().load(io.BytesIO(content), "a.txt", Reading()))
    for article in articles:
        check_text(article.text)
    return articles


_MARKED = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
# UTF-16 text that begins with a NUL looks like UTF-32; a NUL is binary in any case.
any_text = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=80)


@pytest.mark.parametrize("encoding", _MARKED)
@settings(deadline=None)
@given(text=any_text)
def test_marked_text_comes_back_code_point_for_code_point(encoding: str, text: str) -> None:
    assert decode(_MARKED[encoding] + text.encode(encoding)) == (text, encoding)


@settings(deadline=None)
@given(any_text.filter(lambda text: not text.startswith("\ufeff")))
def test_unmarked_utf8_comes_back_code_point_for_code_point(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


def test_line_ends_are_not_translated() -> None:
    assert decode(b"a\r\nb\rc\n")[0] == "a\r\nb\rc\n"


def test_only_the_first_mark_is_left_out() -> None:
    assert decode("\ufeff\ufeffa".encode())[0] == "\ufeffa"


def test_what_is_not_utf8_is_windows_1252() -> None:
    assert decode(b"\x93Caf\xe9\x94 \x96 5 \x80") == ("“Café” – 5 €", "windows-1252")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="cp1252"), min_size=1, max_size=60))
def test_windows_1252_that_is_not_utf8_comes_back(text: str) -> None:
    assert decode(f"é. {text}".encode("cp1252")) == (f"é. {text}", "windows-1252")


def test_bytes_of_no_encoding_are_named() -> None:
    with pytest.raises(SkippedFileError, match="byte 0x81 at 2 is not utf-8") as skip:
        decode(b"ab\x81")
    assert skip.value.reason == UNDECODABLE


@pytest.mark.parametrize(
    "content",
    [codecs.BOM_UTF8 + b"\xff", codecs.BOM_UTF16_LE + b"a", codecs.BOM_UTF32_BE + b"\xff" * 4],
)
def test_a_mark_is_believed_so_bytes_that_do_not_fit_it_are_not_guessed(content: bytes) -> None:
    with pytest.raises(SkippedFileError, match=UNDECODABLE):
        decode(content)


@pytest.mark.parametrize("content", [b"", b" \n\t ", codecs.BOM_UTF8, "\u00a0\u3000".encode()])
def test_a_file_without_visible_text_is_empty(content: bytes) -> None:
    with pytest.raises(SkippedFileError, match=EMPTY):
        loaded(content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"abc\0def", "a NUL at character 3"),
        (bytes(range(1, 9)) + b"text", "8 control characters"),
        ("unmarked".encode("utf-16-le"), "a NUL at character 1"),
    ],
)
def test_binary_content_is_skipped_and_what_was_found_is_said(content: bytes, found: str) -> None:
    with pytest.raises(SkippedFileError, match=found) as skip:
        loaded(content)
    assert skip.value.reason == BINARY


def test_a_stray_control_character_does_not_make_a_file_binary() -> None:
    text = "A form feed\x0c and one stray \x01 in a text" + " of many words" * 10
    (article,) = loaded(text.encode())
    assert article.text == text


def test_a_skip_shows_reason_and_detail_together() -> None:
    assert str(SkippedFileError("empty file")) == "empty file"
    assert str(SkippedFileError("binary content", "a NUL")) == "binary content (a NUL)"


def test_a_file_larger_than_an_article_is_not_read_to_its_end() -> None:
    stream = io.BytesIO(b"x" * 1000)
    with pytest.raises(SkippedFileError, match=r"larger than the limit .*the limit is 10 bytes"):
        list(TextLoader().load(stream, "a.txt", Reading(max_bytes=10)))
    assert stream.tell() == 11


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_either_an_article_or_a_skip(content: bytes) -> None:
    reason, text = "", ""
    try:
        (article,) = loaded(content)
        text = article.text
    except SkippedFileError as skip:
        reason = skip.reason
    assert reason in {EMPTY, BINARY, UNDECODABLE, NO_WORDS} or text.strip()
