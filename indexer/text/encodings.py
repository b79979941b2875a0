"""Decoder of the bytes of every format.

The encoding is that of a byte order mark, UTF-16 by its zeros, UTF-8 if nearly all of it is valid,
the declared one, or the one that gives words (`legacy_encodings.py`).
"""

import codecs
import re
from collections import Counter

from indexer.text.legacy_encodings import WESTERN, detect, wide_east_asian

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION_REACH = 4096
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,400}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_UTF8_MAX_BYTES = 4
_WIDE_SAMPLE = 4096
_MIN_WIDE = 16
_WIDE_SHARE = 0.8
_EAST_ASIAN = re.compile("[\\s\x21-\x7e\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff01-\uff60]")

# Only character sets of the web, because Python's "encodings" include compression and escapes. What
# a page calls ASCII or Latin-1 is Windows-1252 (WHATWG Encoding Standard), and East Asian sets are
# read as their supersets.
_KNOWN = re.compile(
    r"(?:utf8|iso8859\d{1,2}|latin\d{1,2}|(?:windows|cp)125\d|windows874|cp874|tis620|koi8[rut]"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|euckr|ksc56011987|eucjp|shiftjis|sjis|iso2022jp"
    r"|macroman|macintosh|ibm866|cp866)"
)
_SUPERSETS = {
    **dict.fromkeys(("iso88591", "latin1"), WESTERN),
    **dict.fromkeys(("iso88599", "latin5"), "windows-1254"),
    **dict.fromkeys(("iso885911", "tis620", "windows874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euckr", "ksc56011987"), "cp949"),
    **dict.fromkeys(("shiftjis", "sjis"), "cp932"),
    **dict.fromkeys(("macintosh", "macroman"), "mac_roman"),
}


def decode_page(content: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of a page and the name of its encoding, as `decode_bytes` does.

    Args:
        content: the bytes of the page.
        declared: what its HTTP header names, which counts more than its markup.

    >>> decode_page('<meta charset="koi8-r"><p>\u0434\u0430'.encode("koi8-r"))[1]
    'koi8-r'
    """
    return decode_bytes(content, declared, _declared(content))


def decode_bytes(content: bytes, *declared: str | None) -> tuple[str, str]:
    """Return the text in bytes and the name of its encoding.

    Broken bytes become U+FFFD; a character that is cut off at the end is dropped.

    Args:
        content: the bytes.
        declared: names of its encoding by a header and the like; the first known one counts.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), encoding
    encoding = wide_encoding(content)
    if encoding:
        return content.decode(encoding, errors="replace"), encoding
    text = utf8_text(content)
    if text is not None:
        return text, "utf-8"
    named = (known_encoding(name) for name in declared if name)
    encoding = next(filter(None, named), "") or detect(content)
    return content.decode(encoding, errors="replace"), encoding


def utf8_text(content: bytes) -> str | None:
    """Return the text of UTF-8 with few broken bytes; None for other encodings."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        if cut and error.start > 0 and len(content) - error.start < _UTF8_MAX_BYTES:
            return content[: error.start].decode("utf-8")
    # In other encodings, hardly any letters follow each other as the bytes of UTF-8 do.
    text = content.decode("utf-8", errors="replace")
    return text if len(_NOT_ASCII.findall(text)) >= text.count("\ufffd") else None


def wide_encoding(content: bytes) -> str:
    """Return the encoding of UTF-16 without a mark, or ''.

    Its zeros are all in the upper bytes, which have one or two values, or it is East Asian, where
    spaces and so zeros may be missing.
    """
    sample = content[: min(_WIDE_SAMPLE, len(content)) // 2 * 2]
    zeros = sample.count(0)
    if len(sample) < _MIN_WIDE:
        return ""
    if not zeros:
        return "" if sample.isascii() else wide_east_asian(sample)
    for encoding, upper in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        usual = sum(number for _, number in Counter(upper).most_common(2))
        if not sample.isascii():
            usual = max(usual, len(_EAST_ASIAN.findall(sample.decode(encoding, "replace"))))
        if upper.count(0) > _WIDE_SHARE * zeros and usual >= _WIDE_SHARE * len(upper):
            return encoding
    return ""


def known_encoding(name: str) -> str | None:
    """Return Python's name of a declared encoding of the web, as its superset; None if unknown."""
    label = re.sub(r"[^a-z0-9]", "", name.casefold())
    if not _KNOWN.fullmatch(label):
        return None
    try:
        return codecs.lookup(_SUPERSETS.get(label, name)).name
    except LookupError:
        return None


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARATION_REACH])
    return match.group(1).decode("ascii", errors="replace") if match else None
