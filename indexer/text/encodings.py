"""Decoder of web pages, and the byte order marks of text files.

The encoding is that of a byte order mark, UTF-8 if valid, the declared one, or Windows-1252.
Detectors misread short pages.
"""

import codecs
import re

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FALLBACK = "windows-1252"
_DECLARATION_REACH = 4096
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,400}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
_UTF8_MAX_BYTES = 4

# Only character sets of the web, because Python's "encodings" include compression and escapes. What
# a page calls ASCII or Latin-1 is Windows-1252 (WHATWG Encoding Standard), and East Asian sets are
# read as their supersets.
_KNOWN = re.compile(
    r"(?:utf8|iso8859\d{1,2}|latin\d{1,2}|(?:windows|cp)125\d|windows874|cp874|tis620|koi8[rut]"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|euckr|ksc56011987|eucjp|shiftjis|sjis|iso2022jp"
    r"|macroman|macintosh|ibm866|cp866|usascii|ascii)"
)
_SUPERSETS = {
    **dict.fromkeys(("iso88591", "latin1", "usascii", "ascii"), _FALLBACK),
    **dict.fromkeys(("iso88599", "latin5"), "windows-1254"),
    **dict.fromkeys(("iso885911", "tis620", "windows874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euckr", "ksc56011987"), "cp949"),
    **dict.fromkeys(("shiftjis", "sjis"), "cp932"),
    **dict.fromkeys(("macintosh", "macroman"), "mac_roman"),
}


def decode_page(content: bytes) -> tuple[str, str]:
    """Return the text of a page and the name of its encoding.

    Invalid bytes become U+FFFD; a character that is cut off at the end of the file is dropped.

    >>> decode_page('<meta charset="koi8-r"><p>\u0434\u0430'.encode("koi8-r"))[1]
    'koi8-r'
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), encoding
    text = _strict_utf8(content)
    if text is not None:
        return text, "utf-8"
    encoding = _declared(content) or _FALLBACK
    return content.decode(encoding, errors="replace"), encoding


def _strict_utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        if cut and error.start > 0 and len(content) - error.start < _UTF8_MAX_BYTES:
            return content[: error.start].decode("utf-8")
        return None


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARATION_REACH])
    if not match:
        return None
    name = match.group(1).decode("ascii", errors="replace").casefold()
    label = re.sub(r"[^a-z0-9]", "", name)
    if not _KNOWN.fullmatch(label):
        return None
    try:
        return codecs.lookup(_SUPERSETS.get(label, name)).name
    except LookupError:
        return None
