"""A text is kept code point for code point; what is no text is a counted skip."""

import codecs
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.corpus.scan import EMPTY, SkippedFileError
from indexer.loaders.decoding import BINARY, NO_WORDS, UNDECODABLE, check_text, decode, text_lines
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


def test_bytes_of_no_encoding_are_named() -> None:
    with pytest.raises(SkippedFileError, match="byte 0x81 at 2 is not windows-1252") as skip:
        decode(b"ab\x81")
    assert skip.value.reason == UNDECODABLE


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_broken_byte_is_replaced_and_every_accent_around_it_stays(mark: bytes) -> None:
    good = "Rémy traf Zoë in Gdańsk, “wie geplant”".encode()
    assert decode(mark + good + b" am Fre\xfdtag.") == (
        "Rémy traf Zoë in Gdańsk, “wie geplant” am Fre\ufffdtag.",
        "utf-8",
    )


def test_more_letters_of_one_byte_than_of_utf8_are_no_utf8() -> None:
    joined = "Zoë und ".encode() + "Müller, Jürgen, Bärbel".encode("cp1252")
    assert decode(joined)[0].endswith("und Müller, Jürgen, Bärbel")


def test_a_declared_encoding_counts_unless_the_text_is_utf8() -> None:
    assert decode("мост".encode("koi8-r"), "KOI8-R") == ("мост", "koi8-r")
    assert decode("мост".encode(), "KOI8-R") == ("мост", "utf-8")


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
        (bytes(range(9)) + b"text", "9 control characters"),
        (b"\x7fELF\0\0\0\0" + b"text" * 10, "5 control characters"),
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


def test_bullets_that_became_control_characters_do_not_make_a_file_binary() -> None:
    text = "Catch of the week\n" + "".join(f"\x10 {n} fish\r\n" for n in range(30))
    (article,) = loaded(text.encode())
    assert article.text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["Port shut\n", "Порт закрыт\n", "港口関閉。2024年\n", "Σήμερα 5 €"]
)
def test_utf16_without_a_mark_is_read(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding) * 3) == (text * 3, encoding)
    lines = list(text_lines(io.BytesIO(text.encode(encoding) * 3), 1000))
    assert "".join(line for line, _ in lines) == text * 3


def test_stray_zeros_do_not_make_utf16_of_a_text() -> None:
    text = "One word\0 and another\0 and one more\0 and so on."
    assert decode(text.encode()) == (text, "utf-8")


def test_lines_in_another_encoding_are_told_apart_by_all_that_follow() -> None:
    rows = ["τον", "Ο δήμαρχος είπε ότι κανείς δεν μπορεί", "Η προβλήτα έκλεισε"]
    lines = list(text_lines(io.BytesIO("\n".join(rows).encode("iso8859-7")), 1000))
    assert [line.strip() for line, _ in lines] == rows
    assert len({encoding for _, encoding in lines}) == 1


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
