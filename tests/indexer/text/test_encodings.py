"""The characters of a page, by its mark, UTF-8, its declaration or its words."""

import pytest

from indexer.text.encodings import Undeclared, decode_bytes, decode_page, told_encoding


def test_a_wrong_declaration_does_not_spoil_a_page_in_utf_8() -> None:
    content = '<meta charset="iso-8859-1"><p>Müller sagte „nein“.'.encode()
    assert decode_page(content) == (content.decode(), "utf-8")


@pytest.mark.parametrize(
    ("declared", "written", "used", "text"),
    [
        ("koi8-r", "koi8-r", "koi8-r", "мост"),
        ("Windows-1251", "windows-1251", "cp1251", "мост"),
        ("iso-8859-1", "windows-1252", "cp1252", "“Brücke”"),
        ("gb2312", "gb18030", "gb18030", "桥梁关闭"),
        ("euc-kr", "cp949", "cp949", "다리"),
        ("zlib", "windows-1252", "windows-1252", "Brücke"),
        ("unicode_escape", "windows-1252", "windows-1252", r"Brücke \x41"),
        ("utf-8", "windows-1252", "utf-8", "Br\ufffdcke"),
    ],
)
def test_the_declared_characters_are_read_when_they_are_of_the_web(
    declared: str, written: str, used: str, text: str
) -> None:
    raw = text.replace("\ufffd", "ü").encode(written)
    content = b'<meta http-equiv="Content-Type" content="text/html; charset='
    content += declared.encode() + b'"><p>' + raw
    decoded, encoding = decode_page(content)
    assert encoding == used
    assert decoded.endswith(f"<p>{text}")


def test_a_byte_order_mark_decides_and_is_not_text() -> None:
    assert decode_page(b"\xff\xfe<\0p\0>\0") == ("<p>", "utf-16-le")
    assert decode_page(b"\xef\xbb\xbf<p>") == ("<p>", "utf-8")


def test_a_page_that_declares_nothing_is_read_by_its_words() -> None:
    page = "<p>Паром отменён из-за шторма.</p>"
    assert decode_page(page.encode("cp1251")) == (page, "cp1251")


def test_what_calls_itself_ascii_declares_nothing() -> None:
    page = '<meta charset="us-ascii"><p>Паром отменён из-за шторма.</p>'
    assert decode_page(page.encode("koi8-r")) == (page, "koi8-r")


def test_a_broken_byte_in_a_page_is_replaced_and_the_rest_stays() -> None:
    page = "<p>Zoë und Jürgen</p>".encode() + b"<p>Fre\xfftag"
    assert decode_page(page) == ("<p>Zoë und Jürgen</p><p>Fre\ufffdtag", "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "市議会は予算案の採決を木曜日まで延期した。",
        "市议会将预算表决推迟到星期四,报告尚未完成。",
        "시의회는예산안표결을목요일로연기했다.",
        "สภาเมืองเลื่อนการลงคะแนน งบประมาณ",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_even_without_spaces(text: str, encoding: str) -> None:
    assert decode_bytes(text.encode(encoding)) == (text, encoding)


def test_digits_in_shift_jis_do_not_make_it_utf_16() -> None:
    text = "2030年の予算は500円で、市は2031年まで延期した。"
    assert decode_bytes(text.encode("cp932")) == (text, "cp932")
    assert decode_bytes(b" " + text.encode("cp932")) == (" " + text, "cp932")


def test_what_is_told_counts_for_bytes_that_declare_nothing_and_only_for_them() -> None:
    text = "Паром отменён из-за шторма."
    legacy = text.encode("koi8-r")
    assert decode_bytes(legacy, told="cp1251")[0] == legacy.decode("cp1251")
    assert decode_bytes(legacy, "koi8-r", told="cp1251") == (text, "koi8-r")
    assert decode_bytes(text.encode(), told="cp1251") == (text, "utf-8")
    assert decode_bytes(text.encode("utf-16-le"), told="cp1251") == (text, "utf-16-le")
    page = f'<meta charset="koi8-r"><p>{text}'
    assert decode_page(page.encode("koi8-r"), told="cp1251") == (page, "koi8-r")


def test_only_an_encoding_that_nothing_declares_is_marked() -> None:
    legacy = "Паром отменён из-за шторма.".encode("koi8-r")
    assert isinstance(decode_bytes(legacy)[1], Undeclared)
    assert isinstance(decode_bytes(legacy, told="koi8-r")[1], Undeclared)
    assert not isinstance(decode_bytes(legacy, "koi8-r")[1], Undeclared)
    assert not isinstance(decode_bytes("Зoë".encode())[1], Undeclared)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("windows-1251", "cp1251"),
        ("CP1251", "cp1251"),
        ("Shift_JIS", "cp932"),
        ("ISO-8859-2", "iso8859-2"),
        ("cp437", "cp437"),
        ("mac cyrillic", "mac-cyrillic"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_an_encoding_may_be_told_by_any_of_its_names(name: str, found: str) -> None:
    assert told_encoding(name) == found


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("windws-1251", "windows-1251"), ("iso-8859-22", "iso8859-2"), ("koi8", "koi8-r")],
)
def test_an_unknown_encoding_is_answered_with_the_nearest_names(name: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"unknown encoding '{name}'; use .*{nearest}"):
        told_encoding(name)


@pytest.mark.parametrize("name", ["rot13", "zlib", "base64", "utf-7", "unicode_escape", ""])
def test_what_is_no_encoding_of_characters_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown encoding"):
        told_encoding(name)
